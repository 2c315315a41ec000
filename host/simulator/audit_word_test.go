package simulator

import (
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/simulator/company"
	"github.com/footlight-bots/footlight/host/simulator/crowd"
	"github.com/footlight-bots/footlight/host/store"
)

// TestTriesOfPoison has the auditor bear one more try of what nobody can answer for each lease that was taken over while it
// lasted, by a clock that is wrong; and for none beside.
func TestTriesOfPoison(t *testing.T) {
	start := time.Unix(1_800_000_000, 0)
	at := func(seq int, seconds time.Duration) moment { return moment{seq, start.Add(seconds * time.Second)} }
	for _, row := range []struct {
		name   string
		skew   time.Duration
		taken  moment // by another host
		ended  moment
		more   int // tries than are counted
		caught int
	}{
		{"taken over early, by a wrong clock", time.Minute, at(3, 1), moment{}, 1, 0},
		{"and tried once more", time.Minute, at(3, 1), moment{}, 2, 1},
		{"taken over at its end", time.Minute, at(3, 15), moment{}, 1, 1},
		{"given back", time.Minute, at(3, 1), at(2, 1), 1, 1},
		{"taken over earlier than any clock tells", time.Second, at(3, 1), moment{}, 1, 1},
		{"clocks are right", 0, at(3, 1), moment{}, 1, 1},
		{"no more tries than are counted", 0, at(3, 1), moment{}, 0, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := &world{start: start, skewMost: row.skew, report: &Report{}, hosts: []*host{{}, {}}}
			s := &seen{w: w, ids: []string{"m_1"}, person: &person{Person: crowd.Person{Lines: []crowd.Line{{Form: company.Poison}}}}}
			s.talk = &talk{
				vain: map[string]int{company.Poison + " 1": delivery.MaxTurnTries + row.more},
				leases: []*leaseOf{
					{host: w.hosts[0], from: at(1, 0), until: start.Add(delivery.LeaseFor), ended: row.ended},
					{host: w.hosts[1], from: row.taken, until: row.taken.at.Add(delivery.LeaseFor), ended: at(9, 40)},
				},
			}
			s.auditLetters([]store.Letter{{ID: "message|m_1", Kind: delivery.LetterEvent}})
			if got := w.report.Violations; len(got) != row.caught {
				t.Errorf("%d violations, want %d: %q", len(got), row.caught, got)
			}
		})
	}
}
