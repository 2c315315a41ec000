package clock

import (
	"sync"
	"time"
)

// Running is a clock that runs with another one and can be put forward: whoever
// waits for a time up to the new one is woken. An author's desk uses it to skip
// a delay.
type Running struct {
	base Clock

	mu     sync.Mutex
	ahead  time.Duration
	jumped chan struct{} // closed and replaced at every jump
}

// NewRunning returns a clock that shows what base shows.
func NewRunning(base Clock) *Running {
	return &Running{base: base, jumped: make(chan struct{})}
}

// Now implements Clock.
func (r *Running) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.base.Now().Add(r.ahead)
}

// Elapsed implements Clock. A delay that is skipped has passed.
func (r *Running) Elapsed() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.base.Elapsed() + r.ahead
}

// Advance puts the clock forward by d; a negative d changes nothing.
func (r *Running) Advance(d time.Duration) {
	if d <= 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ahead += d
	close(r.jumped)
	r.jumped = make(chan struct{})
}

// At implements Clock.
func (r *Running) At(t time.Time) (<-chan struct{}, func()) {
	reached, given := make(chan struct{}), make(chan struct{})
	var stop sync.Once
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			r.mu.Lock()
			at, jumped := t.Add(-r.ahead), r.jumped
			r.mu.Unlock()
			base, giveUp := r.base.At(at)
			select {
			case <-base:
				giveUp()
				close(reached)
				return
			case <-jumped:
				giveUp()
			case <-given:
				giveUp()
				return
			}
		}
	}()
	return reached, func() {
		stop.Do(func() { close(given) })
		<-ended
	}
}
