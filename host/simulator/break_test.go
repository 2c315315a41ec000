package simulator

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/simulator/vault"
	"github.com/footlight-bots/footlight/host/simulator/weather"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// caughtWithin is how many seeds it may take to catch a broken law.
const caughtWithin = 200

// TestBrokenLaws breaks the laws of delivery one by one, by what stands between a host
// and its store or client, and sees the auditor catch it.
func TestBrokenLaws(t *testing.T) {
	theatre := Open(t, "bolt")
	for _, row := range []struct {
		name   string
		spoil  func() func(Parts) Parts // for the hosts of one run
		orders int                      // to play other versions
	}{
		{"the fence is skipped", onStore(func(p *spoiled) { p.commit = p.commitAnyway }), 0},
		{"repeated events count again", onStore(func(p *spoiled) { p.accept = p.acceptAgain }), 0},
		{"outbox apart from session", onStore(func(p *spoiled) { p.commit = p.commitApart }), 0},
		{"events in the order of arrival", onStore(func(p *spoiled) { p.see = byArrival }), 0},
		{"a consumed event is forgotten", onStore(func(p *spoiled) { p.commit = p.commitUnconsumed }), 0},
		{"settled before it is sent", settleFirst, 0},
		{"acknowledged before it is stored", onStore(func(p *spoiled) { p.accept = p.acceptLazily }), 0},
		{"a stale session", onStore(func(p *spoiled) { p.see = p.oldSession }), 0},
		{"leases are not renewed", onStore(func(p *spoiled) { p.extend = extendNever }), 0},
		{"no echo is waited for", impatient, 0},
		{"echoes are thrown away", onStore(func(p *spoiled) { p.accept = p.acceptDeaf }), 0},
		{"delays are left out", onStore(func(p *spoiled) { p.commit = p.commitHastily }), 0},
		{"nothing is cut off", onStore(func(p *spoiled) { p.commit = p.commitUncut }), 0},
		{"humans are not heeded", onStore(func(p *spoiled) { p.commit = p.commitRudely }), 0},
		{"what waited goes out beside a human", onStore(func(p *spoiled) { p.commit = p.commitBeside }), 0},
		{"tries are not counted", onStore(func(p *spoiled) { p.commit = p.commitUncounted }), 0},
		{"reminders are forgotten", onStore(func(p *spoiled) { p.commit = p.commitForgetful }), 0},
		{"an outage is taken for a refusal", easilyBeaten, 0},
		{"threads are not handed over", onStore(func(p *spoiled) { p.commit = p.commitDeaf }), 0},
		{"a picture does not hold up what follows", overtaking, 0},
		{"orders are looked at once", onStore(func(p *spoiled) { p.paper = p.firstPaper }), 3},
		{"a canary is drawn for each message", drawnAnew, 5},
		{"an answer by two versions", mixed, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			caught(t, theatre, func() Options {
				return Options{Break: row.spoil(), Weather: func(w *weather.Weather) { w.Orders = row.orders }}
			})
		})
	}
}

// caught plays seeds until one is caught at a law that o breaks.
func caught(t *testing.T, theatre *Theatre, o func() Options) {
	t.Helper()
	for seed := uint64(1); seed <= caughtWithin; seed++ {
		play := o()
		play.Seed = seed
		if r := theatre.Play(t, play); len(r.Violations) > 0 {
			t.Logf("caught by seed %d: %s", seed, r.Violations[0])
			return
		}
	}
	t.Errorf("not caught within %d seeds", caughtWithin)
}

// TestBrokenDisk has power cuts take what the store had acknowledged, from a file that is not synced. As many cuts
// of a sound one are no violation.
func TestBrokenDisk(t *testing.T) {
	theatre := Open(t, "bolt")
	sound, ok := theatre.keeper.(*vault.Bolt)
	if !ok {
		t.Fatalf("keeper is a %T", theatre.keeper)
	}
	cuts := func(w *weather.Weather) { w.Power = 0.01 }
	t.Run("acknowledged before it is on disk", func(t *testing.T) {
		theatre.keeper = &unsynced{Bolt: sound}
		caught(t, theatre, func() Options { return Options{Weather: cuts} })
	})
	t.Run("and not a disk that keeps its word", func(t *testing.T) {
		theatre.keeper = sound
		for seed := uint64(1); seed <= soundFor; seed++ {
			if r := theatre.Play(t, Options{Seed: seed, Weather: cuts}); len(r.Violations) > 0 {
				t.Errorf("seed %d: %s", seed, r.Violations[0])
			}
		}
	})
}

// soundFor is how many seeds are played with as many power cuts and no broken law.
const soundFor = 10

// unsynced is a file whose last writes are on no disk yet although they were acknowledged.
type unsynced struct {
	*vault.Bolt
	past [][]byte // the file after each of the last calls, the newest last
}

// behind is how many calls such a file may lack.
const behind = 8

func (k *unsynced) Open(ctx context.Context, durable bool) (store.Store, error) {
	k.past = nil
	return k.Bolt.Open(ctx, durable)
}

func (k *unsynced) Mark() int64 {
	if image, err := os.ReadFile(k.Path); err == nil {
		k.past = append(k.past, image)
	}
	k.past = k.past[max(0, len(k.past)-behind):]
	return k.Bolt.Mark()
}

func (k *unsynced) Cut(
	ctx context.Context, r *rand.Rand, s store.Store, _ []vault.Mark, _ func() error,
) (next store.Store, kept bool, back int, err error) {
	image := k.past[r.IntN(len(k.past))]
	if err := s.Close(); err != nil {
		return nil, false, 0, err
	}
	if err := os.WriteFile(k.Path, image, 0o600); err != nil {
		return nil, false, 0, err
	}
	next, err = k.Open(ctx, true)
	return next, false, vault.Everything, err
}

// spoiled is a store that breaks a law. Its parts are called in the place of the store's; nil ones are not.
type spoiled struct {
	store.Store
	commit func(ctx context.Context, l store.Lease, c store.Change, release bool) error
	accept func(events []store.Event, do accepting) ([]store.Event, error)
	extend func(ctx context.Context, l store.Lease, until time.Time, claims int) (store.Lease, error)
	see    func(c store.Conversation) store.Conversation
	paper  func(ctx context.Context, name string) (store.Paper, error)

	*shared
}

// accepting is the store's own Accept.
type accepting func(events []store.Event) ([]store.Event, error)

// shared is what the spoiled stores of a run know together.
type shared struct {
	mu     sync.Mutex
	leases map[store.Key]store.Lease // the newest
	past   map[store.Key][]byte
	papers map[string]store.Paper // as they were read first
	count  int
}

func onStore(spoil func(*spoiled)) func() func(Parts) Parts {
	return func() func(Parts) Parts {
		common := &shared{leases: map[store.Key]store.Lease{}, past: map[store.Key][]byte{}, papers: map[string]store.Paper{}}
		return func(p Parts) Parts {
			s := &spoiled{Store: p.Store, shared: common}
			spoil(s)
			p.Store = s
			return p
		}
	}
}

func (s *spoiled) Commit(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	if s.commit == nil {
		return s.Store.Commit(ctx, l, c, release)
	}
	return s.commit(ctx, l, c, release)
}

func (s *spoiled) Accept(
	ctx context.Context, now time.Time, events []store.Event, d time.Duration, limit int,
) (fresh []store.Event, claimed []store.Claimed, err error) {
	do := func(events []store.Event) (fresh []store.Event, err error) {
		fresh, claimed, err = s.Store.Accept(ctx, now, events, d, limit)
		return fresh, err
	}
	if s.accept == nil {
		fresh, err = do(events)
	} else {
		fresh, err = s.accept(events, do)
	}
	s.took(claimed)
	return fresh, claimed, err
}

func (s *spoiled) Extend(ctx context.Context, l store.Lease, until time.Time, claims int) (store.Lease, error) {
	if s.extend == nil {
		return s.Store.Extend(ctx, l, until, claims)
	}
	return s.extend(ctx, l, until, claims)
}

func (s *spoiled) Load(ctx context.Context, l store.Lease) (store.Conversation, error) {
	c, err := s.Store.Load(ctx, l)
	if s.see != nil && err == nil {
		c = s.see(c)
	}
	return c, err
}

func (s *spoiled) Claim(ctx context.Context, now time.Time, d time.Duration, limit int) ([]store.Claimed, error) {
	claimed, err := s.Store.Claim(ctx, now, d, limit)
	s.took(claimed)
	return claimed, err
}

func (s *spoiled) Paper(ctx context.Context, name string) (store.Paper, error) {
	if s.paper == nil {
		return s.Store.Paper(ctx, name)
	}
	return s.paper(ctx, name)
}

// firstPaper gives the orders as they were read first.
func (s *spoiled) firstPaper(ctx context.Context, name string) (store.Paper, error) {
	s.mu.Lock()
	kept, again := s.papers[name]
	s.mu.Unlock()
	if again {
		return kept, nil
	}
	p, err := s.Store.Paper(ctx, name)
	if err == nil && strings.HasSuffix(name, "/orders") {
		s.mu.Lock()
		s.papers[name] = p
		s.mu.Unlock()
	}
	return p, err
}

// took remembers leases, and spoils what was loaded with them.
func (s *spoiled) took(claimed []store.Claimed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range claimed {
		s.leases[claimed[i].Key] = claimed[i].Lease
		if s.see != nil && claimed[i].Conversation != nil {
			c := s.see(*claimed[i].Conversation)
			claimed[i].Conversation = &c
		}
	}
}

// commitAnyway uses the newest lease, whosever it is, when its own was taken over.
func (s *spoiled) commitAnyway(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	err := s.Store.Commit(ctx, l, c, release)
	if !errors.Is(err, store.ErrFenced) {
		return err
	}
	s.mu.Lock()
	newest := s.leases[l.Key]
	s.mu.Unlock()
	return s.Store.Commit(ctx, newest, c, release)
}

func (s *spoiled) acceptAgain(events []store.Event, do accepting) ([]store.Event, error) {
	events = slices.Clone(events)
	s.mu.Lock()
	for i := range events {
		s.count++
		events[i].ID += "#" + strconv.Itoa(s.count)
	}
	s.mu.Unlock()
	return do(events)
}

func (s *spoiled) acceptLazily(events []store.Event, do accepting) ([]store.Event, error) {
	fresh, err := do(events)
	if err != nil {
		return events, nil //nolint:nilerr // that is the broken law
	}
	return fresh, nil
}

func (s *spoiled) acceptDeaf(events []store.Event, do accepting) ([]store.Event, error) {
	events = slices.DeleteFunc(slices.Clone(events), func(e store.Event) bool {
		return strings.HasPrefix(e.ID, "echo|") && delivery.LookAtEvent(e).Kind != "takeover"
	})
	if len(events) == 0 {
		return nil, nil
	}
	return do(events)
}

func (s *spoiled) commitApart(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	if c.Session == nil || len(c.Sends) == 0 {
		return s.Store.Commit(ctx, l, c, release)
	}
	state := c
	state.Sends = nil
	if err := s.Store.Commit(ctx, l, state, false); err != nil {
		return err
	}
	return s.Store.Commit(ctx, l, store.Change{Sends: c.Sends, Hold: c.Hold}, release)
}

// commitUnconsumed forgets now and then that an event is done with.
func (s *spoiled) commitUnconsumed(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	s.mu.Lock()
	if c.Session != nil && len(c.Consumed) > 0 {
		if s.count++; s.count%5 == 0 {
			c.Consumed = nil
		}
	}
	s.mu.Unlock()
	return s.Store.Commit(ctx, l, c, release)
}

func (s *spoiled) commitHastily(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	c.Sends = slices.Clone(c.Sends)
	for i := range c.Sends {
		c.Sends[i].Due = c.Sends[i].Due.Add(-time.Second)
	}
	return s.Store.Commit(ctx, l, c, release)
}

func (s *spoiled) commitUncut(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	if c.Session != nil {
		c.Settled = slices.DeleteFunc(slices.Clone(c.Settled), func(id string) bool {
			_, reminder := delivery.ReminderOf(store.Send{ID: id})
			return !reminder
		})
	}
	return s.Store.Commit(ctx, l, c, release)
}

// ofHuman tells whether a change lets a human have the word.
func ofHuman(c store.Change) bool {
	return c.Session != nil && slices.ContainsFunc(c.Consumed, func(id string) bool { return strings.HasPrefix(id, "echo|") })
}

func (s *spoiled) commitRudely(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	if ofHuman(c) {
		c.Session, c.Settled = nil, nil
	}
	return s.Store.Commit(ctx, l, c, release)
}

// commitDeaf does not heed that another app has the thread.
func (s *spoiled) commitDeaf(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	deaf := func(id string) bool { return isControl(id) || strings.HasPrefix(id, "standby|") }
	if c.Session != nil && slices.ContainsFunc(c.Consumed, deaf) {
		c.Session, c.Settled = nil, nil
	}
	return s.Store.Commit(ctx, l, c, release)
}

func (s *spoiled) commitBeside(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	if ofHuman(c) {
		c.Settled = nil
	}
	return s.Store.Commit(ctx, l, c, release)
}

func (s *spoiled) commitUncounted(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	if c.Session != nil {
		state, err := session.Decode(c.Session)
		if err != nil {
			return err
		}
		state.Trials = nil
		if c.Session, err = session.Encode(state); err != nil {
			return err
		}
	}
	return s.Store.Commit(ctx, l, c, release)
}

func (s *spoiled) commitForgetful(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	c.Sends = slices.DeleteFunc(slices.Clone(c.Sends), func(s store.Send) bool {
		_, reminder := delivery.ReminderOf(s)
		return reminder
	})
	return s.Store.Commit(ctx, l, c, release)
}

func byArrival(c store.Conversation) store.Conversation {
	slices.SortFunc(c.Events, func(a, b store.Event) int { return int(a.Seq) - int(b.Seq) })
	return c
}

// oldSession hands out a session as it was seen the time before.
func (s *spoiled) oldSession(c store.Conversation) store.Conversation {
	now := c.Session
	if old, ok := s.past[c.Key]; ok && len(c.Events) > 0 {
		c.Session = old
	}
	s.past[c.Key] = now
	return c
}

func extendNever(_ context.Context, l store.Lease, until time.Time, _ int) (store.Lease, error) {
	l.Until = until
	return l, nil
}

// hasty is a client that breaks a law.
type hasty struct {
	delivery.Client
	before func(ctx context.Context, psid string, m messenger.Outgoing)
	after  func(err error) error
}

func (h *hasty) Send(ctx context.Context, psid string, m messenger.Outgoing) (messenger.Receipt, error) {
	if h.before != nil {
		h.before(ctx, psid, m)
	}
	r, err := h.Client.Send(ctx, psid, m)
	if h.after != nil {
		err = h.after(err)
	}
	return r, err
}

func (h *hasty) SendAll(ctx context.Context, parcels []messenger.Parcel) ([]messenger.Outcome, error) {
	for _, p := range parcels {
		if h.before != nil {
			h.before(ctx, p.Person, p.Message)
		}
	}
	out, err := h.Client.SendAll(ctx, parcels)
	if h.after == nil {
		return out, err
	}
	for i := range out {
		out[i].Err = h.after(out[i].Err)
	}
	return out, h.after(err)
}

// settleFirst settles a message before it goes out.
func settleFirst() func(Parts) Parts {
	spoil := onStore(func(*spoiled) {})()
	return func(p Parts) Parts {
		p = spoil(p)
		s, clients := p.Store.(*spoiled), p.Clients
		p.Clients = func(page string) (delivery.Client, bool) {
			c, ok := clients(page)
			return &hasty{Client: c, before: func(ctx context.Context, psid string, m messenger.Outgoing) {
				s.mu.Lock()
				lease := s.leases[store.Key{Page: page, Person: psid}]
				s.mu.Unlock()
				_ = s.Store.Commit(ctx, lease, store.Change{Settled: []string{m.Metadata}}, false) // the law is broken either way
			}}, ok
		}
		return p
	}
}

// impatient takes every lost answer for a message that was not sent.
func impatient() func(Parts) Parts {
	return func(p Parts) Parts {
		clients := p.Clients
		p.Clients = func(page string) (delivery.Client, bool) {
			c, ok := clients(page)
			return &hasty{Client: c, after: func(err error) error {
				if err != nil && messenger.Judge(err).Class == messenger.ClassAmbiguous {
					return &messenger.TransportError{Op: "send", NotSent: true, Err: err}
				}
				return err
			}}, ok
		}
		return p
	}
}

// slide is a client that does not wait until the platform has a picture.
type slide struct{ delivery.Client }

func (s slide) Send(ctx context.Context, psid string, m messenger.Outgoing) (messenger.Receipt, error) {
	if len(m.Attachment) == 0 {
		return s.Client.Send(ctx, psid, m)
	}
	go func() { _, _ = s.Client.Send(context.WithoutCancel(ctx), psid, m) }()
	return messenger.Receipt{MessageID: "m_" + m.Metadata}, nil
}

func overtaking() func(Parts) Parts {
	return func(p Parts) Parts {
		clients := p.Clients
		p.Clients = func(page string) (delivery.Client, bool) {
			c, ok := clients(page)
			return slide{c}, ok
		}
		return p
	}
}

// easilyBeaten gives a message up when the platform cannot be reached.
func easilyBeaten() func(Parts) Parts {
	return func(p Parts) Parts {
		clients := p.Clients
		p.Clients = func(page string) (delivery.Client, bool) {
			c, ok := clients(page)
			return &hasty{Client: c, after: func(err error) error {
				if err != nil && messenger.Judge(err).Away {
					return &messenger.APIError{Op: "send", Status: 400, Code: 100}
				}
				return err
			}}, ok
		}
		return p
	}
}

// drawnAnew gives a canary to whoever it falls to, message by message.
func drawnAnew() func(Parts) Parts {
	var count atomic.Int64
	return func(p Parts) Parts {
		p.Takes = func(_ string, percent float64, _, _ string) bool { return float64(count.Add(1)*37%100) < percent }
		return p
	}
}

// mixed has a part of an answer said by another version than the rest.
func mixed() func(Parts) Parts {
	return func(p Parts) Parts {
		p.Bots = patched{p.Bots}
		return p
	}
}

type patched struct{ delivery.Bots }

func (p patched) Bot(page string) (delivery.Bot, bool) {
	b, ok := p.Bots.Bot(page)
	return patchedBot{b}, ok
}

type patchedBot struct{ delivery.Bot }

func (p patchedBot) Turn(ctx context.Context, in turn.Input) (turn.Result, error) {
	out, err := p.Bot.Turn(ctx, in)
	if n := len(out.Reply.Parts); n > 1 {
		last := &out.Reply.Parts[n-1].Text
		*last = strings.NewReplacer("of e1", "of e2", "of e2", "of e1").Replace(*last)
	}
	return out, err
}
