package storetest

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// testClaim: who has work due is found, the longest overdue first, nobody twice.
func testClaim(t *testing.T, o Options) {
	t.Run("nothing in an empty store", func(t *testing.T) {
		s := open(t, o)
		s.claimNone(noon)
		s.nextNever()
	})
	t.Run("an event is due at once", func(t *testing.T) {
		s := open(t, o)
		s.accept(noon, store.Event{ID: "a", Key: ann, At: after(time.Hour)}) // a clock that goes wrong elsewhere
		s.claimNone(after(-time.Millisecond))
		s.nextAt(noon)
		l := s.claimOne(noon, ann)
		if want := after(time.Minute); !l.Until.Equal(want) {
			t.Errorf("lease ends %v, want %v", l.Until, want)
		}
	})
	t.Run("an event when due", func(t *testing.T) {
		s := open(t, o)
		s.accept(noon, store.Event{ID: "a", Key: ann, At: noon, Due: after(100 * time.Millisecond)})
		s.claimNone(after(99 * time.Millisecond))
		s.nextAt(after(100 * time.Millisecond))
		s.claimOne(after(100*time.Millisecond), ann)
	})
	t.Run("all events from the earliest due on", func(t *testing.T) {
		s := open(t, o)
		s.accept(noon, store.Event{ID: "b", Key: ann, At: after(time.Second), Due: after(time.Hour)})
		s.accept(after(time.Second), store.Event{ID: "a", Key: ann, At: noon, Due: after(30 * time.Second)})
		s.claimNone(after(30*time.Second - time.Millisecond))
		l := s.claimOne(after(30*time.Second), ann)
		c, err := s.Load(t.Context(), l)
		s.must(err)
		if got := eventIDs(c.Events); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("events are %q", got)
		}
		s.commit(l, store.Change{Consumed: []string{"a"}})
		s.claimNone(after(time.Hour - time.Millisecond))
		s.claimOne(after(time.Hour), ann)
	})
	t.Run("a due time that has passed changes nothing", func(t *testing.T) {
		s := open(t, o)
		s.accept(noon, store.Event{ID: "a", Key: ann, At: noon, Due: after(-time.Hour)})
		s.nextAt(noon)
		s.claimNone(after(-time.Millisecond))
		s.claimOne(noon, ann)
	})
	t.Run("loads what it claims", func(t *testing.T) {
		s := open(t, o)
		s.talk(ann, "a", noon, store.Change{
			Session: []byte("s"), Sends: []store.Send{{ID: "x", Due: after(time.Second), Body: []byte("1")}}, Hold: after(time.Second),
			Aside: []store.Letter{{ID: "l", Kind: "event", At: noon}},
		})
		s.hear(ann, "b", noon)
		claimed, err := s.Claim(t.Context(), after(time.Second), time.Minute, 10)
		s.must(err)
		if len(claimed) != 1 || claimed[0].Conversation == nil {
			t.Fatalf("claimed %+v", claimed)
		}
		c, err := s.Load(t.Context(), claimed[0].Lease)
		s.must(err)
		expectEqual(t, "claimed and loaded", *claimed[0].Conversation, c)
		expectEqual(t, "claimed and read", *claimed[0].Conversation, s.read(ann))
		if c.Claims != 1 || len(c.Letters) != 1 || len(c.Sends) != 1 || len(c.Events) != 1 {
			t.Errorf("conversation is %+v", c)
		}
	})
	for _, c := range []struct {
		name  string
		send  store.Send
		hold  time.Time
		early time.Time
		due   time.Time
	}{
		{"a send when due", store.Send{Due: after(time.Hour)}, time.Time{}, after(time.Hour - time.Millisecond), after(time.Hour)},
		{"not before the hold", store.Send{Due: noon}, after(time.Second), after(time.Second - time.Millisecond), after(time.Second)},
		{"not before the due time, the hold being over", store.Send{Due: after(2 * time.Second)}, after(time.Second), after(time.Second), after(2 * time.Second)},
		{"a send without a due time at once", store.Send{}, time.Time{}, time.Time{}, noon},
		{"fractions of a millisecond count up", store.Send{Due: after(time.Microsecond)}, time.Time{}, after(999 * time.Microsecond), after(time.Millisecond)},
		{"also in the hold", store.Send{Due: noon}, after(time.Microsecond), after(999 * time.Microsecond), after(time.Millisecond)},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, o)
			c.send.ID = "x"
			s.talk(ann, "a", noon, store.Change{Sends: []store.Send{c.send}, Hold: c.hold})
			if !c.early.IsZero() {
				s.claimNone(c.early)
			}
			s.claimOne(c.due, ann)
		})
	}
	t.Run("the next due send counts", func(t *testing.T) {
		s := open(t, o)
		sends := []store.Send{{ID: "x", Due: after(3 * time.Hour)}, {ID: "y", Due: after(time.Hour)}, {ID: "z", Due: after(2 * time.Hour)}}
		s.talk(ann, "a", noon, store.Change{Sends: sends})
		for i, id := range []string{"y", "z", "x"} {
			at := after(time.Duration(i+1) * time.Hour)
			s.nextAt(at)
			s.claimNone(at.Add(-time.Millisecond))
			l := s.claimOne(at, ann)
			c, err := s.Load(t.Context(), l)
			s.must(err)
			if c.Sends[0].ID != id {
				t.Errorf("first send is %s, want %s", c.Sends[0].ID, id)
			}
			s.commit(l, store.Change{Settled: []string{id}})
		}
		s.nextNever()
		s.claimNone(after(1000 * time.Hour))
	})
	t.Run("the longest overdue first", func(t *testing.T) { testOverdue(t, o) })
	t.Run("who is under a lease is passed over", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		s.claimOne(noon, ann)
		s.hear(ann, "b", after(time.Second))
		s.hear(bob, "c", after(time.Second))
		s.claimOne(after(2*time.Second), bob)
		s.claimNone(after(time.Minute - time.Millisecond))
		s.claimOne(after(time.Minute), ann)
	})
	t.Run("a lease that ran out with nothing to do", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		l := s.claimOne(noon, ann)
		s.must(s.Commit(t.Context(), l, store.Change{Consumed: []string{"a"}, Sends: []store.Send{{ID: "x", Due: after(time.Hour)}}}, false))
		s.claimNone(after(30 * time.Minute))
		s.nextAt(after(time.Hour))
		s.claimOne(after(time.Hour), ann)
	})
}

// testOverdue has fifty people wait, claims them in portions, and expects the order in which they came.
func testOverdue(t *testing.T, o Options) {
	s := open(t, o)
	const people = 50
	var want []store.Key
	for i := range people {
		// Neighbours in time are strangers in name, so that no order of names helps.
		k := store.Key{Page: strconv.Itoa(i % 3), Person: strconv.Itoa(i * 7919 % 1000)}
		want = append(want, k)
		s.hear(k, "e", after(time.Duration(i)*time.Millisecond))
	}
	var got []store.Key
	for len(got) < people {
		leases := s.claim(after(time.Minute), 7)
		if len(leases) == 0 {
			t.Fatalf("claims stop after %d of %d", len(got), people)
		}
		for _, l := range leases {
			got = append(got, l.Key)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("claimed in the order %v, want %v", got, want)
	}
}

// nextAt expects Next to tell at, or earlier where Claim would then find out.
func (s stage) nextAt(at time.Time) {
	s.t.Helper()
	got, ok, err := s.Next(s.t.Context())
	s.must(err)
	if !ok || got.After(at) {
		s.t.Fatalf("next is %v, %v; want %v", got, ok, at)
	}
}

// nextNever expects Next to know of nothing.
func (s stage) nextNever() {
	s.t.Helper()
	if got, ok, err := s.Next(s.t.Context()); err != nil || ok {
		s.t.Fatalf("next is %v, %v, %v; want nothing", got, ok, err)
	}
}
