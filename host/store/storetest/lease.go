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
		longer, err := s.Extend(t.Context(), l, after(5*time.Minute))
		s.must(err)
		expectEqual(t, "extended lease", longer, store.Lease{Key: ann, Fence: l.Fence, Until: after(5 * time.Minute)})
		s.claimNone(after(5*time.Minute - time.Millisecond))
		next := s.claimOne(after(5*time.Minute), ann)
		if next.Fence <= l.Fence {
			t.Errorf("fence was %d, then %d", l.Fence, next.Fence)
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

// expectFenced expects every operation under the lease to be refused, and Release to do nothing.
func expectFenced(s stage, l store.Lease) {
	s.t.Helper()
	ctx := s.t.Context()
	_, err := s.Load(ctx, l)
	expectError(s.t, "load", err, store.ErrFenced)
	_, err = s.Extend(ctx, l, after(time.Hour))
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
