package storetest

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// testLetters: what is given up is kept to be looked at, so many and no more.
func testLetters(t *testing.T, o Options) {
	letter := func(kind, id, reason string) store.Letter {
		return store.Letter{ID: id, At: after(time.Millisecond), Kind: kind, Reason: reason, Body: []byte("body of " + id)}
	}
	t.Run("kept whole, in the order of time", func(t *testing.T) {
		s := open(t, o)
		body := []byte("\x00\xff:|")
		first := store.Letter{ID: "b|:1", At: noon, Kind: "event", Reason: "it traps: \x00", Body: body}
		s.talk(ann, "a", noon, store.Change{Aside: []store.Letter{first, letter("send", "x", "")}})
		body[0] = 'x' // the caller's to change
		s.talk(ann, "b", noon, store.Change{Session: []byte("s")})
		s.talk(ann, "c", noon, store.Change{Aside: []store.Letter{letter("event", "a", "later")}})
		first.Body = []byte("\x00\xff:|")
		expectEqual(t, "letters", s.read(ann).Letters, []store.Letter{first, letter("send", "x", ""), letter("event", "a", "later")})
		s.nextNever()
		expectEqual(t, "letters of another", s.read(bob).Letters, nil)
	})
	t.Run("one of the same kind and id takes its place", func(t *testing.T) {
		s := open(t, o)
		change := store.Change{Aside: []store.Letter{letter("event", "a", "1"), letter("send", "a", "2"), letter("event", "a", "3")}}
		s.hear(ann, "a", noon)
		l := s.claimOne(noon, ann)
		for range 2 { // as after a lost answer
			s.must(s.Commit(t.Context(), l, change, false))
			expectEqual(t, "letters", s.read(ann).Letters, change.Aside[1:])
		}
	})
	t.Run("the oldest make room", func(t *testing.T) {
		s := open(t, o)
		var all []store.Letter
		for i := range 2 * store.MaxLetters {
			all = append(all, letter("send", fmt.Sprint(i*7919%100), strconv.Itoa(i)))
			s.talk(ann, strconv.Itoa(i), noon, store.Change{Aside: all[i:]})
		}
		expectEqual(t, "letters", s.read(ann).Letters, all[store.MaxLetters:])
		s.talk(ann, "at once", noon, store.Change{Aside: all})
		expectEqual(t, "letters", s.read(ann).Letters, all[store.MaxLetters:])
	})
}

// testPeople: everyone of whom anything is kept is listed, page by page, in order.
func testPeople(t *testing.T, o Options) {
	t.Run("in portions", func(t *testing.T) {
		s := open(t, o)
		var want []string
		for i := range 60 {
			k := store.Key{Page: "100", Person: strconv.Itoa(i*7919%1000/3) + []string{"", "-", ".", "_"}[i%4]}
			want = append(want, k.Person)
			s.hear(k, "e", noon)
			s.hear(store.Key{Page: []string{"10", "1000", "100.", "100-"}[i%4], Person: strconv.Itoa(i)}, "e", noon)
		}
		slices.Sort(want)
		var got []string
		for after := ""; ; {
			list, err := s.People(t.Context(), "100", after, 7)
			s.must(err)
			if len(list) == 0 {
				break
			}
			got, after = append(got, list...), list[len(list)-1]
		}
		if !slices.Equal(got, want) {
			t.Errorf("people are %q, want %q", got, want)
		}
	})
	for _, c := range []struct {
		name string
		kept store.Change
		want []string
	}{
		{"with a session", store.Change{Session: []byte("s")}, []string{ann.Person}},
		{"with an empty session", store.Change{Session: []byte{}}, []string{ann.Person}},
		{"with a send", store.Change{Sends: []store.Send{{ID: "x", Due: after(time.Hour)}}}, []string{ann.Person}},
		{"with a letter", store.Change{Aside: []store.Letter{{ID: "x", Kind: "send"}}}, []string{ann.Person}},
		{"with a hold", store.Change{Hold: after(time.Hour)}, []string{ann.Person}},
		{"with nothing", store.Change{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, o)
			s.talk(ann, "a", noon, c.kept)
			s.people(ann.Page, "", c.want...)
			s.people(ann.Page, ann.Person)
			s.people(ann.Page+"0", "")
			if c.want == nil {
				s.idle(after(1000 * time.Hour))
			}
		})
	}
	t.Run("one who left nothing", func(t *testing.T) {
		s := open(t, o)
		s.talk(ann, "a", noon, store.Change{Sends: []store.Send{{ID: "x", Due: noon}}})
		s.people(ann.Page, "", ann.Person)
		s.commit(s.claimOne(noon, ann), store.Change{Settled: []string{"x"}})
		s.people(ann.Page, "")
	})
}

// testIdle: who rests is found, and nobody early.
func testIdle(t *testing.T, o Options) {
	kept := store.Change{Session: []byte("s")}
	t.Run("since the last word or lease", func(t *testing.T) {
		s := open(t, o)
		s.talk(ann, "a", noon, kept)
		s.talk(bob, "a", after(10*time.Hour), kept)
		s.talk(carl, "a", noon, kept)
		s.hear(carl, "b", after(20*time.Hour))
		s.idle(noon)
		s.idle(after(time.Hour - time.Millisecond))
		s.idle(after(time.Hour), ann)
		s.idle(after(20*time.Hour), ann, bob)
		s.must(s.Release(t.Context(), s.lease(after(30*time.Hour), ann)))
		s.idle(after(30*time.Hour), bob, carl)
		s.idle(after(31*time.Hour), bob, carl, ann)
		s.must(s.Erase(t.Context(), bob))
		s.idle(after(31*time.Hour), carl, ann)
		if got, err := s.Idle(t.Context(), after(1000*time.Hour), 1); err != nil || !slices.Equal(got, []store.Key{carl}) {
			t.Errorf("the first is %v, %v; want %v", got, err, carl)
		}
	})
	t.Run("a repeated webhook does not wake", func(t *testing.T) {
		s := open(t, o)
		s.talk(ann, "a", noon, kept)
		s.accept(after(50*time.Hour), store.Event{ID: "a", Key: ann, At: noon})
		s.idle(after(50*time.Hour), ann)
	})
	t.Run("a clock that was wrong is put right by the next word", func(t *testing.T) {
		s := open(t, o)
		s.talk(ann, "a", after(10000*time.Hour), kept)
		s.talk(ann, "b", noon, kept)
		s.idle(after(time.Hour), ann)
	})
}

// people expects these people of a Page to come after one.
func (s stage) people(page, after string, want ...string) {
	s.t.Helper()
	got, err := s.People(s.t.Context(), page, after, 100)
	s.must(err)
	if !slices.Equal(got, want) {
		s.t.Errorf("people of %s after %q are %q, want %q", page, after, got, want)
	}
}

// idle expects these conversations to rest since a time.
func (s stage) idle(since time.Time, want ...store.Key) {
	s.t.Helper()
	got, err := s.Idle(s.t.Context(), since, 100)
	s.must(err)
	if !slices.Equal(got, want) {
		s.t.Errorf("idle since %v are %v, want %v", since, got, want)
	}
}
