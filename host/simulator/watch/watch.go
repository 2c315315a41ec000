// Package watch is the clock of a machine in a simulation. It may be wrong, and set; and it wakes nobody
// while its host is stopped or dead. It knows nothing of hosts. No API of the host is promised.
package watch

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// Watch is the clock of a machine as one host sees it: that of the bubble, put
// forward or back. It wakes nobody while the host is stopped or dead.
type Watch struct {
	off *atomic.Int64 // the machine's, in ns

	began time.Time // by the bubble

	mu      sync.Mutex
	rung    int // number of the last alarm
	asleep  bool
	over    bool // everybody was woken for good
	missed  []*alarm
	awake   chan struct{} // closed by Resume and End; nil: awake
	waiting map[*alarm]bool
}

type alarm struct {
	reached chan struct{}
	timer   *time.Timer
}

var _ clock.Clock = (*Watch)(nil)

// grains is among how many alarms no two go off in the very same nanosecond: who of two comes
// first would be the runtime's doing and no seed's.
const grains = 1000

// New returns a watch that runs; off, in ns, is how far it is from the right time.
func New(off *atomic.Int64) *Watch {
	return &Watch{off: off, began: time.Now(), waiting: map[*alarm]bool{}}
}

// Now implements clock.Clock.
func (w *Watch) Now() time.Time { return time.Now().Add(time.Duration(w.off.Load())) }

// Elapsed implements clock.Clock. Whoever sets the clock, it is the time that has passed, stopped or not.
func (w *Watch) Elapsed() time.Duration { return time.Since(w.began) }

// At implements clock.Clock. As with the machine's clock, a jump does not change who waits already.
func (w *Watch) At(t time.Time) (<-chan struct{}, func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	a := &alarm{reached: make(chan struct{})}
	d := t.Sub(w.Now())
	if d <= 0 || w.over {
		close(a.reached)
		return a.reached, func() {}
	}
	w.waiting[a] = true
	w.rung = (w.rung + 1) % grains
	a.timer = time.AfterFunc(d+time.Duration(w.rung), func() { w.ring(a) })
	return a.reached, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		a.timer.Stop()
		delete(w.waiting, a)
	}
}

func (w *Watch) ring(a *alarm) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.waiting[a] {
		return
	}
	if w.asleep {
		w.missed = append(w.missed, a)
		return
	}
	delete(w.waiting, a)
	close(a.reached)
}

// Stop keeps everybody asleep until Resume, which wakes those whose time has come.
func (w *Watch) Stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asleep = true
	if w.awake == nil {
		w.awake = make(chan struct{})
	}
}

// Wait waits until nobody is kept asleep.
func (w *Watch) Wait() {
	w.mu.Lock()
	awake := w.awake
	w.mu.Unlock()
	if awake != nil {
		<-awake
	}
}

// wake is called with the lock held.
func (w *Watch) wake() {
	if w.awake != nil {
		close(w.awake)
		w.awake = nil
	}
}

// Resume wakes those whose time has come meanwhile.
func (w *Watch) Resume() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asleep = false
	w.wake()
	for _, a := range w.missed {
		if w.waiting[a] {
			delete(w.waiting, a)
			close(a.reached)
		}
	}
	w.missed = nil
}

// End wakes everybody, now and later.
func (w *Watch) End() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	w.wake()
	for a := range w.waiting {
		a.timer.Stop()
		close(a.reached)
	}
	clear(w.waiting)
}
