package bolt_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

// TestLeasesOfAProcessThatDied: what the process before had leased is work at once, unless something of it may
// have gone out.
func TestLeasesOfAProcessThatDied(t *testing.T) {
	k := store.Key{Page: "1", Person: "2"}
	const lease = time.Minute
	later := start.Add(lease + time.Millisecond)
	for _, c := range []struct {
		name string
		kept store.Change // before the event that was worked on
		free bool
	}{
		{"in a first turn", store.Change{}, true},
		{"in a turn", store.Change{Session: []byte("s")}, true},
		{"with a send that is due after the lease", store.Change{Sends: []store.Send{{ID: "x", Due: later}}}, true},
		{"with a send that is held back for longer", store.Change{Sends: []store.Send{{ID: "x", Due: start}}, Hold: later}, true},
		{"with a send that may have gone out", store.Change{Sends: []store.Send{{ID: "x", Due: start}}}, false},
		{"with a send that became due under the lease", store.Change{Sends: []store.Send{{ID: "x", Due: start.Add(lease)}}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state.db")
			s := open(t, path)
			before := lend(t, s, k, "a", lease)
			c.kept.Consumed = []string{"a"}
			if err := s.Commit(t.Context(), before, c.kept, true); err != nil {
				t.Fatal(err)
			}
			dead := lend(t, s, k, "b", lease)
			if err := s.Close(); err != nil { // leases are not released
				t.Fatal(err)
			}
			s = open(t, path)
			claimed, err := s.Claim(t.Context(), start, lease, 10)
			if err != nil || (len(claimed) == 1) != c.free {
				t.Fatalf("claimed %v, %v at once; want one: %v", claimed, err, c.free)
			}
			if !c.free {
				claimed, err = s.Claim(t.Context(), start.Add(lease), lease, 10)
			}
			if err != nil || len(claimed) != 1 {
				t.Fatalf("claimed %v, %v after the lease", claimed, err)
			}
			if got := claimed[0].Conversation.Claims; got != 2 {
				t.Errorf("it counts %d leases, want 2", got)
			}
			if err := s.Commit(t.Context(), dead, store.Change{}, false); !errors.Is(err, store.ErrFenced) {
				t.Errorf("the lease of before commits: %v", err)
			}
		})
	}
}

// TestALeaseOfNothingLeavesNothing: who was leased without anything kept of them is not there after a crash.
func TestALeaseOfNothingLeavesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	s := open(t, path)
	k := store.Key{Page: "1", Person: "2"}
	if _, ok, err := s.Lease(t.Context(), start, k, time.Minute); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if people, err := open(t, path).People(t.Context(), k.Page, "", 10); err != nil || len(people) != 0 {
		t.Errorf("people are %q, %v", people, err)
	}
}

// lend accepts an event and leases its conversation.
func lend(t *testing.T, s *bolt.Store, k store.Key, id string, lease time.Duration) store.Lease {
	t.Helper()
	if _, _, err := s.Accept(t.Context(), start, []store.Event{{ID: id, Key: k, At: start}}, 0, 0); err != nil {
		t.Fatal(err)
	}
	l, ok, err := s.Lease(t.Context(), start, k, lease)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	return l
}
