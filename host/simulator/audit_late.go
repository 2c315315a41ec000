package simulator

import "time"

// A call that is under way when its host is stopped cannot be called back. Who takes over tries the message as
// well; where it must give it up, the platform has refused it or a human has the word, and goes on, the first call may still arrive,
// behind what was said since. That is the one message in flight which delivery excepts from its order.

// forgone is when a message was given up that came all the same: it was on its way from a host that was stopped until
// its lease had run out, and who took over had given it up before it arrived. ok is false for all others.
func (s *seen) forgone(x *want) (since moment, ok bool) {
	a := s.byText[x.Text]
	if a == nil || a.lease == nil || a.lease.ended.seq > 0 || !s.given(x) && !s.interrupted(x) {
		return moment{}, false
	}
	next := s.successor(a)
	since, ok = s.talk.settled[a.intent]
	if next == nil || !ok || since.seq < next.from.seq || a.seq < since.seq {
		return moment{}, false
	}
	out := a.lease.until
	if next.from.at.Before(out) { // as its clock has it
		out = next.from.at
	}
	return since, a.host.stood(out)
}

// successor is the first lease that was given while a try was under way; nil: none was.
func (s *seen) successor(a *attempt) *leaseOf {
	for _, l := range s.talk.leases {
		if a.begun.seq < l.from.seq {
			return l
		}
	}
	return nil
}

// stood tells whether a host was stopped at a time, for a while or for ever.
func (h *host) stood(at time.Time) bool {
	for _, p := range h.pains {
		if (p.name == paused || p.name == crashed) && !p.from.After(at) && !p.to.Before(at) {
			return true
		}
	}
	return false
}

// overtook tells whether a message was seen before an older one, although it went out before that was given up.
func (s *seen) overtook(x, older *want) bool {
	place, ok := s.first[older.Text]
	if !ok || s.first[x.Text] > place {
		return false
	}
	since, ok := s.forgone(older)
	a := s.byText[x.Text]
	return !ok || a == nil || a.begun.seq < since.seq
}

// preceded is when the person saw what stands before a part of an answer; known is false where that never went
// out, or came after it was given up.
func (s *seen) preceded(x *want) (at time.Time, known bool) {
	if _, late := s.forgone(x.after); late {
		return time.Time{}, false
	}
	return s.at(x.after)
}
