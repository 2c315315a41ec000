package delivery

import "context"

// latch is a lock that may be held during a call of the store: whoever waits for it
// gives up when his context ends, however long the call takes.
type latch chan struct{}

func newLatch() latch { return make(latch, 1) }

func (l latch) lock(ctx context.Context) error {
	select {
	case l <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (l latch) unlock() { <-l }
