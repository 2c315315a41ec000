package simulator

import (
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/simulator/company"
)

// want is a message that a person must, may or must not see.
type want struct {
	company.Part
	turn   int // place in the order of turns
	number int // of the part, from 0
	after  *want
}

// auditThread holds what the person saw against what the script must have said, turn for turn.
func (s *seen) auditThread() {
	var all []*want
	last, known := 0, map[string]bool{}
	for i, k := range s.order {
		var before *want
		for n, p := range company.Expected(s.person.Lines[k-1].Form, i+1, k, last, s.editions[i]) {
			x := &want{Part: p, turn: i, number: n, after: before}
			all, before = append(all, x), x
			known[p.Text] = true
		}
		if s.person.Lines[k-1].Form == company.Remind {
			text := company.ReminderOf(k, s.editions[i])
			all = append(all, &want{Part: company.Part{Text: text, Wait: company.RemindAfter, Stay: true}, turn: i})
			known[text] = true
		}
		last = k
	}
	for _, l := range s.person.Lines {
		known[excuse] = known[excuse] || l.Bad()
	}
	for _, b := range s.shown {
		if !known[b.Text] {
			s.complain("saw %q, which nobody has to say", b.Text)
		}
	}
	for _, x := range all {
		s.auditPart(x)
	}
	s.auditSequence(all)
}

// auditPart judges whether a message may be there, or missing, and when it came.
func (s *seen) auditPart(x *want) {
	at, shown := s.at(x)
	if !shown {
		if !s.cut(x, may) && !s.given(x) && !s.interrupted(x) {
			s.complain("did not see %q", x.Text)
		}
		return
	}
	if s.cut(x, must) {
		s.complain("saw %q at %s, which the next message had cut off", x.Text, s.w.clock(at))
	}
	from, ok := s.turnAt(x, must), true
	if x.after != nil {
		from, ok = s.preceded(x)
	}
	if s.w.calmly {
		s.auditHaste(x, at, from)
	}
	if x.Wait > 0 && ok && at.Before(from.Add(x.Wait-s.fuzz())) {
		s.complain("saw %q at %s, %s after what came before it instead of %s", x.Text, s.w.clock(at), at.Sub(from), x.Wait)
	}
}

// hasteWithin is how soon everything must happen when nothing is in its way.
const hasteWithin = time.Second

// auditHaste checks that nobody forgot to look for work: nobody waits for a poll.
func (s *seen) auditHaste(x *want, at, from time.Time) {
	if x.after == nil {
		from = later(s.stampOf(s.turns[x.turn]).Add(s.w.ripen), s.turns[max(0, x.turn-1)].at)
	}
	if late := at.Sub(from.Add(x.Wait)); late > hasteWithin {
		s.complain("saw %q at %s, %s later than it could have", x.Text, s.w.clock(at), late)
	}
}

// auditSequence checks the order: the parts of an answer follow each other, and what is not
// delayed comes before the answers to later messages.
func (s *seen) auditSequence(all []*want) {
	var newest *want // that nothing delays
	var late []*want // and that came when they had been given up
	for _, x := range all {
		if _, ok := s.first[x.Text]; !ok {
			continue
		}
		if x.after != nil && s.overtook(x, x.after) {
			s.complain("saw %q before %q", x.Text, x.after.Text)
		}
		if delayed(x) {
			continue
		}
		for _, older := range late {
			if s.overtook(x, older) {
				s.complain("saw %q before %q", x.Text, older.Text)
			}
		}
		if newest != nil && s.overtook(x, newest) {
			s.complain("saw %q before %q", x.Text, newest.Text)
		}
		if _, ok := s.forgone(x); ok {
			late = append(late, x)
		} else {
			newest = x
		}
	}
}

// delayed tells whether there is a pause anywhere before a part of an answer.
func delayed(x *want) bool {
	for ; x != nil; x = x.after {
		if x.Wait > 0 {
			return true
		}
	}
	return false
}

// stampDrift is how far the platform's stamps run ahead when much happens in one
// instant: no two events of a thread have the same.
const stampDrift = 30 * time.Millisecond

// fuzz is how far times may be off: the clocks, and the platform's stamps.
func (s *seen) fuzz() time.Duration { return 2*s.w.skewMost + stampDrift }

// at is when the person saw a message first.
func (s *seen) at(x *want) (time.Time, bool) {
	place, ok := s.first[x.Text]
	if !ok {
		return time.Time{}, false
	}
	if a := s.byText[x.Text]; a != nil {
		return a.at, true
	}
	return s.shown[place].At, true
}

// turnAt is when the turn of an answer was taken, at the earliest or the latest.
func (s *seen) turnAt(x *want, how sure) time.Time {
	if how == may {
		return s.turns[x.turn].at
	}
	return s.turns[x.turn].loaded.at
}

// sure says how sure a judgement must be.
type sure bool

const (
	may  sure = false // it is possible
	must sure = true  // it is certain
)

// cut tells whether a message was cut off, because its delay was still running when the person wrote again
// (L-DELAY-5): the time stamp of what they wrote counts, at the turn that answers it.
func (s *seen) cut(x *want, how sure) bool {
	if !delayed(x) {
		return false
	}
	kept := x.Stay
	for _, t := range s.turns[x.turn+1:] {
		if kept {
			return false
		}
		stamp := s.stampOf(t)
		switch ends, known := s.ends(x, how); {
		case how == must:
			if s.tried(x, t) {
				return false
			}
			if known && ends.After(stamp.Add(s.fuzz())) {
				return true
			}
		case !known || ends.After(stamp.Add(-s.fuzz())):
			return true
		}
	}
	return false
}

// tried tells whether a host tried a message that knew nothing of what is said to have cut it off.
func (s *seen) tried(x *want, t turned) bool {
	heard := s.talk.heard[t.event]
	for _, a := range s.talk.attempts {
		if a.text == x.Text && a.loaded.seq < heard.seq {
			return true
		}
	}
	return false
}

// ends is when the delay of a message had passed, at the earliest or the latest that
// can be told; known is false when what stands before it never went out.
func (s *seen) ends(x *want, how sure) (at time.Time, known bool) {
	from := s.turnAt(x, how)
	if x.after != nil {
		shown, ok := s.preceded(x)
		if !ok {
			return time.Time{}, false
		}
		from = shown
		if how == may {
			from = s.settledAt(x.after, shown)
		}
	}
	return from.Add(x.Wait), true
}

// settledAt is when the store knew that a message was out.
func (s *seen) settledAt(x *want, shown time.Time) time.Time {
	if a := s.byText[x.Text]; a != nil {
		if m, ok := s.talk.settled[a.intent]; ok && m.at.After(shown) {
			return m.at
		}
	}
	return shown
}

// stampOf is the platform's time stamp of what a turn answers.
func (s *seen) stampOf(t turned) time.Time {
	for i, id := range s.ids {
		if strings.Contains(t.event, id) {
			return s.stamps[i]
		}
	}
	return time.Time{}
}
