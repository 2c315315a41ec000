package server

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// Callers wait for another call, but not all of a crowd; one that was left behind comes back later.
func TestCallersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{calls: make(chan call), over: make(chan struct{})}
		goOn := make(chan struct{})
		for range maxIdle + 44 {
			go func() {
				if err := s.within(time.Minute, func(context.Context) error { <-goOn; return nil }); err != nil {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		if n := s.idle.Load(); n != 0 {
			t.Errorf("%d wait while all are busy", n)
		}
		close(goOn)
		synctest.Wait()
		if n := s.idle.Load(); n != maxIdle {
			t.Errorf("%d wait, want %d", n, maxIdle)
		}
		hangs := make(chan struct{})
		err := s.within(time.Second, func(context.Context) error { <-hangs; return nil })
		synctest.Wait()
		if n := s.idle.Load(); n != maxIdle-1 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%d wait while one hangs: %v", n, err)
		}
		close(hangs)
		synctest.Wait()
		if n := s.idle.Load(); n != maxIdle {
			t.Errorf("%d wait after it came back", n)
		}
		close(s.over)
		s.inflight.Wait()
	})
}
