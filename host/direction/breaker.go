package direction

import (
	"sync"
	"sync/atomic"
	"time"
)

// Limits of a plug-in that goes wrong.
const (
	// maxFailures is how many calls in a row may end with a crash or at a limit before
	// the plug-in rests.
	maxFailures = 5
	// restTime is how long it rests. Then one call is tried.
	restTime = 30 * time.Second
)

// breaker keeps a plug-in that crashes again and again from costing every turn its time.
type breaker struct {
	sound    atomic.Bool // the last call that has ended went well: nothing is to be looked up, or noted
	mu       sync.Mutex
	failures int // in a row
	until    time.Time
	trying   bool // a call after the rest is under way
}

// allows tells whether a call may be made now.
func (b *breaker) allows(now time.Time) bool {
	if b.sound.Load() {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < maxFailures {
		return true
	}
	// A clock that went back, as virtual ones do, ends the rest as well.
	if b.trying || now.Before(b.until) && !now.Before(b.until.Add(-restTime)) {
		return false
	}
	b.trying = true
	return true
}

// report takes note of how a call has ended. It tells whether the plug-in begins to
// rest with it.
func (b *breaker) report(now time.Time, crashed bool) (rests bool) {
	if !crashed && b.sound.Load() {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
	b.sound.Store(!crashed)
	if !crashed {
		b.failures = 0
		return false
	}
	b.failures++
	if b.failures < maxFailures {
		return false
	}
	b.until = now.Add(restTime)
	return true
}

// abandon takes note of a call that was given up: nobody knows how it would have ended, and the next one is tried in its place.
func (b *breaker) abandon() {
	if b.sound.Load() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
}
