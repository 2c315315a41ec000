package simulator

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/simulator/speech"
	"github.com/footlight-bots/footlight/host/store"
)

// ledger is what the store and the platform did, in order. The auditor reads it.
type ledger struct {
	w       *world
	seq     int
	present time.Time // of the bubble, for what runs outside of it
	talks   map[store.Key]*talk

	pictures map[string]string // addresses of what was uploaded, by its id
	orders   []ordered
}

// talk is one conversation in the ledger.
type talk struct {
	key      store.Key
	heard    map[string]moment // when an event was accepted, by its id
	humans   map[string]moment // when the echo of a human was accepted, by its id
	moved    map[string]moment // when it was heeded
	hands    map[string]hand   // who got the thread, by the id of the event
	given    int               // how often the script has given it away
	vain     map[string]int    // turns begun of what nobody can answer, by text
	echoed   map[string]moment // when a host took in the echo of a send, by intent
	settled  map[string]moment
	queued   map[string]moment
	turns    []turned
	leases   []*leaseOf
	attempts []*attempt
	events   map[string]bool // not consumed yet
	sends    map[string]bool // not settled yet
	fence    uint64          // the highest
	story    []chapter       // of events and sends, for when the store loses the last of them
	lost     map[string]bool // what people said that the store had acknowledged and has lost
	unheeded map[string]bool // the same of humans' words, and of who got the thread
	hurt     bool            // the store has lost something of the conversation
}

// chapter is when something came to the store, or went.
type chapter struct {
	seq  int
	id   string
	send bool
	gone bool
}

type moment struct {
	seq int
	at  time.Time
}

// turned is a commit that has consumed an event.
type turned struct {
	moment
	event  string
	lease  *leaseOf
	loaded moment // of the conversation as it was known to who took the turn
}

// leaseOf is a lease with its story.
type leaseOf struct {
	store.Lease
	host   *host
	from   moment
	until  time.Time // when it runs out by the right time
	ended  moment    // released; zero: not
	loaded moment    // last
	lost   bool      // the store has lost it
}

// attempt is a try of a send by a host.
type attempt struct {
	key       store.Key
	host      *host
	intent    string
	text      string
	lease     *leaseOf
	twice     bool // its host had another lease of the conversation that it had not given back
	begun     moment
	loaded    moment // what the host knew
	looked    int    // when the platform last answered its host how the conversation stands; 0: never
	seq       int    // when the platform had it; 0: never
	at        time.Time
	delivered bool
	asked     string // what the schedule has asked the platform for, as an outcome; empty: nothing
	outcome   string // "", "ok", "lost", "not sent", "refused for now", or what a refusal means
	end       time.Time
}

func (l *ledger) next() int {
	l.seq++
	return l.seq
}

func (l *ledger) now() moment { return moment{l.next(), l.present} }

func (l *ledger) talk(k store.Key) *talk {
	t := l.talks[k]
	if t == nil {
		t = &talk{
			key: k, heard: map[string]moment{}, humans: map[string]moment{}, moved: map[string]moment{}, vain: map[string]int{}, echoed: map[string]moment{}, settled: map[string]moment{}, queued: map[string]moment{},
			hands: map[string]hand{}, events: map[string]bool{}, sends: map[string]bool{}, lost: map[string]bool{}, unheeded: map[string]bool{},
		}
		l.talks[k] = t
	}
	return t
}

func (t *talk) lease(l store.Lease) *leaseOf {
	for i := len(t.leases) - 1; i >= 0; i-- {
		if t.leases[i].Fence == l.Fence && !t.leases[i].lost {
			return t.leases[i]
		}
	}
	return nil
}

// accepted writes down events that were new to the store.
func (l *ledger) accepted(fresh []store.Event) {
	for _, e := range fresh {
		t := l.talk(e.Key)
		m := l.now()
		t.events[e.ID] = true
		t.story = append(t.story, chapter{seq: m.seq, id: e.ID})
		look := delivery.LookAtEvent(e)
		switch {
		case strings.HasPrefix(e.ID, "echo|"):
			if look.Kind == "takeover" {
				t.humans[e.ID] = m
			}
			continue
		case look.Kind == "takeover":
			t.hands[e.ID] = hand{op: look.Text, at: e.At, heard: m}
			if isControl(e.ID) {
				continue
			}
		}
		if _, again := t.heard[e.ID]; again {
			l.w.violateAt(l.present, "%s: event %s was accepted twice", e.Key.Person, e.ID)
		}
		t.heard[e.ID] = m
	}
}

// arrived writes down what a host has taken in: from now on it has no excuse not to know.
func (l *ledger) arrived(events []messenger.Event) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	for _, e := range events {
		if e.Kind != messenger.KindEcho || e.Message == nil {
			continue
		}
		t := l.talk(store.Key{Page: e.Page, Person: e.Person})
		if _, before := t.echoed[e.Message.Metadata]; !before {
			t.echoed[e.Message.Metadata] = moment{l.next(), time.Now()}
		}
	}
}

// vain writes down that the turn of a message began that nobody can answer.
func (l *ledger) vain(k store.Key, text string) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	l.talk(k).vain[text]++
}

func (l *ledger) leased(h *host, lease store.Lease, d time.Duration) {
	t := l.talk(lease.Key)
	if lease.Fence <= t.fence {
		l.w.violateAt(l.present, "%s: fence %d was given after %d", lease.Key.Person, lease.Fence, t.fence)
	}
	t.fence = lease.Fence
	t.leases = append(t.leases, &leaseOf{Lease: lease, host: h, from: l.now(), until: l.present.Add(d)})
}

func (l *ledger) extended(lease store.Lease, d time.Duration) {
	if of := l.talk(lease.Key).lease(lease); of != nil {
		of.until = l.present.Add(d)
	}
}

func (l *ledger) released(lease store.Lease) {
	if of := l.talk(lease.Key).lease(lease); of != nil {
		of.ended = l.now()
	}
}

func (l *ledger) loaded(lease store.Lease, _ store.Conversation) {
	if of := l.talk(lease.Key).lease(lease); of != nil {
		of.loaded = l.now()
	}
}

func (l *ledger) committed(h *host, lease store.Lease, c store.Change, release bool) {
	t := l.talk(lease.Key)
	m := l.now()
	of := t.lease(lease)
	if lease.Fence != t.fence || of == nil {
		l.w.violateAt(l.present, "%s: %s has committed with fence %d, the newest is %d", lease.Key.Person, h.name, lease.Fence, t.fence)
		return
	}
	if of.host != h {
		l.w.violateAt(l.present, "%s: %s has committed with the lease of %s", lease.Key.Person, h.name, of.host.name)
		return
	}
	for _, id := range c.Consumed {
		if h, ok := t.hands[id]; ok && t.events[id] {
			h.heeded = m
			t.hands[id] = h
		} else if _, turn := t.heard[id]; turn && t.events[id] { // and not a commit that is repeated
			t.turns = append(t.turns, turned{moment: m, event: id, lease: of, loaded: of.loaded})
		}
		if _, human := t.humans[id]; human && t.events[id] {
			t.moved[id] = m
		}
		delete(t.events, id)
		t.story = append(t.story, chapter{seq: m.seq, id: id, gone: true})
	}
	for _, id := range c.Settled {
		if _, done := t.settled[id]; !done {
			t.settled[id] = m
		}
		delete(t.sends, id)
		t.story = append(t.story, chapter{seq: m.seq, id: id, send: true, gone: true})
	}
	for _, s := range c.Sends {
		if _, known := t.queued[s.ID]; !known {
			t.queued[s.ID] = m
		}
		t.sends[s.ID] = true
		t.story = append(t.story, chapter{seq: m.seq, id: s.ID, send: true})
	}
	if release {
		of.ended = m
	}
}

// attempt writes down that a host begins to send a message.
func (l *ledger) attempt(h *host, page, person, intent, text string) *attempt {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	l.present = time.Now()
	t := l.talk(store.Key{Page: page, Person: person})
	a := &attempt{key: t.key, host: h, intent: intent, text: text, begun: l.now()}
	for _, of := range slices.Backward(t.leases) {
		if of.host != h || of.ended.seq > 0 {
			continue
		}
		if a.lease != nil {
			a.twice = true
			break
		}
		a.lease, a.loaded = of, of.loaded
	}
	a.looked = h.looks[person]
	t.attempts = append(t.attempts, a)
	return a
}

// looked writes down that a host has read a conversation of the platform's back, as it was when the platform answered, or failed to, without an
// answer. Only the first call of two names the person.
func (l *ledger) looked(h *host, person string, a *speech.Answer) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	switch {
	case a == nil || a.Status != http.StatusOK:
		h.blind = append(h.blind, l.next())
	case person != "":
		h.looks[person] = a.Step
	}
}

// uploaded writes down under which id the platform has a picture.
func (l *ledger) uploaded(address, id string) { l.pictures[id] = address }

// address is that of a picture which is to be sent.
func (l *ledger) address(p speech.Picture) string {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	if p.URL != "" {
		return p.URL
	}
	return l.pictures[p.ID]
}

// ended sets how a try ended.
func (a *attempt) ended(outcome string) {
	if a.outcome == "" {
		a.outcome, a.end = outcome, time.Now()
	}
}

// attempts are the tries that one call makes: none if it brings no message, several if messages go together.
type attempts []*attempt

func (l attempts) ended(outcome string) {
	for _, a := range l {
		a.ended(outcome)
	}
}

// missed writes down that the answer, if there was one, came too late for the host.
func (l attempts) missed() {
	for _, a := range l {
		if a.outcome == "" || a.outcome == "ok" {
			a.outcome, a.end = "lost", time.Now()
		}
	}
}

func (l attempts) done(after time.Duration) {
	for _, a := range l {
		if a.outcome == "" {
			a.outcome, a.end = "ok", time.Now().Add(after)
		}
	}
}

// quiet tells whether nothing waits in the store, and what does otherwise.
func (l *ledger) quiet() (what string) {
	var left []string
	for _, t := range l.talks {
		if len(t.events)+len(t.sends) > 0 {
			left = append(left, t.key.Person)
		}
	}
	slices.Sort(left)
	return strings.Join(left, " ")
}

// state reads what the store has of a conversation.
func (w *world) state(k store.Key) (c store.Conversation, err error) {
	w.theatre.outside.do(func(ctx context.Context) { c, err = w.store.Read(ctx, k) })
	return c, err
}
