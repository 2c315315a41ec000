package simulator

import (
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
)

// failing are the outcomes of tries after which a message is tried again, but not for ever: those of the
// platform itself, which has seen the message.
var failing = []string{"doubt", "lost", "again"}

// given tells whether a message may have been given up: the platform has refused it for good, or
// the person it was for, or it was refused too often.
func (s *seen) given(x *want) bool {
	turn := s.turns[x.turn]
	failures := 0
	for _, a := range s.talk.attempts {
		same := a.text == x.Text
		switch {
		case same && a.outcome == "drop":
			return true
		case (a.outcome == "dropAll" || a.outcome == "window") && a.end.After(turn.at.Add(-time.Millisecond)):
			return true
		case same && slices.Contains(failing, a.outcome):
			failures++
		}
	}
	return failures > delivery.MaxSendTries
}

// auditDoubles looks at every message that was seen more than once. Each must have a cause that
// nothing could have helped: then it is counted, and otherwise a violation.
func (s *seen) auditDoubles() {
	tries := map[string][]*attempt{}
	for _, a := range s.talk.attempts {
		if a.delivered {
			tries[a.intent] = append(tries[a.intent], a)
		}
	}
	count := map[string]int{}
	for _, b := range s.shown {
		count[b.Text]++
	}
	for _, list := range tries {
		slices.SortFunc(list, func(a, b *attempt) int { return a.seq - b.seq })
		if n := count[list[0].text]; n != len(list) && list[0].text != excuse {
			s.complain("saw %q %d times, it was delivered %d times under one intent", list[0].text, n, len(list))
		}
		for i := 1; i < len(list); i++ {
			cause, fault := s.excuse(list[i-1], list[i])
			if fault != "" {
				s.complain("saw %q again at %s (%s, then %s): %s", list[i].text, s.w.clock(list[i].at), list[i-1].host.name, list[i].host.name, fault)
				continue
			}
			s.w.report.Doubles[cause]++
		}
	}
}

// excuse tells why a message went out a second time although nobody did anything wrong, or
// what was wrong.
func (s *seen) excuse(a, b *attempt) (cause, fault string) {
	if m, ok := s.talk.settled[b.intent]; ok && m.seq < b.loaded.seq {
		return "", "it was settled, and the host knew"
	}
	if m, ok := s.talk.echoed[b.intent]; ok && m.seq < b.loaded.seq {
		return "", "its echo had come, and the host knew"
	}
	if a.lease == nil || b.lease == nil {
		return "", "sent without a lease"
	}
	doubt := a.outcome == "lost" || a.outcome == "doubt" || a.outcome == ""
	waited := !a.end.IsZero() && b.begun.at.Sub(a.end) >= delivery.EchoWait-2*s.fuzz()
	switch {
	case doubt && waited:
		return s.unseen(a, b, "the answer was lost, and the echo had not come")
	case s.stale(a, b) && (s.suffered(a, b) || s.suffered(b, a)):
		return "a stopped host went on sending", ""
	case a.lease == b.lease:
		return "", "by the same host, which waited " + b.begun.at.Sub(a.end).String()
	case a.lease.from.seq < b.lease.from.seq && s.suffered(a, b):
		return s.unseen(a, b, "the host was lost, and the echo had not come")
	case s.apart(a.lease) || s.apart(b.lease):
		return "clocks are further apart than a lease lasts", ""
	}
	return "", "by another host, and nothing had befallen the first one"
}

// unseen narrows a cause: whoever tries again looks before whether the message has arrived.
func (s *seen) unseen(a, b *attempt, cause string) (excuse, fault string) {
	failed := slices.ContainsFunc(b.host.blind, func(seq int) bool { return a.begun.seq < seq && seq < b.begun.seq })
	switch {
	case failed, s.w.skewed():
		return cause + ", nor could the conversation be read", ""
	case b.looked < a.begun.seq:
		return "", "nobody looked whether it had arrived"
	case b.looked > a.seq:
		return "", "it was there when the host looked"
	default:
		return cause + ", and it arrived later than the host looked", ""
	}
}

// stale tells whether one of two tries was begun under a lease that had run out by the time the message
// was out: who took over has tried as well. A try that was begun after that had to notice.
func (s *seen) stale(a, b *attempt) bool {
	switch {
	case a.host == b.host && (a.twice || b.twice):
		newer := max(a.lease.from.seq, b.lease.from.seq)
		return min(a.begun.seq, b.begun.seq) < newer
	default:
		return b.lease.from.seq < a.lease.from.seq && b.begun.seq < a.lease.from.seq
	}
}

// suffered tells whether something befell the host of a try while it held the conversation, so that it lost it
// or could not settle the send before the other took over.
func (s *seen) suffered(a, b *attempt) bool {
	from, to := a.lease.from.at, later(a.begun.at, b.begun.at)
	for _, p := range a.host.pains {
		if !p.from.After(to) && !p.to.Before(from) {
			return true
		}
	}
	return false
}

// apart tells whether a lease was taken over before it had run out, because the clocks differ.
func (s *seen) apart(old *leaseOf) bool {
	for _, next := range s.talk.leases {
		if next.from.seq <= old.from.seq {
			continue
		}
		left := old.until.Sub(next.from.at)
		return left > 0 && left <= 2*s.w.skewMost
	}
	return false
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// auditAttempts checks that no host ever has two messages to the same person under way.
func (s *seen) auditAttempts() {
	for i, a := range s.talk.attempts {
		for _, b := range s.talk.attempts[i+1:] {
			if a.host == b.host && !b.twice && a.host.alive() && !a.end.IsZero() && b.begun.at.Before(a.end) && a.begun.at.Before(b.begun.at) {
				s.complain("%s had %q and %q under way at the same time", a.host.name, a.text, b.text)
			}
		}
	}
}
