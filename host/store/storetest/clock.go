package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/footlight-bots/footlight/host/store"
)

// testClocks: hosts whose clocks are wrong work early, late or twice as hard, but what counts is the fence: nothing is
// lost, and nothing is done twice.
func testClocks(t *testing.T, o Options) {
	t.Run("a host ahead takes over what another works on", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		l := s.claimOne(noon, ann)
		ahead := s.claimOne(after(time.Hour), ann)
		expectFenced(s, l)
		s.commit(ahead, store.Change{Session: []byte("once"), Consumed: []string{"a"}})
		s.claimNone(after(2 * time.Hour))
	})
	t.Run("a host behind leaves alone what it thinks is early", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		s.claimNone(after(-time.Hour))
		if _, ok, err := s.Lease(t.Context(), after(-time.Hour), ann, time.Minute); err != nil || !ok {
			t.Errorf("not leased by name: %v, %v", ok, err)
		}
		s.claimOne(noon, ann) // the lease of a host behind has run out
	})
	t.Run("what a host behind accepts is work at once", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", after(-time.Hour))
		s.claimOne(noon, ann)
	})
	t.Run("what a host ahead accepts waits as long as it is ahead", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", after(time.Minute))
		s.claimNone(noon)
		s.hear(ann, "b", after(time.Second)) // by a host whose clock is right: with it comes the rest
		got := eventIDs(s.read(ann).Events)
		s.claimOne(after(time.Second), ann)
		if len(got) != 2 {
			t.Errorf("events are %q", got)
		}
	})
	t.Run("a clock set back repeats nothing", func(t *testing.T) {
		s := open(t, o)
		s.talk(ann, "a", after(time.Hour), store.Change{Session: []byte("s")})
		if fresh := s.accept(noon, store.Event{ID: "a", Key: ann, At: noon}); len(fresh) != 0 {
			t.Errorf("heard again: %v", fresh)
		}
	})
	t.Run("a lease in the future ends with its release", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		l := s.claimOne(after(1000*time.Hour), ann)
		s.claimNone(noon)
		s.must(s.Release(t.Context(), l))
		s.claimOne(noon, ann)
	})
	t.Run("a crowd of clocks", func(t *testing.T) { testCrowdOfClocks(t, o) })
}

// skew is how far the clocks of the crowd are apart: several leases.
const skew = 10 * time.Minute

// testCrowdOfClocks has many workers on two hosts listen, each look by another clock, so that they take over from each
// other all the time. Everything said is in the session once.
func testCrowdOfClocks(t *testing.T, o Options) {
	hosts := handles(t, o)
	if err := speak(t, hosts[0]); err != nil {
		t.Fatal(err)
	}
	var left atomic.Int64
	left.Store(crowd * said)
	var group errgroup.Group
	for i := range workers {
		group.Go(func() error {
			for left.Load() > 0 {
				n, err := hearByAnyClock(t, hosts[i%len(hosts)])
				if err != nil {
					return err
				}
				left.Add(-int64(n))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for i := range crowd {
		c, err := hosts[0].Read(t.Context(), member(i))
		if err != nil {
			t.Fatal(err)
		}
		for n := range said {
			if id := fmt.Sprintf("m%d", n); strings.Count(string(c.Session)+" ", " "+id+" ") != 1 {
				t.Errorf("%v: %s is not heard once: %q", c.Key, id, c.Session)
			}
		}
		if len(c.Events) != 0 {
			t.Errorf("%v: %d events are left", c.Key, len(c.Events))
		}
	}
}

// hearByAnyClock claims by a clock that may be wrong and hears one event of each; it returns how many were granted.
func hearByAnyClock(t *testing.T, s store.Store) (heard int, err error) {
	claimed, err := s.Claim(t.Context(), after(rand.N(skew)), time.Minute, 3)
	if err != nil {
		return 0, err
	}
	for _, c := range claimed {
		if c.Conversation == nil || len(c.Conversation.Events) == 0 {
			continue // somebody else was faster
		}
		id := c.Conversation.Events[0].ID
		change := store.Change{Session: append(c.Conversation.Session, " "+id...), Consumed: []string{id}}
		err := s.Commit(t.Context(), c.Lease, change, true)
		if errors.Is(err, store.ErrFenced) {
			continue
		}
		if err != nil {
			return heard, err
		}
		heard++
	}
	return heard, nil
}
