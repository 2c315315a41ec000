package clock

import (
	"sync"
	"time"
)

// Virtual is a clock that stands still until it is moved.
type Virtual struct {
	mu      sync.Mutex
	now     time.Time
	elapsed time.Duration
	waiters map[*waiter]struct{}
}

type waiter struct {
	at      time.Time
	reached chan struct{}
}

// NewVirtual returns a clock that stands at start.
func NewVirtual(start time.Time) *Virtual {
	return &Virtual{now: start, waiters: map[*waiter]struct{}{}}
}

// Now implements Clock.
func (v *Virtual) Now() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.now
}

// Elapsed implements Clock.
func (v *Virtual) Elapsed() time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.elapsed
}

// At implements Clock.
func (v *Virtual) At(t time.Time) (<-chan struct{}, func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	w := &waiter{at: t, reached: make(chan struct{})}
	if !t.After(v.now) {
		close(w.reached)
		return w.reached, func() {}
	}
	v.waiters[w] = struct{}{}
	return w.reached, func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		delete(v.waiters, w)
	}
}

// Advance moves the clock by d and wakes whoever waited for a time up to the new one.
func (v *Virtual) Advance(d time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.move(v.now.Add(d))
}

// Set moves the clock to t and wakes whoever waited for a time up to t. The time up to t has passed;
// where t lies in the past none has.
func (v *Virtual) Set(t time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.move(t)
}

func (v *Virtual) move(t time.Time) {
	v.elapsed += max(0, t.Sub(v.now))
	v.now = t
	for w := range v.waiters {
		if !w.at.After(t) {
			close(w.reached)
			delete(v.waiters, w)
		}
	}
}
