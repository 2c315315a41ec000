package delivery

import (
	"context"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// job is a conversation to work on.
type job struct {
	store.Claimed
	ends time.Duration // of the lease, by the clock's Elapsed
}

// crew is the workers of a host. Each is one goroutine for as long as Run runs, and works on
// one conversation at a time: a goroutine of its own for each would begin with a small stack and spend
// much of its life making it larger.
type crew struct {
	places chan struct{} // taken: by the conversations in hand, and those that are being claimed
	jobs   chan job      // of those that have a place; it has room for all
	hands  sync.WaitGroup

	mu     sync.Mutex
	open   bool
	hard   context.Context    // ends when steps in hand are cut off; set once, before open
	taken  sync.WaitGroup     // places, counted only while open
	closed chan struct{}      // once no place is taken any more
	late   map[store.Key]bool // conversations in hand: whether something was accepted meanwhile
}

func newCrew(size int) *crew {
	return &crew{
		places: make(chan struct{}, size), jobs: make(chan job, size), closed: make(chan struct{}), late: map[store.Key]bool{},
	}
}

// start lets workers come, each of which does what serve says with one conversation after the other, until
// hard ends at the latest.
func (c *crew) start(hard context.Context, serve func(job)) {
	for range cap(c.jobs) {
		c.hands.Go(func() {
			for j := range c.jobs {
				serve(j)
				c.leave(1)
			}
		})
	}
	c.mu.Lock()
	c.hard, c.open = hard, true
	c.mu.Unlock()
}

// wait waits for a free place and takes half of those that are free: who accepts meanwhile needs some too, or finds
// none for as long as the store is asked, and what it accepts has to be searched for next. 0 when ctx has ended, or the crew.
func (c *crew) wait(ctx context.Context) int {
	select {
	case <-ctx.Done():
		return 0
	case c.places <- struct{}{}:
	}
	if ctx.Err() != nil || !c.enlist(1) {
		<-c.places
		return 0
	}
	return 1 + c.take((cap(c.places)-len(c.places))/2)
}

// take takes up to n free places without waiting.
func (c *crew) take(n int) int {
	for got := range n {
		select {
		case c.places <- struct{}{}:
			if !c.enlist(1) {
				<-c.places
				return got
			}
		default:
			return got
		}
	}
	return n
}

// enlist counts places, unless the crew is on its way home.
func (c *crew) enlist(n int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open {
		c.taken.Add(n)
	}
	return c.open
}

// give hands claimed conversations, whose leases end then, to the workers, and gives back those of n places that are too many.
func (c *crew) give(n int, claimed []store.Claimed, ends time.Duration) {
	c.mu.Lock()
	for _, one := range claimed {
		c.late[one.Key] = false
		c.jobs <- job{one, ends} // which has room
	}
	c.mu.Unlock()
	c.leave(n - len(claimed))
}

func (c *crew) leave(n int) {
	for range n {
		<-c.places
		c.taken.Done()
	}
}

// press notes that something was accepted for a conversation; false when it is not in hand.
func (c *crew) press(k store.Key) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.late[k]
	if ok {
		c.late[k] = true
	}
	return ok
}

// wanted is how many leases to ask for along with events: none where all is in hand. A lease comes with all that waits, at the cost of everybody.
func (c *crew) wanted(events []store.Event) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range events {
		if _, ok := c.late[e.Key]; !ok {
			return len(events)
		}
	}
	return 0
}

// done notes that a conversation is no more in hand, and tells whether something was accepted meanwhile.
func (c *crew) done(k store.Key) (pressed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer delete(c.late, k)
	return c.late[k]
}

// close takes no more conversations in; closed is closed when all in hand are done with.
func (c *crew) close() {
	c.mu.Lock()
	c.open = false
	c.mu.Unlock()
	go func() {
		c.taken.Wait()
		close(c.closed)
	}()
}

// end sends the workers home. All are done with: closed is closed.
func (c *crew) end() {
	close(c.jobs)
	c.hands.Wait()
}
