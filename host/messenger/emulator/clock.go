package emulator

import (
	"context"
	"errors"
	"time"
)

// ErrRealClock is Advance's error when the emulator runs on the machine's clock.
var ErrRealClock = errors.New("advance: the emulator runs on the machine's clock, which nobody moves")

// Advance moves the emulator's clock, if it is one that can be moved, and then waits
// until the webhooks that fell due have been tried, ctx at the longest.
func (e *Emulator) Advance(ctx context.Context, by time.Duration) error {
	movable, ok := e.clock.(interface{ Advance(time.Duration) })
	if !ok {
		return ErrRealClock
	}
	movable.Advance(by)
	e.mu.Lock()
	e.touch() // typing bubbles end, windows close
	e.mu.Unlock()
	return e.Settle(ctx)
}
