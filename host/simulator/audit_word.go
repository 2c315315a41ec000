package simulator

import (
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/store"
)

// word is what a human wrote to a person. The bot is to be silent for humanFor after it.
type word struct {
	at            time.Time // the platform's stamp
	heard, heeded moment    // when its echo was accepted, and consumed; zero: never
}

func (t *talk) word(b emulator.Bubble) word {
	w := word{at: b.At}
	for id, m := range t.humans {
		if strings.Contains(id, b.ID) {
			w.heard, w.heeded = m, t.moved[id]
		}
	}
	return w
}

func (x word) until() time.Time { return x.at.Add(humanFor) }

// silent tells whether a human had the word when the turn of message k was taken.
func (s *seen) silent(k int, how sure) bool {
	t, ok := s.turnOf[k]
	if !ok {
		return false
	}
	for _, x := range s.words {
		switch {
		case x.heeded.seq == 0 || x.heeded.seq > t.seq:
		case how == may && x.until().After(t.loaded.at.Add(-s.fuzz())):
			return true
		case how == must && s.counts(x) && x.until().After(t.at.Add(s.fuzz())):
			return true
		}
	}
	return how == may && s.outOfHand(k, t)
}

// counts tells whether a word was certainly heeded before it was too late to matter.
func (s *seen) counts(x word) bool {
	return x.heeded.seq > 0 && x.heeded.at.Before(x.until().Add(-s.fuzz()))
}

// auditWords checks that the bot lets humans have the word: it sends nothing after it has heard of one until
// the time is over, and never what waited then.
func (s *seen) auditWords() {
	for i, x := range s.words {
		if x.heeded.seq == 0 {
			s.complain("word %d of a human was never heeded", i+1)
			continue
		}
		if !s.counts(x) {
			continue
		}
		for _, a := range s.talk.attempts {
			switch {
			case x.heard.seq < a.loaded.seq && a.begun.at.Before(x.until().Add(-s.fuzz())) && !a.begun.at.Before(x.heard.at):
				s.complain("%q was sent at %s, a human has the word since %s", a.text, s.w.clock(a.begun.at), s.w.clock(x.at))
			case s.talk.queued[a.intent].seq < x.heeded.seq && x.heeded.seq < a.loaded.seq && !s.spokenFor(x):
				s.complain("%q was sent at %s, but it waited when a human took the word at %s", a.text, s.w.clock(a.begun.at), s.w.clock(x.at))
			}
		}
	}
}

// spokenFor tells whether a human may have had the word already when x was heeded.
func (s *seen) spokenFor(x word) bool {
	for _, other := range s.words {
		if other.heeded.seq > 0 && other.heeded.seq < x.heeded.seq && other.until().After(x.heeded.at.Add(-s.fuzz())) {
			return true
		}
	}
	return false
}

// interrupted tells whether a message may have been dropped because a human took the word.
func (s *seen) interrupted(x *want) bool {
	for _, word := range s.words {
		if word.heeded.seq > s.turns[x.turn].seq {
			return true
		}
	}
	for _, h := range s.hands {
		if h.away() && h.heeded.seq > s.turns[x.turn].seq {
			return true
		}
	}
	return false
}

// auditLetters checks that what nobody can answer was set aside, after few tries, and nothing else was.
func (s *seen) auditLetters(letters []store.Letter) {
	aside := map[int]bool{}
	for _, l := range letters {
		if l.Kind != delivery.LetterEvent {
			continue
		}
		for i, id := range s.ids {
			if !strings.Contains(l.ID, id) {
				continue
			}
			if aside[i+1] = true; !s.person.Lines[i].Bad() {
				s.complain("message %d was set aside: %s", i+1, l.Reason)
			}
		}
	}
	most := delivery.MaxTurnTries
	for _, h := range s.w.hosts {
		most += len(h.pains) // with each of them a try may go uncounted
	}
	for _, l := range s.talk.leases {
		if l.ended.seq == 0 && s.apart(l) {
			most++ // as that of a host whose lease another took over early, by its own clock
		}
	}
	for i, l := range s.person.Lines {
		if !l.Bad() || s.forgotten(i+1) || s.overheard(i+1) {
			continue
		}
		if !aside[i+1] && len(letters) < store.MaxLetters {
			s.complain("message %d cannot be answered, but was not set aside", i+1)
		}
		for text, n := range s.talk.vain {
			if strings.HasSuffix(text, " "+strconv.Itoa(i+1)) && n > most {
				s.complain("the turn of %q was begun %d times", text, n)
			}
		}
	}
}
