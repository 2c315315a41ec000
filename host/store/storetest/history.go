package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/store"
)

// testHistory plays random histories on a store and on the model and expects no difference.
func testHistory(t *testing.T, o Options) {
	played := 0
	rapid.Check(t, func(rt *rapid.T) {
		if played++; o.Brief && played > fewHistories {
			return
		}
		h := &history{t: rt, s: o.Open(t), m: newModel(), now: noon}
		defer func() {
			if err := h.s.Close(); err != nil {
				rt.Errorf("close: %v", err)
			}
		}()
		rt.Repeat(map[string]func(*rapid.T){
			"accept": h.accept, "claim": h.claim, "load": h.load, "commit": h.commit, "release": h.release,
			"extend": h.extend, "lease": h.lease, "erase": h.erase, "pause": h.pause, "resume": h.resume, "wait": h.wait, "look": h.look, "": h.compare,
		})
	})
}

// fewHistories is how many histories Brief plays.
const fewHistories = 10

// history is one play.
type history struct {
	t      *rapid.T
	s      store.Store
	m      *model
	now    time.Time
	leases []store.Lease // all there ever were
}

var (
	someKeys   = rapid.SampledFrom([]store.Key{ann, bob, carl, {Page: "200", Person: "33"}})
	someIDs    = rapid.SampledFrom([]string{"a", "b", "c", "a:b", "d|e"})
	someIDList = rapid.SliceOfNDistinct(someIDs, 0, 3, rapid.ID)
	someSpans  = rapid.SampledFrom([]time.Duration{
		0, time.Millisecond, time.Second, 10 * time.Second, time.Minute, 2 * time.Minute, time.Hour, store.DedupFor,
	})
	someBodies = rapid.SliceOfN(rapid.Byte(), 0, 8)
	ever       = 1000 * store.DedupFor // longer than any history
)

// some is a time at, before or after now.
func (h *history) some(t *rapid.T, what string) time.Time {
	return h.now.Add(someSpans.Draw(t, what) * time.Duration(rapid.SampledFrom([]int{1, 1, -1}).Draw(t, "direction")))
}

func (h *history) someLease(t *rapid.T) store.Lease {
	if len(h.leases) == 0 {
		t.Skip("no lease yet")
	}
	// Mostly the latest, which are more likely to be good.
	back := min(rapid.IntRange(0, 5).Draw(t, "back"), len(h.leases)-1)
	return h.leases[len(h.leases)-1-back]
}

func (h *history) wait(t *rapid.T) {
	h.now = h.now.Add(someSpans.Draw(t, "wait"))
}

func (h *history) accept(t *rapid.T) {
	events := make([]store.Event, rapid.IntRange(1, 4).Draw(t, "events"))
	for i := range events {
		events[i] = store.Event{
			ID: someIDs.Draw(t, "id"), Key: someKeys.Draw(t, "key"), At: h.some(t, "at"), Body: someBodies.Draw(t, "body"),
		}
		if rapid.Bool().Draw(t, "waits") {
			events[i].Due = h.some(t, "event due")
		}
	}
	limit := rapid.IntRange(0, 4).Draw(t, "limit")
	length := rapid.SampledFrom([]time.Duration{time.Millisecond, time.Minute}).Draw(t, "lease")
	got, claimed, err := h.s.Accept(t.Context(), h.now, events, length, limit)
	h.must(err)
	want := h.m.accept(h.now, events)
	for i := range got {
		got[i].Seq = 0
	}
	// Events of several people may come back in another order.
	for _, k := range []store.Key{ann, bob, carl, {Page: "200", Person: "33"}} {
		expectEqual(h, fmt.Sprintf("fresh of %v", k), of(k, got), of(k, want))
	}
	if len(got) != len(want) {
		t.Fatalf("%d events are fresh, want %d", len(got), len(want))
	}
	h.welcomed(t, claimed, want, length, limit)
}

// welcomed: of those who have a new event due and whom nobody has, some are leased, all if there is room for all.
func (h *history) welcomed(t *rapid.T, claimed []store.Claimed, fresh []store.Event, length time.Duration, limit int) {
	free, said := map[store.Key]bool{}, map[store.Key]bool{}
	for _, e := range fresh {
		p := h.m.people[e.Key]
		said[e.Key] = true
		if !e.Due.After(h.now) && (p.lease == nil || !p.lease.Until.After(h.now)) {
			free[e.Key] = true
		}
	}
	if len(claimed) > limit {
		t.Fatalf("%d are leased, %d at most", len(claimed), limit)
	}
	for _, c := range claimed {
		if !free[c.Key] {
			t.Fatalf("%v was leased, who had nothing new due or was leased already", c.Key)
		}
		delete(free, c.Key)
	}
	if limit >= 4 && len(free) > 0 { // as many as events at most
		t.Fatalf("%v were not leased", free)
	}
	h.leased(t, claimed, length)
}

func of(k store.Key, events []store.Event) (own []store.Event) {
	for _, e := range events {
		if e.Key == k {
			own = append(own, e)
		}
	}
	return own
}

func (h *history) claim(t *rapid.T) {
	limit := rapid.IntRange(1, 5).Draw(t, "limit")
	length := rapid.SampledFrom([]time.Duration{time.Millisecond, time.Minute}).Draw(t, "lease")
	want := h.m.overdue(h.now)
	got, err := h.s.Claim(t.Context(), h.now, length, limit)
	h.must(err)
	if len(got) != min(limit, len(want)) {
		t.Fatalf("claimed %v, want %d of %v", got, limit, want)
	}
	for i, l := range got {
		p := h.m.people[l.Key]
		if p == nil {
			t.Fatalf("claimed %v, who does not exist", l.Key)
		}
		// Who is overdue since the same moment may come in any order.
		if since, _ := h.m.since(p); !since.Equal(want[i].Until) {
			t.Fatalf("claim %d is %v, overdue since %v; want one since %v", i, l.Key, since, want[i].Until)
		}
	}
	h.leased(t, got, length)
	if len(got) < limit {
		at, ok, err := h.s.Next(t.Context())
		h.must(err)
		if ok && !at.After(h.now) {
			t.Fatalf("nothing more to claim, yet Next is %v, not after %v", at, h.now)
		}
	}
}

// leased takes new leases over into the model, after a look at them and at what was loaded.
func (h *history) leased(t *rapid.T, got []store.Claimed, length time.Duration) {
	for _, l := range got {
		if until := h.now.Add(length); !l.Until.Equal(until) {
			t.Fatalf("lease ends %v, want %v", l.Until, until)
		}
		for _, old := range h.leases {
			if old.Key == l.Key && old.Fence >= l.Fence {
				t.Fatalf("fence of %v was %d, then %d", l.Key, old.Fence, l.Fence)
			}
		}
		h.m.lease(h.now, l.Lease)
		h.leases = append(h.leases, l.Lease)
		if l.Conversation == nil {
			t.Fatalf("%v was not loaded", l.Key)
		}
		h.same(*l.Conversation, h.m.conversation(l.Key))
	}
}

func (h *history) lease(t *rapid.T) {
	k := someKeys.Draw(t, "key")
	length := rapid.SampledFrom([]time.Duration{time.Millisecond, time.Minute}).Draw(t, "lease")
	p := h.m.people[k]
	free := p == nil || p.lease == nil || !p.lease.Until.After(h.now)
	l, ok, err := h.s.Lease(t.Context(), h.now, k, length)
	h.must(err)
	if ok != free {
		t.Fatalf("leased %v: %v, want %v", k, ok, free)
	}
	if !ok {
		return
	}
	for _, old := range h.leases {
		if old.Key == k && old.Fence >= l.Fence {
			t.Fatalf("fence of %v was %d, then %d", k, old.Fence, l.Fence)
		}
	}
	expectEqual(h, "lease", l, store.Lease{Key: k, Fence: l.Fence, Until: h.now.Add(length)})
	h.m.lease(h.now, l)
	h.leases = append(h.leases, l)
}

func (h *history) load(t *rapid.T) {
	l := h.someLease(t)
	got, err := h.s.Load(t.Context(), l)
	if h.fenced(l, err) {
		return
	}
	h.same(got, h.m.conversation(l.Key))
}

func (h *history) commit(t *rapid.T) {
	l := h.someLease(t)
	c := store.Change{
		Consumed: someIDList.Draw(t, "consumed"), Settled: someIDList.Draw(t, "settled"),
		Retried: someIDList.Draw(t, "retried"), Cancel: rapid.Bool().Draw(t, "cancel"),
	}
	if rapid.Bool().Draw(t, "has session") {
		c.Session = append([]byte{}, someBodies.Draw(t, "session")...)
	}
	if rapid.Bool().Draw(t, "has hold") {
		c.Hold = h.some(t, "hold")
	}
	for _, id := range rapid.SliceOfNDistinct(someIDs, 0, 3, rapid.ID).Draw(t, "sends") {
		c.Sends = append(c.Sends, store.Send{
			ID: id, Due: h.some(t, "due"), Wait: someSpans.Draw(t, "pause"), Stay: rapid.Bool().Draw(t, "stay"),
			Body: someBodies.Draw(t, "body"), Tries: rapid.IntRange(0, 3).Draw(t, "tries"),
		})
	}
	for range rapid.IntRange(0, 2).Draw(t, "letters") {
		c.Aside = append(c.Aside, store.Letter{
			ID: someIDs.Draw(t, "id"), At: h.now, Kind: rapid.SampledFrom([]string{"event", "send"}).Draw(t, "kind"),
			Reason: string(someBodies.Draw(t, "reason")), Body: someBodies.Draw(t, "body"),
		})
	}
	release := rapid.Bool().Draw(t, "release")
	err := h.s.Commit(t.Context(), l, c, release)
	if !h.fenced(l, err) {
		h.m.commit(h.m.held(l), c, release)
	}
}

func (h *history) release(t *rapid.T) {
	l := h.someLease(t)
	h.must(h.s.Release(t.Context(), l))
	if p := h.m.held(l); p != nil {
		h.m.release(p)
	}
}

func (h *history) extend(t *rapid.T) {
	l := h.someLease(t)
	until := h.some(t, "until")
	claims := rapid.SampledFrom([]int{store.Counted, 0, 1, 2}).Draw(t, "claims")
	got, err := h.s.Extend(t.Context(), l, until, claims)
	if h.fenced(l, err) {
		return
	}
	l.Until = until
	expectEqual(h, "extended lease", got, l)
	p := h.m.held(l)
	if p.lease = &l; claims != store.Counted {
		p.Claims = claims
	}
}

func (h *history) erase(t *rapid.T) {
	k := someKeys.Draw(t, "key")
	h.must(h.s.Erase(t.Context(), k))
	h.m.erase(k)
}

func (h *history) pause(t *rapid.T) {
	p := store.Pause{Page: someKeys.Draw(t, "key").Page, Reason: string(someBodies.Draw(t, "reason"))}
	if rapid.Bool().Draw(t, "ends") {
		p.Until = h.some(t, "until")
	}
	if old, paused := h.m.pauses[p.Page]; rapid.Bool().Draw(t, "prolongs") {
		longer := !paused || !old.Until.IsZero() && (p.Until.IsZero() || old.Until.Before(p.Until))
		done, err := h.s.Prolong(t.Context(), p)
		h.must(err)
		expectEqual(h, "prolonged", done, longer)
		if !longer {
			return
		}
	} else {
		h.must(h.s.Pause(t.Context(), p))
	}
	h.m.pauses[p.Page] = p
}

func (h *history) resume(t *rapid.T) {
	page := someKeys.Draw(t, "key").Page
	h.must(h.s.Resume(t.Context(), page))
	delete(h.m.pauses, page)
}

// compare looks at everybody.
func (h *history) compare(t *rapid.T) {
	for _, k := range []store.Key{ann, bob, carl, {Page: "200", Person: "33"}} {
		got, err := h.s.Read(t.Context(), k)
		h.must(err)
		h.same(got, h.m.conversation(k))
	}
}

// look looks at the rest of what can be seen.
func (h *history) look(t *rapid.T) {
	got, err := h.s.Pauses(t.Context())
	h.must(err)
	expectEqual(h, "pauses", got, h.m.listPauses())
	limit := rapid.IntRange(1, 3).Draw(t, "limit")
	page, after := someKeys.Draw(t, "key").Page, rapid.SampledFrom([]string{"", "1", "2", "33"}).Draw(t, "after")
	people, err := h.s.People(t.Context(), page, after, limit)
	h.must(err)
	expectEqual(h, "people", people, h.m.list(page, after, limit))
	since := h.some(t, "since")
	idle, err := h.s.Idle(t.Context(), since, limit)
	h.must(err)
	if err := h.m.resting(idle, since, limit); err != nil {
		t.Fatalf("idle since %v: %v", since, err)
	}
	at, ok, err := h.s.Next(t.Context())
	h.must(err)
	if first := h.m.overdue(h.now.Add(ever)); len(first) > 0 && (!ok || at.After(first[0].Until)) {
		t.Fatalf("next is %v, %v; %v is due at %v", at, ok, first[0].Key, first[0].Until)
	}
}

// fenced checks that an operation was refused just when its lease was taken over.
func (h *history) fenced(l store.Lease, err error) bool {
	if h.m.held(l) == nil {
		expectError(h, "with a stale lease", err, store.ErrFenced)
		return true
	}
	h.must(err)
	return errors.Is(err, store.ErrFenced)
}

// same compares a conversation with the model's, and its numbers with its order.
func (h *history) same(got, want store.Conversation) {
	seen := map[uint64]bool{}
	for i := range got.Events {
		if seq := got.Events[i].Seq; seq == 0 || seen[seq] {
			h.t.Fatalf("event %s has the Seq %d", got.Events[i].ID, seq)
		}
		seen[got.Events[i].Seq] = true
		got.Events[i].Seq = 0
	}
	for i := range got.Sends {
		got.Sends[i].Seq = 0
	}
	expectEqual(h, fmt.Sprintf("conversation of %v", want.Key), got, want)
	if (got.Session == nil) != (want.Session == nil) {
		h.t.Fatalf("session is %#v, want %#v", got.Session, want.Session)
	}
}

func (h *history) must(err error) {
	if err != nil {
		h.t.Fatal(err)
	}
}

// Helper and Errorf make a history fit for expectEqual; a difference ends it.
func (h *history) Helper() { h.t.Helper() }

// Errorf ends the history.
func (h *history) Errorf(format string, args ...any) { h.t.Fatalf(format, args...) }
