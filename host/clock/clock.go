// Package clock tells the time and waits for it. Everything in the host that
// looks at the time takes a Clock, so that tests, the simulator and the console
// can skip a delay instead of sitting through it.
//
// There are two questions to a clock. What is stored or told to others is an instant, by Now. What only this process
// measures, such as how long it may still do something, is a duration, by Elapsed: clocks of machines are set while
// they run, and then two instants say nothing of the time between them. No API of the host is promised.
package clock

import (
	"context"
	"time"
)

// A Clock tells the time and wakes who waits for a later one.
// Clocks are safe for concurrent use.
type Clock interface {
	// Now is the present instant. It may lie before an earlier one.
	Now() time.Time
	// Elapsed is how much time has passed since an instant of the clock's own choosing. It is not negative and never goes
	// back, whoever sets the clock, and it goes on while the process is stopped; it may stand still while the machine sleeps.
	Elapsed() time.Duration
	// At returns a channel that is closed once the clock has reached t (at
	// once when it already has), and a function that gives the wait up.
	// Calling stop more than once is fine; it must be called.
	At(t time.Time) (reached <-chan struct{}, stop func())
}

// After is At once d has passed from now on.
func After(c Clock, d time.Duration) (reached <-chan struct{}, stop func()) {
	return c.At(c.Now().Add(d))
}

// Sleep waits for d to pass on c, or for ctx to end; then it returns ctx's error.
func Sleep(ctx context.Context, c Clock, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	reached, stop := After(c, d)
	defer stop()
	select {
	case <-reached:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Call calls f once d has passed from now on, unless stop is called before: stop waits for f where that has begun. It must be
// called once. With the clock of the machine nobody waits meanwhile: it is for what nearly always is given up.
func Call(c Clock, d time.Duration, f func()) (stop func()) {
	ended := make(chan struct{})
	run := func() {
		defer close(ended)
		f()
	}
	if _, ok := c.(Real); ok {
		timer := time.AfterFunc(d, run)
		return func() {
			if !timer.Stop() {
				<-ended
			}
		}
	}
	reached, leave := After(c, d)
	given := make(chan struct{})
	go func() {
		select {
		case <-reached:
			run()
		case <-given:
			close(ended)
		}
	}()
	return func() {
		leave()
		close(given)
		<-ended
	}
}

// Real is the clock of the machine.
type Real struct{}

// began is what Real counts from: long ago, for the time in a bubble of testing/synctest begins before that of its process.
var began = time.Now().Add(-50 * 365 * 24 * time.Hour)

// Now implements Clock.
func (Real) Now() time.Time { return time.Now() }

// Elapsed implements Clock.
func (Real) Elapsed() time.Duration { return time.Since(began) }

// At implements Clock.
func (Real) At(t time.Time) (<-chan struct{}, func()) {
	reached := make(chan struct{})
	timer := time.AfterFunc(time.Until(t), func() { close(reached) })
	return reached, func() { timer.Stop() }
}
