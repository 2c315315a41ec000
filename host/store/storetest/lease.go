package storetest

import (
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// testLease: a lease is good until somebody else has the conversation, and not a moment longer.
func testLease(t *testing.T, o Options) {
	type losing struct {
		name string
		lose func(s stage, l store.Lease) // takes the lease away
	}
	for _, c := range []losing{
		{"taken over", func(s stage, _ store.Lease) { s.claimOne(after(time.Minute), ann) }},
		{"taken over and released", func(s stage, _ store.Lease) {
			s.must(s.Release(s.t.Context(), s.claimOne(after(time.Minute), ann)))
		}},
		{"released", func(s stage, l store.Lease) { s.must(s.Release(s.t.Context(), l)) }},
		{"ended by a commit", func(s stage, l store.Lease) { s.commit(l, store.Change{Session: []byte("before")}) }},
		{"erased", func(s stage, _ store.Lease) { s.must(s.Erase(s.t.Context(), ann)) }},
		{"erased and come again", func(s stage, _ store.Lease) {
			s.must(s.Erase(s.t.Context(), ann))
			s.hear(ann, "b", after(time.Second))
			s.claimOne(after(time.Second), ann)
		}},
	} {
		t.Run("fenced when "+c.name, func(t *testing.T) {
			s := open(t, o)
			s.hear(ann, "a", noon)
			l := s.claimOne(noon, ann)
			c.lose(s, l)
			before := s.read(ann)
			expectFenced(s, l)
			expectEqual(t, "conversation after refused operations", s.read(ann), before)
		})
	}
	t.Run("no lease at all", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		expectFenced(s, store.Lease{Key: ann})
		expectFenced(s, store.Lease{Key: ann, Fence: 1})
		expectFenced(s, store.Lease{Key: bob, Fence: 1})
	})
	t.Run("good after it ran out", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		l := s.claimOne(noon, ann)
		s.claimNone(after(30 * time.Second))
		s.commit(l, store.Change{Consumed: []string{"a"}, Session: []byte("late")})
		if got := string(s.read(ann).Session); got != "late" {
			t.Errorf("session is %q", got)
		}
	})
	t.Run("release puts the work back", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		l := s.claimOne(noon, ann)
		s.must(s.Release(t.Context(), l))
		again := s.claimOne(noon, ann)
		if again.Fence <= l.Fence {
			t.Errorf("fence was %d, then %d", l.Fence, again.Fence)
		}
	})
	t.Run("extend", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		l := s.claimOne(noon, ann)
		longer, err := s.Extend(t.Context(), l, after(5*time.Minute), store.Counted)
		s.must(err)
		expectEqual(t, "extended lease", longer, store.Lease{Key: ann, Fence: l.Fence, Until: after(5 * time.Minute)})
		s.claimNone(after(5*time.Minute - time.Millisecond))
		next := s.claimOne(after(5*time.Minute), ann)
		if next.Fence <= l.Fence {
			t.Errorf("fence was %d, then %d", l.Fence, next.Fence)
		}
	})
	t.Run("one that has no work", func(t *testing.T) {
		s := open(t, o)
		s.talk(ann, "a", noon, store.Change{Session: []byte("s"), Sends: []store.Send{{ID: "x", Due: after(time.Second)}}})
		l := s.lease(noon, ann)
		expectEqual(t, "lease", l, store.Lease{Key: ann, Fence: l.Fence, Until: after(time.Minute)})
		s.claimNone(after(2 * time.Second))
		s.hear(ann, "b", after(3*time.Second))
		s.claimNone(after(time.Minute - time.Millisecond))
		s.commit(l, store.Change{Session: []byte("t")})
		next := s.claimOne(after(4*time.Second), ann)
		if next.Fence <= l.Fence {
			t.Errorf("fence was %d, then %d", l.Fence, next.Fence)
		}
	})
	t.Run("one that is under another", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		l := s.claimOne(noon, ann)
		for _, at := range []time.Time{noon, after(time.Minute - time.Millisecond)} {
			if got, ok, err := s.Lease(t.Context(), at, ann, time.Hour); err != nil || ok {
				t.Errorf("leased %v, %v, %v", got, ok, err)
			}
		}
		s.must(s.Commit(t.Context(), l, store.Change{Session: []byte("mine")}, false))
		next := s.lease(after(time.Minute), ann)
		expectFenced(s, l)
		s.claimNone(after(time.Minute))
		s.must(s.Release(t.Context(), next))
		s.claimOne(after(time.Minute), ann)
	})
	t.Run("one of somebody new", func(t *testing.T) {
		s := open(t, o)
		s.must(s.Release(t.Context(), s.lease(noon, ann)))
		s.commit(s.lease(noon, ann), store.Change{})
		s.people(ann.Page, "")
		s.idle(after(1000 * time.Hour))
		s.commit(s.lease(noon, ann), store.Change{Session: []byte("s")})
		s.people(ann.Page, "", ann.Person)
		s.nextNever()
	})
	t.Run("is counted until one is given back", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		var l store.Lease
		for i := range 3 {
			l = s.claimOne(after(time.Duration(i)*time.Minute), ann)
			c, err := s.Load(t.Context(), l)
			s.must(err)
			if c.Claims != i+1 {
				t.Errorf("claims are %d, want %d", c.Claims, i+1)
			}
		}
		for i, step := range []struct {
			name   string
			do     func() error
			claims int
		}{
			{"a commit", func() error { return s.Commit(t.Context(), l, store.Change{Session: []byte("s")}, false) }, 1},
			{"a lease after it", func() error { l = s.claimOne(after(4*time.Minute), ann); return nil }, 2},
			{"a release", func() error { return s.Release(t.Context(), l) }, 0},
			{"a lease after it", func() error { l = s.claimOne(after(5*time.Minute), ann); return nil }, 1},
			{"an extension", func() error { l, _ = s.Extend(t.Context(), l, after(6*time.Minute), store.Counted); return nil }, 1},
			{"one under which nothing was begun", func() error { l, _ = s.Extend(t.Context(), l, after(6*time.Minute), 0); return nil }, 0},
			{"a lease after it", func() error { l = s.claimOne(after(6*time.Minute), ann); return nil }, 1},
			{"a lease after it", func() error { l = s.claimOne(after(7*time.Minute), ann); return nil }, 2},
			{"one under which no more was begun", func() error { l, _ = s.Extend(t.Context(), l, after(8*time.Minute), 1); return nil }, 1},
			{"a lease after it", func() error { l = s.claimOne(after(8*time.Minute), ann); return nil }, 2},
			{"a commit with release", func() error { return s.Commit(t.Context(), l, store.Change{}, true) }, 0},
		} {
			s.must(step.do())
			if got := s.read(ann).Claims; got != step.claims {
				t.Errorf("step %d: claims are %d after %s, want %d", i, got, step.name, step.claims)
			}
		}
	})
	t.Run("the fence grows across an erasure", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		first := s.claimOne(noon, ann)
		s.must(s.Erase(t.Context(), ann))
		s.hear(ann, "b", noon)
		if second := s.claimOne(noon, ann); second.Fence <= first.Fence {
			t.Errorf("fence was %d, then %d", first.Fence, second.Fence)
		}
	})
}

// lease leases one conversation for a minute and expects to get it.
func (s stage) lease(now time.Time, k store.Key) store.Lease {
	s.t.Helper()
	l, ok, err := s.Lease(s.t.Context(), now, k, time.Minute)
	s.must(err)
	if !ok {
		s.t.Fatalf("%v is not leased", k)
	}
	return l
}

// expectFenced expects every operation under the lease to be refused, and Release to do nothing.
func expectFenced(s stage, l store.Lease) {
	s.t.Helper()
	ctx := s.t.Context()
	_, err := s.Load(ctx, l)
	expectError(s.t, "load", err, store.ErrFenced)
	_, err = s.Extend(ctx, l, after(time.Hour), 0)
	expectError(s.t, "extend", err, store.ErrFenced)
	change := store.Change{
		Session: []byte("stale"), Consumed: []string{"a", "b"}, Cancel: true,
		Sends: []store.Send{{ID: "stale", Due: noon}}, Hold: after(time.Hour),
	}
	for _, release := range []bool{false, true} {
		expectError(s.t, "commit", s.Commit(ctx, l, change, release), store.ErrFenced)
	}
	s.must(s.Release(ctx, l))
}
