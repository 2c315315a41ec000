package simulator

import (
	"context"
	"time"

	"github.com/footlight-bots/footlight/host/simulator/speech"
	"github.com/footlight-bots/footlight/host/store"
)

// kind says whose call waits for its turn.
type kind uint8

const (
	toStore kind = iota // of a host, to the store
	toGraph             // of a host, to the platform
	toHost              // of the platform: a POST on its way to a host
	toMail              // the answer of a host on its way back
	ofStage             // what a person, an operator or chance does
)

// call is something that wants to happen. It waits until the schedule picks it; then it happens at once, or
// fails, or takes its time.
type call struct {
	kind  kind
	host  *host  // nil: not of a host
	page  string // of toGraph
	label string // for the trace, and for the order among those that wait
	do    func() error
	raw   func(ctx context.Context) error // of toStore: do, called outside of the bubble
	ready time.Time                       // not to be picked before

	slowed   bool       // chance has had its say about the time it takes
	through  bool       // it happens although its host is stopped
	orphan   bool       // nobody waits for the answer any more
	answered bool       // it has happened; its answer waits to be picked
	err      error      // of the answer
	back     chan error // takes the answer
	number   int

	sends  attempts       // of toGraph: the messages in it
	parcel *parcel        // of toHost
	answer *speech.Answer // of toGraph
}

// park registers a call and waits for its answer. When ctx ends meanwhile the call may happen all the same.
func (w *world) park(ctx context.Context, c *call) error {
	c.back = make(chan error, 1)
	if c.host != nil && !c.host.alive() {
		<-c.host.gone // a dead host asks for nothing
		return store.ErrClosed
	}
	w.mu.Lock()
	w.counter++
	c.number = w.counter
	w.parked = append(w.parked, c)
	w.mu.Unlock()
	w.nudge()
	var gone <-chan struct{}
	if c.host != nil {
		gone = c.host.gone
	}
	select {
	case err := <-c.back:
		return err
	case <-ctx.Done():
		return w.giveUp(ctx, c)
	case <-gone:
		w.mu.Lock()
		c.orphan = true
		w.mu.Unlock()
		return store.ErrClosed
	}
}

// giveUp ends the wait for an answer because ctx has ended. A stopped process notices that when it goes on; an
// answer that has come by then counts.
func (w *world) giveUp(ctx context.Context, c *call) error {
	if c.host != nil {
		c.host.clock.Wait()
	}
	select {
	case err := <-c.back:
		return err
	default:
	}
	w.mu.Lock()
	c.orphan = true
	w.mu.Unlock()
	return ctx.Err()
}

// nudge tells the schedule that something waits.
func (w *world) nudge() {
	select {
	case w.poke <- struct{}{}:
	default:
	}
}

// eligible tells whether a call can be picked now.
func (c *call) eligible(now time.Time) bool {
	if now.Before(c.ready) {
		return false
	}
	return c.host == nil || c.orphan || c.through || !now.Before(c.host.stopped)
}

// remove takes a call off the list.
func (w *world) remove(c *call) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, other := range w.parked {
		if other == c {
			w.parked = append(w.parked[:i:i], w.parked[i+1:]...)
			return
		}
	}
}

// reply lets the caller have the answer after a while, or when its host goes on.
func (w *world) reply(c *call, err error, after time.Duration) {
	if after > 0 || c.host != nil && time.Now().Before(c.host.stopped) {
		c.answered, c.err, c.through = true, err, false
		c.ready = time.Now().Add(after)
		return
	}
	w.remove(c)
	c.back <- err
}
