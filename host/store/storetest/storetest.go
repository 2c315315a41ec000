// Package storetest holds the laws of the store contract as tests that any
// implementation must pass: tables for each law, a comparison with a model over random
// histories, and many workers at once. Time is given by the tests, so nothing here waits.
// No API of the host is promised.
package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// Options give the suite its stores.
type Options struct {
	// Open returns a store that is new and empty. The suite closes it.
	Open func(t testing.TB) store.Store
	// Again returns a second handle on the data of one that is open, as another host has it; nil
	// where the implementation serves one process. The suite closes it.
	Again func(t testing.TB, s store.Store) store.Store
	// Dump returns every key and value that is kept, as raw bytes.
	Dump func(t testing.TB, s store.Store) []string
	// Brief plays only a few random histories: for what is slow, or is tested at length otherwise.
	Brief bool
}

// Run runs all laws.
func Run(t *testing.T, o Options) {
	for _, group := range []struct {
		name string
		run  func(*testing.T, Options)
	}{
		{"accept", testAccept},
		{"claim", testClaim},
		{"lease", testLease},
		{"commit", testCommit},
		{"pause", testPause},
		{"erase", testErase},
		{"letters", testLetters},
		{"people", testPeople},
		{"idle", testIdle},
		{"shelf", testShelf},
		{"paper", testPaper},
		{"bounds", testBounds},
		{"closed", testClosed},
		{"history", testHistory},
		{"workers", testWorkers},
		{"takeover", testTakeover},
		{"batches", testBatches},
		{"clocks", testClocks},
	} {
		t.Run(group.name, func(t *testing.T) { group.run(t, o) })
	}
}

// noon is when the tests begin.
var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// after is a time of the tests.
func after(d time.Duration) time.Time { return noon.Add(d) }

// ann and the rest are conversations.
var (
	ann  = store.Key{Page: "100", Person: "1"}
	bob  = store.Key{Page: "100", Person: "2"}
	carl = store.Key{Page: "200", Person: "1"} // another Page's person of the same id
)

// stage is a store under test with short words for what tests do.
type stage struct {
	t testing.TB
	store.Store
}

func open(t testing.TB, o Options) stage {
	t.Helper()
	s := o.Open(t)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return stage{t, s}
}

// hear accepts one event of a person now.
func (s stage) hear(k store.Key, id string, now time.Time) {
	s.t.Helper()
	fresh := s.accept(now, store.Event{ID: id, Key: k, At: now, Body: []byte(id)})
	if len(fresh) != 1 {
		s.t.Fatalf("event %s was not new", id)
	}
}

func (s stage) accept(now time.Time, events ...store.Event) []store.Event {
	s.t.Helper()
	fresh, _, err := s.Accept(s.t.Context(), now, events, 0, 0)
	s.must(err)
	return fresh
}

func (s stage) claim(now time.Time, limit int) []store.Lease {
	s.t.Helper()
	claimed, err := s.Claim(s.t.Context(), now, time.Minute, limit)
	s.must(err)
	leases := make([]store.Lease, len(claimed))
	for i, c := range claimed {
		leases[i] = c.Lease
	}
	return leases
}

// claimOne claims and expects just this conversation.
func (s stage) claimOne(now time.Time, k store.Key) store.Lease {
	s.t.Helper()
	leases := s.claim(now, 10)
	if len(leases) != 1 || leases[0].Key != k {
		s.t.Fatalf("claimed %v, want only %v", leases, k)
	}
	return leases[0]
}

// claimNone claims and expects nothing.
func (s stage) claimNone(now time.Time) {
	s.t.Helper()
	if leases := s.claim(now, 10); len(leases) != 0 {
		s.t.Fatalf("claimed %v, want nothing", leases)
	}
}

func (s stage) commit(l store.Lease, c store.Change) {
	s.t.Helper()
	s.must(s.Commit(s.t.Context(), l, c, true))
}

func (s stage) read(k store.Key) store.Conversation {
	s.t.Helper()
	c, err := s.Read(s.t.Context(), k)
	s.must(err)
	return c
}

// talk lets a person say one thing and commits a change in answer to it.
func (s stage) talk(k store.Key, id string, now time.Time, c store.Change) {
	s.t.Helper()
	s.hear(k, id, now)
	c.Consumed = append(c.Consumed, id)
	s.commit(s.claimOne(now, k), c)
}

func (s stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func ids[T any](list []T, id func(T) string) []string {
	out := make([]string, 0, len(list))
	for _, e := range list {
		out = append(out, id(e))
	}
	return out
}

func eventIDs(events []store.Event) []string {
	return ids(events, func(e store.Event) string { return e.ID })
}

func sendIDs(sends []store.Send) []string {
	return ids(sends, func(s store.Send) string { return s.ID })
}

// testClosed: a closed store says so, and may be closed again.
func testClosed(t *testing.T, o Options) {
	s := o.Open(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	ctx := context.Background()
	for name, err := range map[string]error{
		"check":  s.Check(ctx),
		"resume": s.Resume(ctx, "100"),
		"read":   func() error { _, err := s.Read(ctx, ann); return err }(),
		"accept": func() error {
			_, _, err := s.Accept(ctx, noon, []store.Event{{ID: "a", Key: ann}}, 0, 0)
			return err
		}(),
		"paper": func() error { _, err := s.Paper(ctx, "p"); return err }(),
		"set paper": func() error {
			_, _, err := s.SetPaper(ctx, store.Paper{Name: "p", Body: []byte("b")})
			return err
		}(),
		"value": func() error { _, err := s.Value(ctx, store.Shelf{Page: "1", Plugin: "p"}, "k"); return err }(),
		"set value": func() error {
			_, err := s.SetValue(ctx, store.Shelf{Page: "1", Plugin: "p"}, "k", []byte("v"), nil)
			return err
		}(),
		"claim":  func() error { _, err := s.Claim(ctx, noon, time.Minute, 1); return err }(),
		"lease":  func() error { _, _, err := s.Lease(ctx, noon, ann, time.Minute); return err }(),
		"people": func() error { _, err := s.People(ctx, "100", "", 1); return err }(),
		"idle":   func() error { _, err := s.Idle(ctx, noon, 1); return err }(),
	} {
		expectError(t, name, err, store.ErrClosed)
	}
}
