package simulator

import (
	"time"

	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/session"
)

// followWithin is how soon every host plays what was ordered, when nothing is in its way.
const followWithin = 2 * time.Second

// readEditions finds the edition of each turn in the state: whoever took the turn has written it there. What the
// person saw is held against it part by part, so an answer by two editions is one that nobody has to say.
func (s *seen) readEditions(state session.State) bool {
	s.editions = numbers(session.TextOf(state.Vars["by"]))
	if len(s.editions) != len(s.order) {
		s.complain("the turns were of %v, by the editions %v", s.order, s.editions)
		return false
	}
	return true
}

// auditVersions checks that each turn was by a version that its host had to play to this person at that time: not
// older than what the host has said that it plays, than what was ordered when it started, or than what it has
// played to the same person; and not newer than what was ordered.
func (s *seen) auditVersions() {
	if !s.w.publishes() {
		for i, e := range s.editions {
			if e != 1 {
				s.complain("message %d was answered by edition %d, there is only one", s.order[i], e)
			}
		}
		return
	}
	if s.w.ordersLost {
		return
	}
	least := map[*host]int{} // place of the order that was followed at least
	for i, t := range s.turns {
		h := t.lease.host
		from, to := max(least[h], s.followed(h, t)), s.orderedBefore(t.seq)
		at := from
		for at < to && !s.may(h, s.w.ledger.orders[at].Order, s.editions[i]) {
			at++
		}
		if at == to {
			s.complain("message %d was answered by edition %d on %s, which was to play one of the orders %d to %d to this person",
				s.order[i], s.editions[i], h.name, from+1, to)
			continue
		}
		least[h] = at
	}
}

// followed is the place of the order that a host had followed at least when it began a turn.
func (s *seen) followed(h *host, t turned) int {
	place := max(0, s.orderedBefore(h.booted)-1)
	for _, c := range h.claims {
		if c.seq < t.loaded.seq && c.fault == "" {
			place = max(place, int(c.order)-1)
		}
	}
	for i, o := range s.w.ledger.orders {
		if s.w.calmly && t.loaded.at.Sub(o.at) > followWithin {
			place = max(place, i)
		}
	}
	return place
}

// orderedBefore is how many orders were given before a step.
func (s *seen) orderedBefore(seq int) (n int) {
	for _, o := range s.w.ledger.orders {
		if o.seq < seq {
			n++
		}
	}
	return n
}

// may tells whether a host that follows an order may answer the person by an edition: by the one that they are to get,
// or, if it could not make the canary ready, by the one on stage.
func (s *seen) may(h *host, o release.Order, edition int) bool {
	return edition == s.by(o) || h.unready && edition == s.w.theatre.company.Edition(o.Stage)
}

// by is the edition that the person gets by an order.
func (s *seen) by(o release.Order) int {
	c := s.w.theatre.company
	if o.Canary != "" && release.Takes(o.Canary, o.Percent, s.person.key.Page, s.person.key.Person) {
		return c.Edition(o.Canary)
	}
	return c.Edition(o.Stage)
}
