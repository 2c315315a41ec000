// Package callback is the platform's side of its calls to a host: webhooks, the
// challenge before them, and the signed requests about people.
//
// It decides nothing about when and what: its caller does, and draws the
// consequences. It shares no code with the host's side. Each call ends within its
// time on the given clock, and leaves no goroutine. No API of the host is promised.
package callback

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// Limit is the time within which a callback must answer (emulator.md §6).
const Limit = 5 * time.Second

// maxAnswer is how much of an answer is read, in bytes.
const maxAnswer = 64 << 10

// ErrSlow is the error of a call that was not answered within Limit.
var ErrSlow = errors.New("no answer within 5 s")

// Caller makes calls.
type Caller struct {
	Client *http.Client // follows no redirect: a redirect is not the 200 that Meta wants
	Clock  clock.Clock
}

// Answer is what a host said.
type Answer struct {
	Status int
	Body   []byte // at most 64 KiB
}

// Post posts a webhook. With a pause, the second half of the body follows that much
// later on the clock, within the limit or not.
func (c Caller) Post(ctx context.Context, address string, h http.Header, body []byte, pause time.Duration) (Answer, error) {
	return c.do(ctx, func(ctx context.Context) (*http.Request, error) {
		var from io.Reader = bytes.NewReader(body)
		if pause > 0 {
			half := len(body) / 2
			from = io.MultiReader(bytes.NewReader(body[:half]), &late{ctx, c.Clock, pause}, bytes.NewReader(body[half:]))
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, from)
		if err != nil {
			return nil, err
		}
		req.ContentLength = int64(len(body))
		req.Header = h.Clone()
		return req, nil
	})
}

// late is a reader that gives nothing, after a while.
type late struct {
	ctx   context.Context
	clock clock.Clock
	pause time.Duration
}

func (l *late) Read([]byte) (int, error) {
	if err := clock.Sleep(l.ctx, l.clock, l.pause); err != nil {
		return 0, err
	}
	return 0, io.EOF
}

// do makes one call within Limit.
func (c Caller) do(ctx context.Context, build func(context.Context) (*http.Request, error)) (Answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	late, stop := c.Clock.At(c.Clock.Now().Add(Limit))
	defer stop()
	guarded := make(chan struct{})
	go func() {
		defer close(guarded)
		select {
		case <-late:
			cancel(ErrSlow)
		case <-ctx.Done():
		}
	}()
	defer func() { cancel(nil); <-guarded }()
	req, err := build(ctx)
	if err != nil {
		return Answer{}, err
	}
	resp, err := c.Client.Do(req)
	if err != nil {
		if errors.Is(context.Cause(ctx), ErrSlow) {
			return Answer{}, ErrSlow
		}
		return Answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	switch {
	case err != nil && errors.Is(context.Cause(ctx), ErrSlow):
		return Answer{}, ErrSlow
	case err != nil: // it broke off
		return Answer{}, err
	}
	return Answer{resp.StatusCode, body}, nil
}

// Challenge asks a callback for the challenge and returns what is wrong with its
// answer, in Meta's words; empty when nothing is (emulator.md §6).
func (c Caller) Challenge(ctx context.Context, address, verifyToken, challenge string) string {
	a, err := c.do(ctx, func(ctx context.Context) (*http.Request, error) {
		u, err := url.Parse(address)
		if err != nil {
			return nil, err
		}
		q := u.Query()
		q.Set("hub.mode", "subscribe")
		q.Set("hub.verify_token", verifyToken)
		q.Set("hub.challenge", challenge)
		u.RawQuery = q.Encode()
		return http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	})
	switch {
	case errors.Is(err, ErrSlow):
		return "Operation timed out"
	case err != nil:
		return "The callback could not be reached"
	case a.Status != http.StatusOK:
		return fmt.Sprintf("HTTP Status Code = %d; HTTP Message = %s", a.Status, http.StatusText(a.Status))
	case string(a.Body) != challenge:
		return fmt.Sprintf("The URL couldn't be validated. Response does not match challenge, expected value=%s, received=%s",
			strconv.Quote(challenge), strconv.Quote(string(a.Body[:min(len(a.Body), maxQuoted)])))
	}
	return ""
}

// maxQuoted is how much of a wrong answer to a challenge is quoted, in bytes.
const maxQuoted = 1 << 10
