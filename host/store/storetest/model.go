package storetest

import (
	"cmp"
	"fmt"
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
	ready map[string]time.Time // when the events are work
	lease *store.Lease
	rests time.Time // since the last word or lease, in whole steps
}

func newModel() *model {
	return &model{people: map[store.Key]*person{}, seen: map[seenKey]time.Time{}, pauses: map[string]store.Pause{}}
}

func (m *model) person(k store.Key) *person {
	if m.people[k] == nil {
		m.people[k] = &person{Conversation: store.Conversation{Key: k}, ready: map[string]time.Time{}}
	}
	return m.people[k]
}

func (m *model) accept(now time.Time, events []store.Event) (fresh []store.Event) {
	for _, e := range events {
		key := seenKey{e.Key, e.ID}
		if until, ok := m.seen[key]; ok && until.After(now) {
			continue
		}
		m.seen[key] = now.Add(store.DedupFor)
		p := m.person(e.Key)
		if slices.Contains(eventIDs(p.Events), e.ID) {
			continue
		}
		p.Events = append(p.Events, e)
		p.ready[e.ID] = latest(now, e.Due)
		p.rests = now.Truncate(store.IdleStep)
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
		consider(p.ready[e.ID])
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

func (m *model) lease(now time.Time, l store.Lease) {
	p := m.person(l.Key)
	p.lease = &l
	p.Claims++
	p.rests = now.Truncate(store.IdleStep)
}

// release ends a lease; somebody of whom nothing is kept is forgotten.
func (m *model) release(p *person) {
	p.lease, p.Claims = nil, 0
	if p.Session == nil && len(p.Events)+len(p.Sends)+len(p.Letters) == 0 && p.Hold.IsZero() {
		delete(m.people, p.Key)
	}
}

func (m *model) commit(p *person, c store.Change, release bool) {
	if c.Session != nil {
		p.Session = c.Session
	}
	p.Events = slices.DeleteFunc(p.Events, func(e store.Event) bool { return slices.Contains(c.Consumed, e.ID) })
	for _, l := range c.Aside {
		p.Letters = slices.DeleteFunc(p.Letters, func(old store.Letter) bool { return old.Kind == l.Kind && old.ID == l.ID })
		p.Letters = append(p.Letters, l)
	}
	p.Letters = p.Letters[max(0, len(p.Letters)-store.MaxLetters):]
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
	p.Hold, p.Claims = c.Hold, 1
	if release {
		m.release(p)
	}
}

// conversation is what Load and Read should give, but for Seq.
func (m *model) conversation(k store.Key) store.Conversation {
	p := m.people[k]
	if p == nil {
		return store.Conversation{Key: k}
	}
	c := p.Conversation
	c.Events, c.Sends, c.Letters = slices.Clone(c.Events), slices.Clone(c.Sends), slices.Clone(c.Letters)
	slices.SortStableFunc(c.Events, func(a, b store.Event) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(c.Sends, func(a, b store.Send) int { return a.Due.Compare(b.Due) })
	return c
}

func (m *model) erase(k store.Key) {
	delete(m.people, k)
}

// list is what People should give.
func (m *model) list(page, after string, limit int) (people []string) {
	for k := range m.people {
		if k.Page == page && k.Person > after {
			people = append(people, k.Person)
		}
	}
	slices.Sort(people)
	return people[:min(limit, len(people))]
}

// resting tells what is wrong with what Idle gave.
func (m *model) resting(got []store.Key, since time.Time, limit int) error {
	var want []time.Time
	for _, p := range m.people {
		if !p.rests.Add(store.IdleStep).After(since) {
			want = append(want, p.rests)
		}
	}
	slices.SortFunc(want, time.Time.Compare)
	want = want[:min(limit, len(want))]
	if len(got) != len(want) {
		return fmt.Errorf("listed %v, want %d", got, len(want))
	}
	for i, k := range got {
		// Who rests since the same step may come in any order.
		if p := m.people[k]; p == nil || !p.rests.Equal(want[i]) || slices.Contains(got[:i], k) {
			return fmt.Errorf("%d is %v, want one who rests since %v", i, k, want[i])
		}
	}
	return nil
}

func (m *model) listPauses() []store.Pause {
	return slices.SortedFunc(maps.Values(m.pauses), func(a, b store.Pause) int { return cmp.Compare(a.Page, b.Page) })
}
