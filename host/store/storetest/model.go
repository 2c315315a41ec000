package storetest

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// model is the contract in its plainest form: maps, and a look at everything each time.
type model struct {
	people map[store.Key]*person
	seen   map[seenKey]time.Time // until when an id is remembered
	pauses map[string]store.Pause
}

type seenKey struct {
	store.Key
	id string
}

type person struct {
	store.Conversation
	accepted map[string]time.Time // of the events
	lease    *store.Lease
}

func newModel() *model {
	return &model{people: map[store.Key]*person{}, seen: map[seenKey]time.Time{}, pauses: map[string]store.Pause{}}
}

func (m *model) person(k store.Key) *person {
	if m.people[k] == nil {
		m.people[k] = &person{Conversation: store.Conversation{Key: k}, accepted: map[string]time.Time{}}
	}
	return m.people[k]
}

func (m *model) accept(now time.Time, events []store.Event) (fresh []store.Event) {
	for _, e := range events {
		p, key := m.person(e.Key), seenKey{e.Key, e.ID}
		if until, ok := m.seen[key]; ok && until.After(now) {
			continue
		}
		m.seen[key] = now.Add(store.DedupFor)
		if slices.Contains(eventIDs(p.Events), e.ID) {
			continue
		}
		p.Events = append(p.Events, e)
		p.accepted[e.ID] = now
		fresh = append(fresh, e)
	}
	return fresh
}

// since is when a conversation can be claimed, or could have been.
func (m *model) since(p *person) (since time.Time, ok bool) {
	consider := func(at time.Time) {
		if !ok || at.Before(since) {
			since, ok = at, true
		}
	}
	for _, e := range p.Events {
		consider(p.accepted[e.ID])
	}
	pause, paused := m.pauses[p.Key.Page]
	if !paused || !pause.Until.IsZero() {
		for _, s := range p.Sends {
			consider(latest(s.Due, p.Hold, pause.Until))
		}
	}
	if p.lease != nil {
		since = latest(since, p.lease.Until)
	}
	return since, ok
}

func latest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}

// overdue is who can be claimed, and since when, the longest overdue first.
func (m *model) overdue(now time.Time) []store.Lease {
	var all []store.Lease
	for k, p := range m.people {
		if since, ok := m.since(p); ok && !since.After(now) {
			all = append(all, store.Lease{Key: k, Until: since})
		}
	}
	slices.SortFunc(all, func(a, b store.Lease) int { return a.Until.Compare(b.Until) })
	return all
}

// held is whose lease it is, or nil when it was taken over.
func (m *model) held(l store.Lease) *person {
	p := m.people[l.Key]
	if p == nil || p.lease == nil || p.lease.Fence != l.Fence {
		return nil
	}
	return p
}

func (m *model) commit(p *person, c store.Change, release bool) {
	if c.Session != nil {
		p.Session = c.Session
	}
	p.Events = slices.DeleteFunc(p.Events, func(e store.Event) bool { return slices.Contains(c.Consumed, e.ID) })
	p.Sends = slices.DeleteFunc(p.Sends, func(s store.Send) bool { return slices.Contains(c.Settled, s.ID) })
	for i := range p.Sends {
		if slices.Contains(c.Retried, p.Sends[i].ID) {
			p.Sends[i].Tries++
		}
	}
	if c.Cancel {
		p.Sends = slices.DeleteFunc(p.Sends, func(s store.Send) bool { return !s.Stay })
	}
	for _, s := range c.Sends {
		p.Sends = slices.DeleteFunc(p.Sends, func(old store.Send) bool { return old.ID == s.ID })
		p.Sends = append(p.Sends, s)
	}
	p.Hold = c.Hold
	if release {
		p.lease = nil
	}
}

// conversation is what Load and Read should give, but for Seq.
func (m *model) conversation(k store.Key) store.Conversation {
	c := m.person(k).Conversation
	c.Events, c.Sends = slices.Clone(c.Events), slices.Clone(c.Sends)
	slices.SortStableFunc(c.Events, func(a, b store.Event) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(c.Sends, func(a, b store.Send) int { return a.Due.Compare(b.Due) })
	return c
}

func (m *model) erase(k store.Key) {
	delete(m.people, k)
}

func (m *model) listPauses() []store.Pause {
	return slices.SortedFunc(maps.Values(m.pauses), func(a, b store.Pause) int { return cmp.Compare(a.Page, b.Page) })
}
