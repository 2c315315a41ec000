package reach

import (
	"slices"
	"sort"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
)

// judge looks at one trigger after another. What it finds of one does not depend on
// the others it has looked at. It is for one goroutine.
type judge struct {
	*checker
	*reader
	matcher *interp.Matcher
	prover  *prover
	found   []candidate // room for those of a question
	outcome
}

// outcome is what was found of one trigger.
type outcome struct {
	report Report
	cost   cost
	// free: nothing that is tried before the trigger in its own topic matches all it does.
	free  bool
	freed cost            // of finding that out
	tried []message.Forms // examples for the trigger
}

// cost is the work that a look at triggers takes.
type cost struct {
	tries int // of patterns on example sentences
	pairs int // of sets of states that proofs looked at
}

func (c *cost) add(o cost) { c.tries, c.pairs = c.tries+o.tries, c.pairs+o.pairs }

// within tells whether the work is no more than another.
func (c cost) within(o cost) bool { return c.tries <= o.tries && c.pairs <= o.pairs }

// candidate is a trigger that may match a question, and the way on which the view
// reaches it.
type candidate struct {
	number int
	from   ir.Reach
}

func (c *checker) newJudge() *judge {
	return &judge{
		checker: c, reader: newReader(&c.lexicon, c.demands),
		matcher: interp.NewMatcher(c.out, c.value), prover: newProver(c.out),
	}
}

// look looks at a trigger.
func (j *judge) look(n int) outcome {
	j.outcome = outcome{tried: j.examples(n)}
	if !j.stillFree(n) && j.unreachable(n) {
		j.report.Samples += len(j.triggers[n].Samples)
	} else {
		j.samples(n)
	}
	return j.outcome
}

// stillFree tells whether a trigger was free, and none of those that are new takes it.
func (j *judge) stillFree(n int) bool {
	if j.recalled == nil || j.recalled[n] == nil {
		return false
	}
	j.cost = j.recalled[n].cost
	if j.nearNew(n) && j.winner(j.fresh, j.views[n], n) != ir.None || j.tired() {
		j.cost = cost{}
		return false
	}
	j.free, j.freed = true, j.cost
	return true
}

// fewNew is how many new triggers are looked at one by one.
const fewNew = 8

// nearNew tells whether a new trigger may match what is asked in the place of a trigger.
// It is quicker than to ask, and mostly they do not.
func (j *judge) nearNew(n int) bool {
	previous := j.triggers[n].Previous != nil
	for _, from := range j.out.Views[j.views[n]] {
		f := j.fresh[from.Group].all
		if previous {
			f = j.fresh[from.Group].previous
		}
		if len(f.members) > 0 && previous || len(f.members) > fewNew {
			return true
		}
		for _, p := range f.sought {
			if piece := j.checker.demands[p].piece; strings.Contains(j.tried[0].Plain.String, piece) || strings.Contains(j.tried[0].Kept.String, piece) {
				return true
			}
		}
	}
	return false
}

// tired tells whether enough work was done on this trigger.
func (j *judge) tired() bool { return !j.cost.within(cost{maxTriesEach, maxPairsEach}) }

// hears tells whether a trigger matches a message, unstripped first where it asks
// for that (L-NORM-8).
func (j *judge) hears(n int, heard message.Forms) bool {
	j.cost.tries++
	t := &j.out.Triggers[n]
	if t.Kept && heard.Kept.Classes != nil && j.matcher.Matches(t.Pattern, heard.Kept) {
		return true
	}
	return j.matcher.Matches(t.Pattern, heard.Plain)
}

// covers tells whether it is proven that pattern a matches whatever pattern b does.
func (j *judge) covers(a, b int) bool {
	proven, pairs := j.prover.covers(a, b)
	j.cost.pairs += pairs
	return proven
}

// said is the last reply that a trigger with % waits for, as far as one can be
// made up.
func (j *judge) said(n int) (message.Text, bool) {
	last := j.words.LastReply(j.example(j.triggers[n].Previous.Elements, shortest))
	return last, j.matcher.Matches(j.out.Triggers[n].Previous, last)
}

// pick says by which of its patterns a trigger is looked for.
type pick func(*finders) *finder

func byPattern(f *finders) *finder  { return f.all }
func byPrevious(f *finders) *finder { return f.previous }

// candidates lists the triggers of a view that may match the question, in the order
// in which they are tried; with a trigger n of the view only those before it. The list
// is good until the next call.
func (j *judge) candidates(among []finders, by pick, view, n int) []candidate {
	j.found = j.found[:0]
	var to ir.Reach
	if n != ir.None {
		to, _ = j.reachOf(view, n)
	}
	for _, from := range j.out.Views[view] {
		f := by(&among[from.Group])
		limit := len(f.members)
		if n != ir.None {
			limit = sort.Search(limit, func(place int) bool { return j.compare(f.members[place], n, from, to) >= 0 })
		}
		j.find(f, limit, func(place int) { j.found = append(j.found, candidate{f.members[place], from}) })
	}
	slices.SortFunc(j.found, func(a, b candidate) int { return j.compare(a.number, b.number, a.from, b.from) })
	j.found = slices.Compact(j.found)
	return j.found
}
