package person

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
	"syscall"
	"time"
)

// A file belongs to one process. Whoever wants something of the people in it while a host
// has it open asks that host, through a hatch beside the file: a socket that only the
// owner of the file can open. It is on no network.

// The bounds of a hatch.
const (
	// maxCommand is the most bytes of a command.
	maxCommand = 4 << 20
	// MaxAnswer is the most bytes of an answer: an export of all that may wait for one person.
	MaxAnswer = 1 << 30
	// commandTime bounds a command.
	commandTime = 30 * time.Second
	// maxSocket is the longest path a socket can have on all systems, in bytes.
	maxSocket = 100
)

// ErrNoHatch is wrapped by the error of Knock when nobody listens.
var ErrNoHatch = errors.New("no host listens beside the file")

// Hatch is where the hatch of a store's file is.
func Hatch(file string) string { return file + ".sock" }

// outcome is what comes back through a hatch.
type outcome struct {
	Result json.RawMessage `json:"result,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// OpenHatch listens at a path. The caller must hold the lock of the file beside it: what
// a killed host has left there is removed.
func OpenHatch(path string) (net.Listener, error) {
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

// ServeHatch answers commands that come through l until ctx ends, and closes l.
func (d *Desk) ServeHatch(ctx context.Context, l net.Listener) error {
	s := &http.Server{Handler: http.HandlerFunc(d.command), ReadTimeout: commandTime, WriteTimeout: 2 * commandTime}
	stop := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer stop()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("hatch: %w", err)
	}
	return nil
}

// command answers one command.
func (d *Desk) command(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), commandTime)
	defer cancel()
	var c Command
	var out outcome
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxCommand)).Decode(&c)
	if err == nil {
		d.log.InfoContext(ctx, "command of an operator", "verb", c.Verb, "page", c.Page)
		var result any
		if result, err = d.Do(ctx, c); err == nil {
			out.Result, err = json.Marshal(result)
		}
	}
	if err != nil {
		out = outcome{Error: err.Error()}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out) // whoever asked may have gone
}

// Knock has the host behind a hatch do a command, and reads its answer into out, which
// may be nil. ErrNoHatch when no host listens there.
func Knock(ctx context.Context, path string, c Command, out any) error {
	path, err := socketPath(path)
	if err != nil {
		return errors.Join(ErrNoHatch, err)
	}
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("hatch: %w", err)
	}
	transport := &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://hatch/", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("hatch: %w", err)
	}
	response, err := (&http.Client{Transport: transport, Timeout: commandTime + time.Second}).Do(request)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return ErrNoHatch
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
