package server

import (
	"context"
	"time"
)

// maxIdle is the most callers that wait for another call; the others end.
const maxIdle = 256

// call is a call of a probe or of who looks after people. What is asked for each message goes another way: see inTime.
type call struct {
	ctx    context.Context
	cancel context.CancelFunc
	do     func(ctx context.Context) error
	done   chan error // takes one answer without waiting
}

// within runs f and waits for it, but no longer than d. A call that does not heed its
// context is left behind and waited for at shutdown.
func (s *Server) within(d time.Duration, f func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	c := call{ctx, cancel, f, make(chan error, 1)}
	select {
	case s.calls <- c:
	default:
		s.inflight.Go(func() { s.serve(c) })
	}
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
	}
	select { // both may have come at once
	case err := <-c.done:
		return err
	default:
		return ctx.Err()
	}
}

// serve makes one call after another until the server is shut down: the stack of a new
// goroutine would have to grow for each of them, which costs as much as many a call.
func (s *Server) serve(c call) {
	for {
		c.done <- c.do(c.ctx)
		c.cancel()
		if s.idle.Add(1) > maxIdle {
			s.idle.Add(-1)
			return
		}
		select {
		case c = <-s.calls:
			s.idle.Add(-1)
		case <-s.over:
			return
		}
	}
}
