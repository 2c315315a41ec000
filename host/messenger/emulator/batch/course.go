package batch

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Course is a batch under way. Its calls run side by side: what makes one of them late holds up
// nobody but those who wait for it.
type Course struct {
	items   []Item
	left    []int                    // places of those that have not run, in the order in which they are looked at
	failed  map[string]bool          // by name
	answers map[string]any           // by name
	ends    map[string]time.Duration // when each that has a name had its answer, from the start
	passed  time.Duration            // since the start
	longest time.Duration            // until the last answer
}

// Begin begins a batch. Which of its calls goes first is drawn.
func Begin(items []Item, random *rand.Rand) *Course {
	return &Course{
		items: items, left: Order(items, random),
		failed: map[string]bool{}, answers: map[string]any{}, ends: map[string]time.Duration{"": 0},
	}
}

// Next is the next call to run, with parts of earlier answers in the place of its references, and
// the place of its answer; below 0: there is none. It runs after a wait. One whose predecessor has
// failed is left out.
func (c *Course) Next() (i int, it Item, wait time.Duration) {
	for len(c.left) > 0 {
		at, due := c.ready()
		wait += due - c.passed
		c.passed = due
		i = c.left[at]
		c.left = slices.Delete(c.left, at, at+1)
		if it = c.items[i]; !c.failed[it.After] {
			return i, it.With(c.answers), wait
		}
		c.close(it, false, due)
	}
	wait += c.longest - c.passed
	c.passed = c.longest
	return -1, Item{}, wait
}

// ready is the place, in left, of the first call that nothing keeps from running, and when: now, or as soon as
// there is one.
func (c *Course) ready() (at int, due time.Duration) {
	due = math.MaxInt64
	for k, i := range c.left {
		end, ended := c.ends[c.items[i].After]
		if ended && end <= c.passed {
			return k, c.passed
		}
		if ended && end < due {
			at, due = k, end
		}
	}
	return at, due // an item waits for earlier ones only: there always is one
}

// End takes the answer of the call at a place, and by how much it is late.
func (c *Course) End(i int, ok bool, body []byte, late time.Duration) {
	it := c.items[i]
	if it.Name != "" {
		c.answers[it.Name], _ = value.Decode(body) // it is the emulator's own
	}
	c.close(it, ok, c.passed+late)
}

func (c *Course) close(it Item, ok bool, end time.Duration) {
	c.longest = max(c.longest, end)
	if it.Name != "" {
		c.ends[it.Name], c.failed[it.Name] = end, !ok
	}
}
