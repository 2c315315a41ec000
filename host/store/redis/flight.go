package redis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/footlight-bots/footlight/host/store"
)

const (
	// maxFlight is the most items in a group, but for those of a single caller.
	maxFlight = 512
	// maxFlightBytes is the most bytes of what a group writes, likewise.
	maxFlightBytes = 1 << 20
	// boarding is how long a group waits at most for as many callers as are expected, while none is in
	// flight. So groups stay large while many callers come again and again, and nobody waits who comes alone.
	boarding = time.Millisecond
	// maxFlights is how many groups of a queue are in flight at a time: while the server works on one, callers
	// come together for the next.
	maxFlights = 2
)

// item is what is to be written to one conversation. It is its own: whoever brought it may be gone by then.
type item struct {
	at     place
	hashes []any // that stand before all else of a group
	args   []any
	answer any // of the script, for this conversation
}

// caller is one who waits for items of a partition to be written.
type caller struct {
	ctx   context.Context
	now   int64 // its time
	items []*item
	bytes int
	done  chan error // takes one answer without waiting
}

// queue writes what callers bring for a partition, in groups. Of maxFlights groups each is to have its share of the
// callers that there are: smaller ones would be dearer for the server than what is gained.
type queue struct {
	store  *Store
	script *redis.Script
	call   func(items []*item, now int64) call
	come   chan *caller
	off    chan []*caller // groups that take off
	landed chan int       // callers of a group that was written, or could not be
}

// queue makes a queue of those who have a script run. Its pilot and its planes end when the store is closed.
func (s *Store) queue(script *redis.Script, call func(items []*item, now int64) call) *queue {
	// At the end one group more takes off, and nobody hears of landings.
	q := &queue{s, script, call, make(chan *caller), make(chan []*caller, maxFlights), make(chan int, maxFlights+1)}
	if s.together != nil {
		s.pilots.Go(q.pilot)
		for range maxFlights {
			s.pilots.Go(q.plane)
		}
	}
	return q
}

// board has items written, with those of others unless the store was told otherwise; wait waits for it.
func (q *queue) board(ctx context.Context, now int64, items []*item, bytes int) (*caller, error) {
	c := &caller{ctx, now, items, bytes, make(chan error, 1)}
	if q.store.together == nil {
		q.fly([]*caller{c})
		return c, nil
	}
	select {
	case q.come <- c:
		return c, nil
	case <-q.store.stop:
		return nil, store.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// wait waits until the items are written, or could not be. When ctx ends before that, heard is false, and the items must not
// be looked at.
func (c *caller) wait() (heard bool, err error) {
	select {
	case err := <-c.done:
		return true, err
	case <-c.ctx.Done():
	}
	select { // both may have come at once
	case err := <-c.done:
		return true, err
	default:
		return false, c.ctx.Err()
	}
}

// plane writes groups until there are no more.
func (q *queue) plane() {
	for group := range q.off {
		q.fly(group)
		q.landed <- len(group)
	}
}

// pilot lets groups take off until the store is closed.
func (q *queue) pilot() {
	defer close(q.off)
	patience := time.NewTimer(boarding)
	defer patience.Stop()
	for t := (tower{}); ; {
		group, open := q.gather(&t, patience)
		if len(group) > 0 {
			t.takeOff(len(group))
			q.off <- group
		}
		if !open {
			return
		}
	}
}

// gather waits for callers until they may take off; open is false when the store is closed.
func (q *queue) gather(t *tower, patience *time.Timer) (group []*caller, open bool) {
	late, items, bytes := false, 0, 0
	for {
		full, come := items >= maxFlight || bytes >= maxFlightBytes, q.come
		if full {
			come = nil
		}
		var c *caller
		if t.clears(len(group), late, full) {
			select {
			case c = <-come: // whoever waits already comes along
			default:
				return group, true
			}
		} else {
			select {
			case c = <-come:
			case n := <-q.landed:
				t.land(n)
				continue
			case <-patience.C:
				late = true
				continue
			case <-q.store.stop:
				return group, false
			}
		}
		if len(group) == 0 {
			patience.Reset(boarding)
		}
		group = append(group, c)
		items, bytes = items+len(c.items), bytes+c.bytes
	}
}

// fly writes a group, which counts as written at the latest of its times. It does not end with the context of one of them.
func (q *queue) fly(group []*caller) {
	var items []*item
	now := int64(0)
	for _, c := range group {
		now = max(now, c.now)
		items = append(items, c.items...)
	}
	answers, err := q.store.runBy(context.WithoutCancel(group[0].ctx), q.store.client.Process, q.script, q.call(items, now)).Slice()
	if err == nil && len(answers) != len(items) {
		err = fmt.Errorf("the script answers for %d of %d conversations", len(answers), len(items))
	}
	for i, answer := range answers[:min(len(answers), len(items))] {
		items[i].answer = answer
	}
	for _, c := range group {
		c.done <- errors.Join(err, c.failed())
	}
}

// failed is why an item could not be written; nil: all were.
func (c *caller) failed() error {
	for _, i := range c.items {
		if text, ok := i.answer.(string); ok {
			return errors.New(text)
		}
	}
	return nil
}
