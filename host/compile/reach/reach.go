// Package reach tells authors which triggers can never answer (W104), and whether
// the samples above triggers reach them (L-CHAT-3). It works on the finished program:
// the order of triggers and the graphs of their patterns. A trigger is reported only
// when it is proven that an earlier one matches all it does; where the proof would
// take too long, nothing is said. What it finds of a trigger does not depend on when
// it looks at it, so that each processor looks at some of them, and those that were
// free in the build before need only be compared with what is new.
// No API of the host is promised.
package reach

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
)

// Report is what was found in a program.
type Report struct {
	Diagnostics []diag.Diagnostic // W104
	Samples     int               // messages above triggers
	Reached     int               // those that reach their trigger
}

func (r *Report) add(o Report) {
	r.Diagnostics = append(r.Diagnostics, o.Diagnostics...)
	r.Samples, r.Reached = r.Samples+o.Samples, r.Reached+o.Reached
}

const (
	// maxTries is how many times, in one build, patterns are tried on example
	// sentences. It is enough for bots of a hundred thousand triggers; beyond it,
	// nothing more is looked for.
	maxTries = 2_000_000
	// maxPairs is how many pairs of sets of states all proofs of one build may look at.
	maxPairs = 100_000
	// maxTriesEach is how many times patterns are tried for the sake of one trigger;
	// beyond it, nothing is said of that one.
	maxTriesEach = 20_000
	// maxPairsEach is how many pairs the proofs for the sake of one trigger may look at.
	maxPairsEach = 5_000
)

// Check looks at a program and what it was lowered from.
func Check(in *link.Program, out *ir.Program) Report { return new(Memory).Check(in, out) }

// Check is Check of the package, with the same result, and with less work if the
// program is much like the one before.
func (m *Memory) Check(in *link.Program, out *ir.Program) Report {
	return m.check(in, out, cost{maxTries, maxPairs})
}

// check is Check at no more than a cost.
func (m *Memory) check(in *link.Program, out *ir.Program, most cost) Report {
	c := newChecker(in, out, m)
	list, ok := c.lookAll(most)
	if !ok { // what is left out depends on the exact cost of all before it
		c.recalled = nil
		list, _ = c.lookAll(most)
	}
	m.keep(c, list)
	var report Report
	for i := range list {
		report.add(list[i].report)
	}
	return report
}

// round is how many triggers are looked at before their cost is added up. It is a
// constant, so that the same program has the same report everywhere.
const round = 32

// lookAll looks at the triggers from the first on, up to where a limit of the build is
// met. It is not ok if that is so while the cost of a trigger is known from memory: it
// may be less now.
func (c *checker) lookAll(most cost) (list []outcome, ok bool) {
	list = make([]outcome, len(c.triggers))
	judges := make([]*judge, runtime.GOMAXPROCS(0))
	for i := range judges {
		judges[i] = c.newJudge()
	}
	var spent cost
	for from := 0; from < len(list); from += round {
		some := list[from:min(from+round, len(list))]
		lookTogether(judges, from, some)
		for i := range some {
			if spent.add(some[i].cost); !spent.within(most) {
				return list[:from+i], c.recalled == nil
			}
		}
	}
	return list, true
}

// lookTogether looks at the triggers from a number on.
func lookTogether(judges []*judge, from int, into []outcome) {
	var next atomic.Int64
	var looking sync.WaitGroup
	for _, j := range judges {
		looking.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(into); i = int(next.Add(1)) - 1 {
				into[i] = j.look(from + i)
			}
		})
	}
	looking.Wait()
}
