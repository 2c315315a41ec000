package simulator

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// hand is an event by which a thread changes hands: the platform's word on it, or a message of the person's that
// comes in standby, because another app has the thread.
type hand struct {
	op            string    // as the host understands it
	at            time.Time // the platform's stamp
	heard, heeded moment    // when it was accepted, and consumed; zero: never
	standby       bool
	void          bool // it came after the word that the bot has the thread again, which is newer
}

// away tells whether another app has the thread.
func (h hand) away() bool { return h.op != "back" && !h.void }

// inHand are the events by which a thread changed hands, as they were heard.
func (t *talk) inHand() []hand {
	var out []hand
	for id, h := range t.hands {
		h.standby = !isControl(id)
		for _, other := range t.hands {
			h.void = h.void || other.op == "back" && other.heeded.seq > 0 && other.heeded.seq < h.heeded.seq && !other.at.Before(h.at)
		}
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b hand) int { return a.heard.seq - b.heard.seq })
	return out
}

// isControl tells whether an event is the platform's word on who has a thread.
func isControl(id string) bool { return strings.HasPrefix(id, string(messenger.KindThreadControl)+"|") }

// controls is how often the store was told by the platform who has the thread, though it may have lost some since.
func (t *talk) controls() int {
	there := map[string]moment{}
	for id, h := range t.hands {
		if isControl(id) {
			there[id] = h.heard
		}
	}
	lost := map[string]bool{}
	for id := range t.unheeded {
		if isControl(id) {
			lost[id] = true
		}
	}
	return arrivals(there, lost)
}

// robbed tells whether the store has lost a word of the platform's about who has the thread.
func (t *talk) robbed() bool {
	for id := range t.unheeded {
		if _, again := t.hands[id]; !again && isControl(id) {
			return true
		}
	}
	return false
}

// changesHands tells whether somebody's thread may be another app's.
func (w *world) changesHands(k store.Key) bool {
	for _, p := range w.people {
		if p.key == k {
			return p.Routed
		}
	}
	return false
}

// overheard tells whether message k came in standby: another app is to answer it.
func (s *seen) overheard(k int) bool {
	for id := range s.talk.hands {
		if !isControl(id) && strings.Contains(id, s.ids[k-1]) {
			return true
		}
	}
	return false
}

// outOfHand tells whether another app had the thread when the turn of message k was taken: it was given away after
// the person wrote, and the host knew.
func (s *seen) outOfHand(k int, t turned) bool {
	for _, h := range s.hands {
		if h.away() && h.heeded.seq > 0 && h.heeded.seq < t.seq && !h.at.Before(s.stamps[k-1]) {
			return true
		}
	}
	return false
}

// auditHands checks that the bot sends nothing while it knows that another app has the thread, and later nothing
// of what waited when that one got it.
func (s *seen) auditHands() {
	first := true
	for i, h := range s.hands {
		if h.heeded.seq == 0 {
			s.complain("who has the thread was heard %d times, but not heeded the time %d", len(s.hands), i+1)
			continue
		}
		if !h.away() {
			continue
		}
		end := s.regained(h)
		for _, a := range s.talk.attempts {
			switch {
			case h.heeded.seq < a.loaded.seq && a.begun.seq < end:
				s.complain("%q was sent at %s, another app has the thread since %s", a.text, s.w.clock(a.begun.at), s.w.clock(h.at))
			case first && s.talk.queued[a.intent].seq < h.heeded.seq && h.heeded.seq < a.loaded.seq:
				s.complain("%q was sent at %s, but it waited when another app got the thread at %s", a.text, s.w.clock(a.begun.at), s.w.clock(h.at))
			}
		}
		first = false
	}
}

// regained is the step in which the bot had the thread again that was given away: it heard of it, or heard from the
// person again.
func (s *seen) regained(from hand) int {
	end := math.MaxInt
	for _, h := range s.hands {
		if !h.away() && h.heeded.seq > from.heeded.seq {
			end = min(end, h.heeded.seq)
		}
	}
	for _, t := range s.talk.turns {
		if t.seq > from.heeded.seq && s.stampOf(t).After(from.at) {
			end = min(end, t.loaded.seq)
		}
	}
	return end
}
