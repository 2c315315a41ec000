package simulator

import (
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/simulator/company"
)

// scene is a conversation of two hosts. The first one was stopped while its call with "old" was under way; the second one took
// over, was refused that, gave it up and said "new". Then the call of the first one arrived.
type scene struct {
	*seen
	one, heir   *host
	mine, taken *leaseOf
	call, retry *attempt
	next        *attempt
	wants       []*want
}

func (s *scene) time(seconds float64) time.Time {
	return s.w.start.Add(time.Duration(seconds * float64(time.Second)))
}

func (s *scene) moment(seq int, seconds float64) moment { return moment{seq, s.time(seconds)} }

// lateScene is a scene in which nobody has done anything wrong.
func lateScene() *scene {
	w := &world{start: time.Unix(1_800_000_000, 0), report: &Report{}}
	s := &scene{one: &host{name: "h1"}, heir: &host{name: "h2"}}
	s.seen = &seen{
		w: w, person: &person{}, talk: &talk{settled: map[string]moment{}},
		first: map[string]int{"new": 0, "old": 1}, byText: map[string]*attempt{},
	}
	s.one.pains = []pain{{paused, s.time(2), s.time(30)}}
	s.mine = &leaseOf{host: s.one, from: s.moment(1, 1), until: s.time(16)}
	s.taken = &leaseOf{host: s.heir, from: s.moment(4, 16), until: s.time(31)}
	s.call = &attempt{
		host: s.one, intent: "i1", text: "old", lease: s.mine, begun: s.moment(3, 2), loaded: s.moment(2, 1),
		seq: 20, at: s.time(30), delivered: true, outcome: "lost", end: s.time(30),
	}
	s.retry = &attempt{
		host: s.heir, intent: "i1", text: "old", lease: s.taken, begun: s.moment(6, 17), loaded: s.moment(5, 16),
		seq: 7, at: s.time(17), outcome: "dropAll", end: s.time(17),
	}
	s.next = &attempt{
		host: s.heir, intent: "i2", text: "new", lease: s.taken, begun: s.moment(10, 18), loaded: s.moment(9, 17),
		seq: 11, at: s.time(18), delivered: true, outcome: "ok", end: s.time(18),
	}
	s.talk.leases = []*leaseOf{s.mine, s.taken}
	s.talk.attempts = []*attempt{s.call, s.retry, s.next}
	s.talk.settled = map[string]moment{"i1": s.moment(8, 17), "i2": s.moment(12, 18)}
	s.byText = map[string]*attempt{"old": s.call, "new": s.next}
	s.turns = []turned{{moment: s.moment(2, 1)}, {moment: s.moment(9, 17)}}
	s.wants = []*want{
		{Part: company.Part{Text: "old"}, turn: 0},
		{Part: company.Part{Text: "new"}, turn: 1},
	}
	return s
}

// TestLateFromStoppedHost has the auditor excuse the order of the one message that was on its way from a host which was stopped
// past its lease, and that its successor gave up; and nothing beside it.
func TestLateFromStoppedHost(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(s *scene)
		caught int
	}{
		{"stopped past its lease, and given up by who took over", func(*scene) {}, 0},
		{"crashed", func(s *scene) { s.one.pains = []pain{{crashed, s.time(2), s.time(9999)}} }, 0},
		{"taken over early, by another clock", func(s *scene) { s.taken.from = s.moment(4, 15) }, 0},
		{"not sent at the turn of a human's word", func(s *scene) {
			s.retry.outcome = "again"
			s.words = []word{{heeded: s.moment(8, 17)}}
		}, 0},
		{"nothing befell the host", func(s *scene) { s.one.pains = nil }, 1},
		{"it went on before its lease ran out", func(s *scene) { s.one.pains[0].to = s.time(15) }, 1},
		{"it was stopped only after its lease had run out", func(s *scene) { s.one.pains[0].from = s.time(17) }, 1},
		{"its store was slow", func(s *scene) { s.one.pains[0].name = "slow store" }, 1},
		{"another host was stopped", func(s *scene) { s.one.pains, s.heir.pains = nil, s.one.pains }, 1},
		{"it had given the lease back", func(s *scene) { s.mine.ended = s.moment(3, 3) }, 1},
		{"it had no lease", func(s *scene) { s.call.lease = nil }, 1},
		{"nobody took over", func(s *scene) { s.talk.leases = s.talk.leases[:1] }, 1},
		{"the call began when another had taken over", func(s *scene) { s.call.begun = s.moment(5, 16) }, 1},
		{"who took over was not refused", func(s *scene) { s.retry.outcome = "again" }, 1},
		{"it was never given up", func(s *scene) { delete(s.talk.settled, "i1") }, 1},
		{"it was given up before another took over", func(s *scene) { s.talk.settled["i1"] = s.moment(3, 2) }, 1},
		{"it was given up only after it had arrived", func(s *scene) { s.talk.settled["i1"] = s.moment(21, 31) }, 1},
		{"what overtook it went out before it was given up", func(s *scene) { s.next.begun = s.moment(7, 17) }, 1},
		{"a part of the same answer overtook it, of right", func(s *scene) { s.wants[1].after, s.wants[1].turn = s.wants[0], 0 }, 0},
		{"a part of the same answer overtook it, too early", func(s *scene) {
			s.wants[1].after, s.wants[1].turn, s.next.begun = s.wants[0], 0, s.moment(7, 17)
		}, 2}, // as its part, and as what is newer
		{"what it should have followed came after it", func(s *scene) {
			s.first["older"] = 2
			s.wants = append([]*want{{Part: company.Part{Text: "older"}}}, s.wants...)
		}, 2}, // before both
	} {
		t.Run(row.name, func(t *testing.T) {
			s := lateScene()
			row.change(s)
			s.auditSequence(s.wants)
			if got := s.w.report.Violations; len(got) != row.caught {
				t.Errorf("%d violations, want %d: %q", len(got), row.caught, got)
			}
		})
	}
}
