package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// testErase: after an erasure nothing names the person.
func testErase(t *testing.T, o Options) {
	const secret = "7735123999"
	gone := store.Key{Page: ann.Page, Person: secret}
	fill := func(s stage, k store.Key) {
		s.talk(k, secret+"|a", noon, store.Change{
			Session: []byte("session of " + secret), Hold: after(time.Minute),
			Aside: []store.Letter{{ID: secret + "z", At: noon, Kind: "event", Reason: secret, Body: []byte(secret)}},
			Sends: []store.Send{
				{ID: secret + "x", Due: after(time.Hour), Body: []byte(secret)},
				{ID: secret + "y", Due: after(time.Hour), Stay: true, Body: []byte(secret)},
			},
		})
	}
	for _, c := range []struct {
		name   string
		before func(s stage)
	}{
		{"at rest", func(stage) {}},
		{"with an event waiting", func(s stage) { s.hear(gone, secret+"|b", noon) }},
		{"under a lease", func(s stage) {
			s.hear(gone, secret+"|b", noon)
			s.claimOne(noon, gone)
		}},
		{"with sends tried", func(s stage) {
			s.commit(s.claimOne(after(time.Hour), gone), store.Change{Retried: []string{secret + "x"}})
		}},
		{"with sends held back by a pause", func(s stage) {
			s.must(s.Pause(s.t.Context(), store.Pause{Page: gone.Page}))
			s.claimNone(after(2 * time.Hour))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, o)
			fill(s, gone)
			c.before(s)
			s.must(s.Erase(t.Context(), gone))
			for _, raw := range o.Dump(t, s.Store) {
				if strings.Contains(raw, secret) {
					t.Errorf("still kept: %q", raw)
				}
			}
			expectEqual(t, "conversation", s.read(gone), store.Conversation{Key: gone})
			s.must(s.Resume(t.Context(), gone.Page))
			s.claimNone(after(24 * time.Hour))
			s.nextNever()
			s.people(gone.Page, "")
			s.idle(after(1000 * time.Hour))
			if fresh := s.accept(after(time.Hour), store.Event{ID: secret + "|a", Key: gone}); len(fresh) != 0 {
				t.Error("a repeated webhook brought the person back")
			}
		})
	}
	t.Run("nothing is left to keep after a pause", func(t *testing.T) {
		for name, end := range map[string]func(s stage, l store.Lease){
			"committed": func(s stage, l store.Lease) { s.commit(l, store.Change{Consumed: []string{"b"}}) },
			"released": func(s stage, l store.Lease) {
				s.must(s.Commit(t.Context(), l, store.Change{Consumed: []string{"b"}}, false))
				s.must(s.Release(t.Context(), l))
			},
		} {
			s := open(t, o)
			s.talk(gone, "a", noon, store.Change{Sends: []store.Send{{ID: "x", Due: after(time.Second)}}})
			s.must(s.Pause(t.Context(), store.Pause{Page: gone.Page}))
			s.claimNone(after(time.Minute))
			_, claimed, err := s.Accept(t.Context(), after(time.Minute), []store.Event{{ID: "b", Key: gone}}, time.Minute, 1)
			s.must(err)
			s.must(s.Commit(t.Context(), claimed[0].Lease, store.Change{Cancel: true}, false))
			end(s, claimed[0].Lease)
			for _, raw := range o.Dump(t, s.Store) {
				if strings.Contains(raw, secret) {
					t.Errorf("%s: still kept: %q", name, raw)
				}
			}
		}
	})
	t.Run("others stay", func(t *testing.T) {
		s := open(t, o)
		near := store.Key{Page: gone.Page, Person: secret + "0"} // its name begins alike
		fill(s, gone)
		fill(s, near)
		before := s.read(near)
		s.must(s.Erase(t.Context(), gone))
		expectEqual(t, "neighbour", s.read(near), before)
		s.claimOne(after(time.Hour), near)
	})
	t.Run("somebody unknown", func(t *testing.T) {
		s := open(t, o)
		s.must(s.Erase(t.Context(), gone))
	})
	t.Run("only who rests", func(t *testing.T) { testEraseIdle(t, o, gone, fill, secret) })
	t.Run("the scan can find something", func(t *testing.T) {
		s := open(t, o)
		fill(s, gone)
		if !strings.Contains(strings.Join(o.Dump(t, s.Store), "\n"), secret) {
			t.Error("Dump does not show what is kept")
		}
	})
}

// testEraseIdle: whoever rests is erased wholly, and whoever stirred since is not touched.
func testEraseIdle(t *testing.T, o Options, gone store.Key, fill func(stage, store.Key), secret string) {
	since := after(48 * time.Hour)
	for _, c := range []struct {
		name  string
		stirs func(s stage)
		want  bool
	}{
		{"since then nothing happened", func(stage) {}, true},
		{"somebody else stirred", func(s stage) { s.hear(store.Key{Page: gone.Page, Person: secret + "0"}, "b", since) }, true},
		{"a word came", func(s stage) { s.hear(gone, secret+"|b", since) }, false},
		{"somebody works on it", func(s stage) { s.claimOne(since, gone) }, false},
		{"it was erased", func(s stage) { s.must(s.Erase(s.t.Context(), gone)) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, o)
			fill(s, gone)
			c.stirs(s)
			before := s.read(gone)
			done, err := s.EraseIdle(t.Context(), gone, since)
			s.must(err)
			if done != c.want {
				t.Fatalf("erased: %v, want %v", done, c.want)
			}
			if !done {
				expectEqual(t, "conversation", s.read(gone), before)
				return
			}
			for _, raw := range o.Dump(t, s.Store) {
				if strings.Contains(strings.ReplaceAll(raw, secret+"0", ""), secret) {
					t.Errorf("still kept: %q", raw)
				}
			}
			expectEqual(t, "conversation", s.read(gone), store.Conversation{Key: gone})
		})
	}
	t.Run("a name of no form", func(t *testing.T) {
		s := open(t, o)
		if _, err := s.EraseIdle(t.Context(), store.Key{Page: "1", Person: "a b"}, since); err == nil {
			t.Error("taken")
		}
	})
}
