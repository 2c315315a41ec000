// Package clock tells the time and waits for it. Everything in the host that
// looks at the time takes a Clock, so that tests, the simulator and the console
// can skip a delay instead of sitting through it. No API of the host is promised.
package clock

import (
	"context"
	"time"
)

// A Clock tells the time and wakes who waits for a later one.
// Clocks are safe for concurrent use.
type Clock interface {
	// Now is the present instant.
	Now() time.Time
	// At returns a channel that is closed once the clock has reached t (at
	// once when it already has), and a function that gives the wait up.
	// Calling stop more than once is fine; it must be called.
	At(t time.Time) (reached <-chan struct{}, stop func())
}

// Sleep waits for d to pass on c, or for ctx to end; then it returns ctx's error.
func Sleep(ctx context.Context, c Clock, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	reached, stop := c.At(c.Now().Add(d))
	defer stop()
	select {
	case <-reached:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Real is the clock of the machine.
type Real struct{}

// Now implements Clock.
func (Real) Now() time.Time { return time.Now() }

// At implements Clock.
func (Real) At(t time.Time) (<-chan struct{}, func()) {
	reached := make(chan struct{})
	timer := time.AfterFunc(time.Until(t), func() { close(reached) })
	return reached, func() { timer.Stop() }
}
