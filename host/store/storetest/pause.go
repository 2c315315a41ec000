package storetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// testPause: a pause stops a Page's sends and nothing else, and loses none.
func testPause(t *testing.T, o Options) {
	later := []store.Send{{ID: "x", Due: after(time.Second)}}
	paused := func(t *testing.T, until time.Time) stage {
		s := open(t, o)
		s.talk(ann, "a", noon, store.Change{Sends: later})
		s.must(s.Pause(t.Context(), store.Pause{Page: ann.Page, Until: until, Reason: "the token died"}))
		s.claimNone(after(2 * time.Second))
		return s
	}
	t.Run("sends stop until resumed", func(t *testing.T) {
		s := paused(t, time.Time{})
		s.nextNever()
		s.claimNone(after(time.Hour))
		s.must(s.Resume(t.Context(), ann.Page))
		s.nextAt(after(time.Second))
		s.claimOne(after(time.Hour), ann)
	})
	t.Run("a resume does not hurry", func(t *testing.T) {
		s := paused(t, time.Time{})
		s.must(s.Resume(t.Context(), ann.Page))
		s.claimNone(after(time.Second - time.Millisecond))
		s.claimOne(after(time.Second), ann)
	})
	t.Run("sends go on by themselves", func(t *testing.T) {
		s := paused(t, after(time.Hour))
		s.nextAt(after(time.Hour))
		s.claimNone(after(time.Hour - time.Millisecond))
		s.claimOne(after(time.Hour), ann)
	})
	t.Run("resumed before its end", func(t *testing.T) {
		s := paused(t, after(time.Hour))
		s.must(s.Resume(t.Context(), ann.Page))
		s.claimOne(after(3*time.Second), ann)
	})
	t.Run("shortened", func(t *testing.T) {
		s := paused(t, time.Time{})
		s.must(s.Pause(t.Context(), store.Pause{Page: ann.Page, Until: after(time.Minute)}))
		s.claimNone(after(time.Minute - time.Millisecond))
		s.claimOne(after(time.Minute), ann)
	})
	t.Run("lengthened", func(t *testing.T) {
		s := paused(t, after(time.Minute))
		s.must(s.Pause(t.Context(), store.Pause{Page: ann.Page}))
		s.claimNone(after(time.Hour))
	})
	t.Run("prolonged", func(t *testing.T) {
		for _, row := range []struct {
			name        string
			before, now time.Time // zero: until it is resumed
			done        bool
		}{
			{"a longer one", after(time.Minute), after(time.Hour), true},
			{"for ever", after(time.Minute), time.Time{}, true},
			{"a shorter one", after(time.Hour), after(time.Minute), false},
			{"as long", after(time.Hour), after(time.Hour), false},
			{"shorter than for ever", time.Time{}, after(time.Hour), false},
			{"for ever twice", time.Time{}, time.Time{}, false},
		} {
			s := paused(t, row.before)
			s.prolong(store.Pause{Page: ann.Page, Until: row.now, Reason: "again"}, row.done)
			want := store.Pause{Page: ann.Page, Until: row.before, Reason: "the token died"}
			if row.done {
				want = store.Pause{Page: ann.Page, Until: row.now, Reason: "again"}
			}
			got, err := s.Pauses(t.Context())
			s.must(err)
			expectEqual(t, row.name, got, []store.Pause{want})
			if want.Until.IsZero() {
				s.claimNone(after(24 * time.Hour))
				continue
			}
			s.claimNone(want.Until.Add(-time.Millisecond))
			s.claimOne(want.Until, ann)
		}
		s := open(t, o)
		s.prolong(store.Pause{Page: ann.Page, Until: after(time.Minute)}, true) // where there is none
	})
	t.Run("prolonged by many at once", func(t *testing.T) {
		s := paused(t, after(time.Minute))
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if _, err := s.Prolong(t.Context(), store.Pause{Page: ann.Page, Until: after(time.Duration(i) * time.Minute)}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		s.claimNone(after(19*time.Minute - time.Millisecond))
		s.claimOne(after(19*time.Minute), ann)
	})
	t.Run("events go on", func(t *testing.T) {
		s := paused(t, time.Time{})
		s.talk(ann, "b", after(3*time.Second), store.Change{Session: []byte("heard")})
		s.claimNone(after(4 * time.Second)) // and its sends still wait
		if got := s.read(ann); string(got.Session) != "heard" || !slices.Equal(sendIDs(got.Sends), []string{"x"}) {
			t.Errorf("conversation is %+v", got)
		}
		s.must(s.Resume(t.Context(), ann.Page))
		s.claimOne(after(5*time.Second), ann)
	})
	t.Run("other pages go on", func(t *testing.T) {
		s := open(t, o)
		s.must(s.Pause(t.Context(), store.Pause{Page: ann.Page}))
		s.talk(ann, "a", noon, store.Change{Sends: later})
		s.talk(carl, "a", noon, store.Change{Sends: later})
		s.claimOne(after(time.Minute), carl)
	})
	t.Run("many wait, all come back", func(t *testing.T) {
		s := open(t, o)
		s.must(s.Pause(t.Context(), store.Pause{Page: ann.Page}))
		s.talk(ann, "a", noon, store.Change{Sends: later})
		s.talk(bob, "a", noon, store.Change{Sends: later})
		s.talk(carl, "a", noon, store.Change{Sends: []store.Send{{ID: "x", Due: after(time.Minute)}}})
		s.must(s.Release(t.Context(), s.claimOne(after(time.Minute), carl)))
		s.must(s.Resume(t.Context(), ann.Page))
		got := ids(s.claim(after(time.Hour), 10), func(l store.Lease) string { return l.Key.Page + "/" + l.Key.Person })
		if want := []string{"100/1", "100/2", "200/1"}; !slices.Equal(got, want) {
			t.Errorf("claimed %q, want %q", got, want)
		}
	})
	t.Run("paused while under a lease", func(t *testing.T) {
		s := open(t, o)
		s.hear(ann, "a", noon)
		l := s.claimOne(noon, ann)
		s.must(s.Pause(t.Context(), store.Pause{Page: ann.Page}))
		s.commit(l, store.Change{Consumed: []string{"a"}, Sends: later})
		s.claimNone(after(time.Minute))
		s.must(s.Resume(t.Context(), ann.Page))
		s.claimOne(after(time.Minute), ann)
	})
	t.Run("list", func(t *testing.T) {
		s := open(t, o)
		ctx := t.Context()
		want := []store.Pause{
			{Page: "100", Until: after(time.Hour), Reason: "limit: reached"},
			{Page: "200", Reason: ""},
		}
		s.must(s.Pause(ctx, want[1]))
		s.must(s.Pause(ctx, store.Pause{Page: "100", Reason: "earlier"}))
		s.must(s.Pause(ctx, want[0]))
		s.must(s.Pause(ctx, store.Pause{Page: "300"}))
		s.must(s.Resume(ctx, "300"))
		s.must(s.Resume(ctx, "400"))
		got, err := s.Pauses(ctx)
		s.must(err)
		expectEqual(t, "pauses", got, want)
	})
}

// prolong prolongs a pause and expects that it was set, or not.
func (s stage) prolong(p store.Pause, want bool) {
	s.t.Helper()
	done, err := s.Prolong(s.t.Context(), p)
	s.must(err)
	if done != want {
		s.t.Errorf("prolonged until %v: %v, want %v", p.Until, done, want)
	}
}
