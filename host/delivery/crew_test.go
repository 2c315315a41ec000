package delivery

import (
	"context"
	"testing"
)

// While the claim loop asks the store, who accepts finds workers; what it is too many comes back.
func TestTheClaimLoopLeavesWorkers(t *testing.T) {
	ctx, cut := context.WithCancel(t.Context())
	defer cut()
	c := newCrew(8)
	c.start(ctx, func(job) {})
	if n := c.take(2); n != 2 {
		t.Fatalf("%d of two places", n)
	}
	if n := c.wait(ctx); n != 3 {
		t.Errorf("the claim loop takes %d of six free places", n)
	}
	if n := c.take(8); n != 3 {
		t.Errorf("who accepts finds %d places", n)
	}
	c.leave(7)
	if n := c.wait(ctx); n != 4 {
		t.Errorf("of seven free places the claim loop takes %d", n)
	}
	c.leave(5)
	c.close()
	<-c.closed
	c.end()
}
