// Package hatch lets operators' commands reach the host that has a store's file open. A
// file belongs to one process; whoever wants something of what is in it meanwhile asks that
// host, through a socket beside the file that only the owner of the file can open. It is on
// no network. What commands mean is not known here. No API of the host is promised.
package hatch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// The bounds of a hatch.
const (
	// maxCommand is the most bytes of a command: a published version, as text in base 64.
	maxCommand = 48 << 20
	// MaxAnswer is the most bytes of an answer: an export of all that may wait for one person.
	MaxAnswer = 1 << 30
	// commandTime bounds a command.
	commandTime = 30 * time.Second
	// maxSocket is the longest path a socket can have on all systems, in bytes.
	maxSocket = 100
)

// ErrNobody is wrapped by the error of Knock when nobody listens.
var ErrNobody = errors.New("no host listens beside the file")

// Path is where the hatch of a store's file is.
func Path(file string) string { return file + ".sock" }

// A Desk does commands and answers with what becomes JSON; nil for nothing.
type Desk func(ctx context.Context, command json.RawMessage) (answer any, err error)

// outcome is what comes back through a hatch.
type outcome struct {
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// Open listens at a path. The caller must hold the lock of the file beside it: what
// a killed host has left there is removed.
func Open(path string) (net.Listener, error) {
	path, err := socketPath(path)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("hatch: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("hatch: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("hatch: %w", err), l.Close())
	}
	return l, nil
}

// socketPath is the shorter way to a path: the system bounds it.
func socketPath(path string) (string, error) {
	if len(path) <= maxSocket {
		return path, nil
	}
	if here, err := os.Getwd(); err == nil {
		if short, err := filepath.Rel(here, path); err == nil && len(short) <= maxSocket {
			return short, nil
		}
	}
	return "", fmt.Errorf("hatch: the path %s is longer than %d bytes, which no socket can have", path, maxSocket)
}

// Serve has each desk answer the commands for it that come through l, until ctx ends, and closes l.
func Serve(ctx context.Context, l net.Listener, desks map[string]Desk) error {
	handler := func(w http.ResponseWriter, r *http.Request) {
		out := answer(w, r, desks[strings.TrimPrefix(r.URL.Path, "/")])
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(out) // whoever asked may have gone
	}
	s := &http.Server{Handler: http.HandlerFunc(handler), ReadTimeout: commandTime, WriteTimeout: 2 * commandTime}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("hatch: %w", err)
	}
	return nil
}

// answer answers one command.
func answer(w http.ResponseWriter, r *http.Request, desk Desk) (out outcome) {
	ctx, cancel := context.WithTimeout(r.Context(), commandTime)
	defer cancel()
	if desk == nil {
		return outcome{Error: "the running host is of another release: it does not know this command"}
	}
	command, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCommand))
	if err != nil {
		return outcome{Error: "command: " + err.Error()}
	}
	result, err := desk(ctx, command)
	if err == nil {
		out.Result, err = json.Marshal(result)
	}
	if err != nil {
		return outcome{Error: err.Error()}
	}
	return out
}

// Knock has a desk of the host behind a hatch do a command, and reads its answer into out,
// which may be nil. ErrNobody when no host listens there.
func Knock(ctx context.Context, path, desk string, command, out any) error {
	path, err := socketPath(path)
	if err != nil {
		return errors.Join(ErrNobody, err)
	}
	body, err := json.Marshal(command)
	if err != nil {
		return fmt.Errorf("hatch: %w", err)
	}
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://hatch/"+desk, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("hatch: %w", err)
	}
	response, err := (&http.Client{Transport: transport, Timeout: commandTime + time.Second}).Do(request)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return ErrNobody
	case err != nil:
		return fmt.Errorf("the running host did not answer: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer outcome
	if err := json.NewDecoder(io.LimitReader(response.Body, MaxAnswer)).Decode(&answer); err != nil {
		return fmt.Errorf("the running host did not answer: %w", err)
	}
	if answer.Error != "" {
		return errors.New(answer.Error)
	}
	if out == nil || len(answer.Result) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer.Result, out); err != nil {
		return fmt.Errorf("answer of the running host: %w", err)
	}
	return nil
}
