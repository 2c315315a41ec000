package simulator

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/simulator/speech"
	"github.com/footlight-bots/footlight/host/store"
)

// seen is everything about one person that the auditor compares.
type seen struct {
	w      *world
	person *person
	talk   *talk
	stamps []time.Time         // of what the person said, in order
	ids    []string            // of the same
	shown  []emulator.Bubble   // what the bot said
	words  []word              // of humans
	hands  []hand              // who got the thread, as it was heard
	first  map[string]int      // place of a text in shown, the first time
	turnOf map[int]turned      // of what was said, by number
	turns  []turned            // of what was answered, as they were committed
	order  []int               // what was said, by number, in the order of the turns
	byText map[string]*attempt // the first try of a text that was delivered

	editions []int // by which the messages in order were answered
}

// audit looks at everything there is when the run is over.
func (w *world) audit() {
	for _, p := range w.people {
		s, ok := w.gather(p)
		if !ok {
			continue
		}
		w.report.Events += len(p.Lines)
		w.report.Sends += len(s.shown)
		if s.talk.hurt { // the store has lost something of it: only the state can be told
			s.auditState()
			continue
		}
		s.auditWords()
		s.auditHands()
		if s.auditState() {
			s.auditOrder()
			s.auditVersions()
			s.auditThread()
		}
		s.auditDoubles()
		s.auditAttempts()
	}
	w.auditRest()
}

// gather collects what there is about a person.
func (w *world) gather(p *person) (*seen, bool) {
	s := &seen{w: w, person: p, talk: w.ledger.talk(p.key), first: map[string]int{}, byText: map[string]*attempt{}}
	thread, err := w.emulator.Thread(p.key.Page, p.key.Person)
	if err != nil {
		w.violate("%s: no thread: %v", p.key.Person, err)
		return nil, false
	}
	s.hands = s.talk.inHand()
	for _, b := range thread.Bubbles {
		if address := speech.Address(b.Attachment); address != "" {
			b.Text = address
		}
		if b.From == "person" {
			s.stamps, s.ids = append(s.stamps, b.At), append(s.ids, b.ID)
			continue
		}
		if strings.HasPrefix(b.Text, "human ") {
			s.words = append(s.words, s.talk.word(b))
			continue
		}
		if _, again := s.first[b.Text]; !again {
			s.first[b.Text] = len(s.shown)
		}
		s.shown = append(s.shown, b)
	}
	for _, a := range s.talk.attempts {
		if first := s.byText[a.text]; a.delivered && (first == nil || a.seq < first.seq) {
			s.byText[a.text] = a
		}
	}
	s.turnOf = map[int]turned{}
	for _, t := range s.talk.turns {
		for i, id := range s.ids {
			if strings.Contains(t.event, id) {
				s.turnOf[i+1] = t
			}
		}
	}
	if len(s.stamps) != p.said {
		w.violate("%s: said %d things, the thread has %d", p.key.Person, p.said, len(s.stamps))
		return nil, false
	}
	return s, true
}

// auditState holds the state against what was said: each turn taken once, none lost. It tells whether
// the state is good enough to hold the rest against it.
func (s *seen) auditState() (sound bool) {
	c, err := s.w.state(s.person.key)
	if err != nil {
		s.complain("state cannot be read: %v", err)
		return false
	}
	state, err := session.Decode(c.Session)
	if err != nil {
		s.complain("session cannot be read: %v", err)
		return false
	}
	if len(c.Events)+len(c.Sends) > 0 {
		s.complain("%d events and %d sends are left in the store", len(c.Events), len(c.Sends))
	}
	s.order = numbers(session.TextOf(state.Vars["log"]))
	counted := cmp.Or(session.TextOf(state.Vars["n"]), "0")
	if counted != strconv.Itoa(len(s.order)) {
		s.complain("the state counts %s turns, its log has %v", counted, s.order)
	}
	s.auditLetters(c.Letters)
	if !s.readEditions(state) {
		return false
	}
	times := map[int]int{}
	for _, k := range s.order {
		times[k]++
	}
	sound = true
	for i, l := range s.person.Lines {
		k := i + 1
		switch n := times[k]; {
		case n > 0 && s.overheard(k):
			s.complain("message %d was answered although another app had the thread", k)
		case n > 1 || n == 1 && l.Bad() || n == 0 && !l.Bad() && !s.silent(k, may) && !s.forgotten(k) && !s.overheard(k):
			s.complain("said 1 to %d, but the turns were of %v", len(s.person.Lines), s.order)
			return false
		case n == 1 && s.silent(k, must) && !s.talk.hurt:
			s.complain("message %d was answered although a human had the word", k)
		}
		delete(times, k)
	}
	for k := range times {
		s.complain("a turn was taken of message %d, which nobody wrote", k)
		sound = false
	}
	return sound
}

// forgotten tells whether the store has lost message k, or what a human's word did to it.
func (s *seen) forgotten(k int) bool {
	for id := range s.talk.lost {
		if _, again := s.talk.heard[id]; !again && strings.Contains(id, s.ids[k-1]) {
			return true
		}
	}
	return s.talk.hurt && len(s.words) > 0
}

// numbers are the numbers in a text.
func numbers(text string) []int {
	var out []int
	for _, f := range strings.Fields(text) {
		if n, err := strconv.Atoi(f); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// auditOrder holds the order of the turns against that of what was said: an older message may come
// after a newer one only when it had not arrived as the turn of the newer one began.
func (s *seen) auditOrder() {
	for _, t := range s.talk.turns {
		for i, id := range s.ids {
			if !strings.Contains(t.event, id) {
				continue
			}
			if slices.Contains(s.order, i+1) {
				s.turns = append(s.turns, t)
			}
			s.auditRipe(i+1, t)
		}
	}
	if len(s.turns) != len(s.order) {
		s.complain("the store has seen %d turns, the state %d", len(s.turns), len(s.order))
		return
	}
	for i, newer := range s.order {
		for _, older := range s.order[i+1:] {
			if older > newer {
				continue
			}
			if heard := s.heard(older); heard.seq < s.turnOf[newer].loaded.seq {
				s.complain("message %d had arrived (%s), but the turn of message %d was taken first (known %s, committed %s)",
					older, s.w.clock(heard.at), newer, s.w.clock(s.turnOf[newer].loaded.at), s.w.clock(s.turnOf[newer].at))
			}
		}
	}
}

// auditRipe checks that a turn was not taken before earlier messages had their time to arrive.
func (s *seen) auditRipe(k int, t turned) {
	if wait := t.at.Sub(s.stamps[k-1]); wait < s.w.ripen-s.fuzz() {
		s.complain("the turn of message %d was taken %s after it was said, instead of waiting %s for earlier ones", k, wait, s.w.ripen)
	}
}

// heard is when the store took in message k.
func (s *seen) heard(k int) moment {
	for id, m := range s.talk.heard {
		if strings.Contains(id, s.ids[k-1]) {
			return m
		}
	}
	return moment{}
}

// auditRest looks for what no run may leave behind.
func (w *world) auditRest() {
	far := time.Now().Add(100 * time.Hour)
	var left []store.Claimed
	var err error
	w.theatre.outside.do(func(ctx context.Context) { left, err = w.store.Claim(ctx, far, time.Minute, 10) })
	if err != nil || len(left) > 0 {
		w.violate("work is left: %d conversations, %v", len(left), err)
	}
	for _, c := range w.emulator.Unimplemented() {
		w.violate("the platform does not know %s %s", c.Method, c.Path)
	}
}

func (s *seen) complain(format string, args ...any) {
	s.w.violate(s.person.key.Person+": "+format, args...)
}

// clock is a time as a trace shows it.
func (w *world) clock(t time.Time) string {
	return strconv.FormatFloat(t.Sub(w.start).Seconds(), 'f', 3, 64) + " s"
}
