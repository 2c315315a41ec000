package redis

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
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
// callers that there are: smaller ones would be dearer for the server than what is gained. Whoever makes a group
// complete sends it off: no goroutine stands between callers and planes, which would have to be woken for each caller.
type queue struct {
	store  *Store
	script *redis.Script
	call   func(items []*item, now int64) call
	off    chan []*caller // groups that take off; it has room for all flights

	mu       sync.Mutex
	tower    tower
	waiting  []*caller   // for the next group, in the order in which they came
	items    int         // of those
	bytes    int         // likewise
	late     bool        // the first of them has waited for boarding
	patience *time.Timer // makes them late
	closed   bool
}

// queue makes a queue of those who have a script run. Its planes end when the store is closed.
func (s *Store) queue(script *redis.Script, call func(items []*item, now int64) call) *queue {
	q := &queue{store: s, script: script, call: call, off: make(chan []*caller, maxFlights)}
	q.patience = time.AfterFunc(boarding, q.hurry)
	if s.together != nil {
		for range maxFlights {
			s.planes.Go(q.plane)
		}
	}
	return q
}

// board has items written, with those of others unless the store was told otherwise; wait waits for it.
func (q *queue) board(ctx context.Context, now int64, items []*item, bytes int) (*caller, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c := &caller{ctx, now, items, bytes, make(chan error, 1)}
	if q.store.together == nil {
		q.fly([]*caller{c})
		return c, nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return nil, store.ErrClosed
	}
	first := len(q.waiting) == 0
	q.late = q.late && !first
	q.waiting = append(q.waiting, c)
	q.count(1, c)
	if q.send(); first && len(q.waiting) > 0 {
		q.patience.Reset(boarding)
	}
	return c, nil
}

// count adds what callers bring to what waits, n times.
func (q *queue) count(n int, callers ...*caller) {
	for _, c := range callers {
		q.items += n * len(c.items)
		q.bytes += n * c.bytes
	}
}

// send lets as many groups take off as may. The caller holds mu.
func (q *queue) send() {
	for {
		full := q.items >= maxFlight || q.bytes >= maxFlightBytes
		if !q.tower.clears(len(q.waiting), q.late, full) {
			return
		}
		group := q.waiting
		if full {
			group = group[:seats(group)]
		}
		q.waiting = slices.Clone(q.waiting[len(group):])
		q.count(-1, group...)
		if q.late = false; len(q.waiting) > 0 {
			q.patience.Reset(boarding)
		}
		q.tower.takeOff(len(group))
		q.off <- group
	}
}

// seats is how many of those who wait fill a group.
func seats(waiting []*caller) int {
	items, bytes := 0, 0
	for i, c := range waiting {
		items, bytes = items+len(c.items), bytes+c.bytes
		if items >= maxFlight || bytes >= maxFlightBytes {
			return i + 1
		}
	}
	return len(waiting)
}

// hurry lets those go who have waited long enough. Should they have gone just now, it is those behind them: they go early.
func (q *queue) hurry() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.late = true
	q.send()
}

// land makes room for another group.
func (q *queue) land(callers int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tower.land(callers)
	q.send()
}

// wait waits until a caller's items are written, or could not be. When its ctx ends before that, heard is false, and the items
// must not be looked at; those that wait still are not written then.
func (q *queue) wait(c *caller) (heard bool, err error) {
	select {
	case err := <-c.done:
		return true, err
	case <-c.ctx.Done():
	}
	q.mu.Lock()
	if i := slices.Index(q.waiting, c); i >= 0 {
		q.waiting = slices.Delete(q.waiting, i, i+1)
		q.count(-1, c)
	}
	q.mu.Unlock()
	select { // both may have come at once
	case err := <-c.done:
		return true, err
	default:
		return false, c.ctx.Err()
	}
}

// close lets nobody come any more, and tells those who wait; the planes end with what is in flight.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.patience.Stop()
	for _, c := range q.waiting {
		c.done <- store.ErrClosed
	}
	q.waiting = nil
	close(q.off)
}

// plane writes groups until there are no more.
func (q *queue) plane() {
	for group := range q.off {
		q.fly(group)
		q.land(len(group))
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
