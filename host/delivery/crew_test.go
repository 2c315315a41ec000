package delivery

import (
	"context"
	"testing"

	"github.com/footlight-bots/footlight/host/store"
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

// A lease is asked for along with events only when there is a conversation among theirs that is not in hand.
func TestNoLeaseIsAskedForWhatIsInHand(t *testing.T) {
	ann, bob := store.Key{Page: "1", Person: "ann"}, store.Key{Page: "1", Person: "bob"}
	of := func(keys ...store.Key) (events []store.Event) {
		for _, k := range keys {
			events = append(events, store.Event{Key: k})
		}
		return events
	}
	c := newCrew(2)
	c.give(1, []store.Claimed{{Lease: store.Lease{Key: ann}}}, 0)
	for _, pressed := range []bool{false, true} {
		if n := c.wanted(of(ann, ann)); n != 0 {
			t.Errorf("pressed %v: %d leases are asked for what is in hand", pressed, n)
		}
		if n := c.wanted(of(ann, bob)); n != 2 {
			t.Errorf("pressed %v: %d leases are asked for two people, one of whom is in hand", pressed, n)
		}
		if !c.press(ann) {
			t.Fatal("what is in hand is not known to be")
		}
	}
	c.done(ann)
	if n := c.wanted(of(ann)); n != 1 {
		t.Errorf("%d leases are asked for one person who is not in hand any more", n)
	}
}
