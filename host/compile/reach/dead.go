package reach

import (
	"fmt"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

// unreachable reports a trigger that never answers (W104): in every topic where it
// is in force, an earlier one matches all it does.
func (j *judge) unreachable(n int) bool {
	if j.views[n] == j.out.Begin {
		return false
	}
	for _, heard := range j.tried {
		if !j.hears(n, heard) {
			return false // it is doubtful what reaches it at all; W108 may know
		}
	}
	winner := j.winner(j.groups, j.views[n], n)
	j.free, j.freed = winner == ir.None && !j.tired(), j.cost
	if winner == ir.None || !j.everywhere(n, winner) {
		return false
	}
	j.reportDead(n, winner)
	return true
}

// winner is an earlier trigger of a view, among some, that matches all that trigger n
// does.
func (j *judge) winner(among []finders, view, n int) int {
	if j.triggers[n].Previous != nil {
		return j.winnerAmongPrevious(among, view, n)
	}
	j.ask(j.tried[0])
	for _, other := range j.candidates(among, byPattern, view, n) {
		if j.takes(other.number, n) {
			return other.number
		}
	}
	return ir.None
}

// winnerAmongPrevious is winner for triggers with %: the earlier one must look for
// no more in the last reply either.
func (j *judge) winnerAmongPrevious(among []finders, view, n int) int {
	last, ok := j.said(n)
	if !ok {
		return ir.None
	}
	j.ask(message.Forms{Plain: last})
	for _, other := range j.candidates(among, byPrevious, view, n) {
		before := j.out.Triggers[other.number].Previous
		if j.matcher.Matches(before, last) && j.takes(other.number, n) && j.covers(before, j.out.Triggers[n].Previous) {
			return other.number
		}
	}
	return ir.None
}

// takes tells whether a trigger that is tried before n matches all that n does.
// Trying comes first, because proofs are dear.
func (j *judge) takes(other, n int) bool {
	a, b := &j.out.Triggers[other], &j.out.Triggers[n]
	if b.Kept && !a.Kept || j.tired() {
		return false
	}
	for _, heard := range j.tried {
		if !j.hears(other, heard) {
			return false
		}
	}
	return j.covers(a.Pattern, b.Pattern)
}

// everywhere tells whether trigger n has a winner in the other views as well.
// Triggers of one topic keep their order in all of them.
func (j *judge) everywhere(n, winner int) bool {
	own := j.views[n]
	if j.views[winner] == own {
		return true
	}
	for view := range j.out.Views {
		if view == own || view == j.out.Begin {
			continue
		}
		if _, inForce := j.reachOf(view, n); inForce && j.winner(j.groups, view, n) == ir.None {
			return false
		}
	}
	return true
}

func (j *judge) reportDead(n, winner int) {
	t, other := j.triggers[n], j.triggers[winner]
	d := diag.Diagnostic{
		Code: "W104", Message: "this trigger never answers", Span: t.Span,
		Label: fmt.Sprintf("%q, for example, is answered by another one", j.example(t.Pattern.Elements, shortest)),
	}
	reason, help := "comes first", "write this one so that it says more, or give it a weight: {weight=1}."
	switch {
	case other.Weight > t.Weight:
		reason = "has more weight"
		help = fmt.Sprintf("give this one as much weight, {weight=%d}, or the other one less.", other.Weight)
	case j.views[winner] != j.views[n]:
		reason = fmt.Sprintf("stands in topic %q, which comes first,", j.out.Meta.Topics[j.views[winner]])
	}
	d.AddNote(fmt.Sprintf("%s %s and matches everything this one does; it stands", shown(other), reason), other.Span)
	d.Help = help
	j.report.Diagnostics = append(j.report.Diagnostics, d)
}

// maxShown is how much of a trigger is shown in a note, in code points.
const maxShown = 40

// shown is a trigger as notes show it.
func shown(t *link.Trigger) string {
	text := []rune("+ " + t.Text)
	if len(text) > maxShown {
		text = append(text[:maxShown-1], '…')
	}
	return `"` + string(text) + `"`
}
