package storetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// testAccept: events are kept once, in the order of the platform's time.
func testAccept(t *testing.T, o Options) {
	event := func(k store.Key, id string, at time.Duration) store.Event {
		return store.Event{ID: id, Key: k, At: after(at), Body: []byte("body of " + id)}
	}
	t.Run("deduplicates", func(t *testing.T) {
		type post struct {
			at     time.Time
			events []store.Event
			fresh  []string
		}
		a, b := event(ann, "a", 0), event(ann, "b", 0)
		for _, c := range []struct {
			name  string
			posts []post
		}{
			{"inside one batch", []post{{noon, []store.Event{a, b, a}, []string{"a", "b"}}}},
			{"across batches", []post{
				{noon, []store.Event{a}, []string{"a"}},
				{after(time.Hour), []store.Event{a, b}, []string{"b"}},
				{after(2 * time.Hour), []store.Event{b, a}, nil},
			}},
			{"until just before DedupFor", []post{
				{noon, []store.Event{a}, []string{"a"}},
				{after(store.DedupFor - time.Millisecond), []store.Event{a}, nil},
			}},
			{"of other people not", []post{
				{noon, []store.Event{a, event(bob, "a", 0), event(carl, "a", 0)}, []string{"a", "a", "a"}},
			}},
			{"with strange ids", []post{
				{noon, []store.Event{event(ann, "a|b/c:{d}\x00\xff", 0), event(ann, "a|b/c:{d}", 0)}, []string{"a|b/c:{d}\x00\xff", "a|b/c:{d}"}},
				{noon, []store.Event{event(ann, "a|b/c:{d}\x00\xff", 0)}, nil},
			}},
			{"what still waits, even after DedupFor", []post{
				{noon, []store.Event{a}, []string{"a"}},
				{after(store.DedupFor), []store.Event{a}, nil},
			}},
		} {
			t.Run(c.name, func(t *testing.T) {
				s := open(t, o)
				for i, p := range c.posts {
					if got := eventIDs(s.accept(p.at, p.events...)); !slices.Equal(got, p.fresh) {
						t.Errorf("post %d: fresh are %q, want %q", i, got, p.fresh)
					}
				}
			})
		}
	})
	t.Run("forgets ids after DedupFor", func(t *testing.T) {
		s := open(t, o)
		s.talk(ann, "a", noon, store.Change{})
		s.hear(ann, "a", after(store.DedupFor))
	})
	t.Run("remembers consumed ids", func(t *testing.T) {
		s := open(t, o)
		s.talk(ann, "a", noon, store.Change{})
		if fresh := s.accept(after(time.Hour), event(ann, "a", 0)); len(fresh) != 0 {
			t.Errorf("a consumed event came back: %v", fresh)
		}
	})
	t.Run("orders by At, then by acceptance", func(t *testing.T) {
		s := open(t, o)
		s.accept(noon, event(ann, "late", time.Second), event(ann, "x", 0), event(ann, "y", 0))
		s.accept(noon, event(ann, "early", -time.Second), event(ann, "w", 0))
		got := s.read(ann)
		if want := []string{"early", "x", "y", "w", "late"}; !slices.Equal(eventIDs(got.Events), want) {
			t.Errorf("events are %q, want %q", eventIDs(got.Events), want)
		}
		seqs := map[string]uint64{}
		for _, e := range got.Events {
			seqs[e.ID] = e.Seq
		}
		order := []string{"late", "x", "y", "early", "w"}
		for i := range order[1:] {
			if seqs[order[i]] >= seqs[order[i+1]] {
				t.Errorf("Seq of %s is %d, of %s, accepted later, %d", order[i], seqs[order[i]], order[i+1], seqs[order[i+1]])
			}
		}
	})
	t.Run("keeps the event whole", func(t *testing.T) {
		s := open(t, o)
		body := []byte("\x00\xff:|}{ \r\n")
		e := store.Event{ID: "m:1", Key: ann, At: after(123 * time.Millisecond), Due: after(7 * time.Millisecond), Body: body}
		fresh := s.accept(noon, e)
		body[0] = 'x' // the caller's to change
		e.Body, e.Seq = []byte("\x00\xff:|}{ \r\n"), fresh[0].Seq
		for name, got := range map[string][]store.Event{"fresh": fresh, "read": s.read(ann).Events} {
			expectEqual(t, name, got, []store.Event{e})
		}
	})
	t.Run("nothing", func(t *testing.T) {
		s := open(t, o)
		if fresh := s.accept(noon); len(fresh) != 0 {
			t.Errorf("fresh of an empty batch: %v", fresh)
		}
	})
}

// testBounds: what is out of bounds is refused, and changes nothing.
func testBounds(t *testing.T, o Options) {
	s := open(t, o)
	ctx := t.Context()
	long := make([]byte, store.MaxSession+1)
	accept := func(e store.Event) error {
		good := store.Event{ID: "good", Key: bob, At: noon}
		_, _, err := s.Accept(ctx, noon, []store.Event{good, e}, 0, 0)
		return err
	}
	claim := func(lease time.Duration, limit int) error {
		_, err := s.Claim(ctx, noon, lease, limit)
		return err
	}
	s.hear(ann, "a", noon)
	lease := s.claimOne(noon, ann)
	commit := func(c store.Change) error {
		c.Consumed = []string{"a"}
		return s.Commit(ctx, lease, c, false)
	}
	people := func(page, after string, limit int) error {
		_, err := s.People(ctx, page, after, limit)
		return err
	}
	setValue := func(at store.Shelf, key string, value []byte) error {
		_, err := s.SetValue(ctx, at, key, value, nil)
		return err
	}
	for name, err := range map[string]error{
		"event without id":        accept(store.Event{Key: ann}),
		"event with long id":      accept(store.Event{ID: string(long[:store.MaxID+1]), Key: ann}),
		"event with long body":    accept(store.Event{ID: "x", Key: ann, Body: long[:store.MaxBody+1]}),
		"event of nobody":         accept(store.Event{ID: "x", Key: store.Key{Page: "1"}}),
		"event of no page":        accept(store.Event{ID: "x", Key: store.Key{Person: "1"}}),
		"event of a strange name": accept(store.Event{ID: "x", Key: store.Key{Page: "1/2", Person: "{3}"}}),
		"event of a long name":    accept(store.Event{ID: "x", Key: store.Key{Page: "1", Person: string(make([]byte, store.MaxName+1))}}),
		"lease of no length":      claim(0, 1),
		"lease of nobody":         func() error { _, _, err := s.Lease(ctx, noon, store.Key{}, 1); return err }(),
		"one lease of no length":  func() error { _, _, err := s.Lease(ctx, noon, bob, 0); return err }(),
		"people of no page":       people("", "", 1),
		"people after a strange":  people("1", "/", 1),
		"none of the people":      people("1", "", 0),
		"none of the idle":        func() error { _, err := s.Idle(ctx, noon, 0); return err }(),
		"letter without kind":     commit(store.Change{Aside: []store.Letter{{ID: "x"}}}),
		"letter of a long kind":   commit(store.Change{Aside: []store.Letter{{ID: "x", Kind: string(long[:store.MaxKind+1])}}}),
		"letter without id":       commit(store.Change{Aside: []store.Letter{{Kind: "x"}}}),
		"letter, long reason":     commit(store.Change{Aside: []store.Letter{{ID: "x", Kind: "x", Reason: string(long[:store.MaxReason+1])}}}),
		"letter with long body":   commit(store.Change{Aside: []store.Letter{{ID: "x", Kind: "x", Body: long[:store.MaxBody+1]}}}),
		"claim of nothing":        claim(time.Minute, 0),
		"long session":            commit(store.Change{Session: long}),
		"send without id":         commit(store.Change{Sends: []store.Send{{Due: noon}}}),
		"send with long body":     commit(store.Change{Sends: []store.Send{{ID: "x", Body: long[:store.MaxBody+1]}}}),
		"two sends of one id":     commit(store.Change{Sends: []store.Send{{ID: "x"}, {ID: "x"}}}),
		"one send retried twice":  commit(store.Change{Retried: []string{"x", "x"}}),
		"send with negative wait": commit(store.Change{Sends: []store.Send{{ID: "x", Wait: -1}}}),
		"value of no shelf":       setValue(store.Shelf{Page: "1"}, "k", nil),
		"value of a strange page": setValue(store.Shelf{Page: "1/2", Plugin: "p"}, "k", nil),
		"value without key":       setValue(store.Shelf{Page: "1", Plugin: "p"}, "", nil),
		"value of a long key":     setValue(store.Shelf{Page: "1", Plugin: "p"}, string(long[:store.MaxValueKey+1]), nil),
		"long value":              setValue(store.Shelf{Page: "1", Plugin: "p"}, "k", long[:store.MaxValue+1]),
		"read value without key":  func() error { _, err := s.Value(ctx, store.Shelf{Page: "1", Plugin: "p"}, ""); return err }(),
		"erase nobody":            s.Erase(ctx, store.Key{}),
		"pause no page":           s.Pause(ctx, store.Pause{}),
		"pause with long reason":  s.Pause(ctx, store.Pause{Page: "1", Reason: string(long[:store.MaxReason+1])}),
		"resume no page":          s.Resume(ctx, ""),
		"read nobody":             func() error { _, err := s.Read(ctx, store.Key{}); return err }(),
	} {
		if err == nil || errors.Is(err, store.ErrFenced) {
			t.Errorf("%s: error is %v, want a refusal", name, err)
		}
	}
	if got := eventIDs(s.read(ann).Events); !slices.Equal(got, []string{"a"}) {
		t.Errorf("a refused commit changed the events to %q", got)
	}
	if got := s.read(bob); len(got.Events) != 0 {
		t.Errorf("a refused batch left events: %v", got.Events)
	}
	s.must(s.Check(ctx))
}
