package reach

import (
	"fmt"
	"slices"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

// unreachable reports a trigger that never answers (W104): in every topic where it
// is in force, an earlier one matches all it does.
func (c *checker) unreachable(n int) bool {
	if c.tries <= 0 || c.prover.left <= 0 || c.views[n] == c.out.Begin {
		return false
	}
	text := c.example(c.triggers[n].Pattern.Elements, shortest)
	tried := []message.Forms{c.forms(text)}
	if other := c.example(c.triggers[n].Pattern.Elements, longest); other != text {
		tried = append(tried, c.forms(other))
	}
	for _, heard := range tried {
		if !c.hears(n, heard) {
			return false // it is doubtful what reaches it at all; W108 may know
		}
	}
	winner := c.winner(c.views[n], n, tried)
	if winner == ir.None || !c.everywhere(n, winner, tried) {
		return false
	}
	c.reportDead(n, winner, text)
	return true
}

// winner is an earlier trigger of a view that matches all that trigger n does.
func (c *checker) winner(view, n int, tried []message.Forms) int {
	if c.triggers[n].Previous != nil {
		return c.winnerAmongPrevious(view, n, tried)
	}
	x := c.index(view)
	order := c.order(view).all
	for _, place := range c.candidates(x, tried[0], x.place[n]) {
		if c.takes(order[place], n, tried) {
			return order[place]
		}
	}
	return ir.None
}

// winnerAmongPrevious is winner for triggers with %: the earlier one must look for
// no more in the last reply either.
func (c *checker) winnerAmongPrevious(view, n int, tried []message.Forms) int {
	last, ok := c.said(n)
	if !ok {
		return ir.None
	}
	for _, other := range c.order(view).previous {
		if other == n || c.tries <= 0 {
			break
		}
		before := c.out.Triggers[other].Previous
		if c.matcher.Matches(before, last) && c.takes(other, n, tried) && c.prover.covers(before, c.out.Triggers[n].Previous) {
			return other
		}
	}
	return ir.None
}

// takes tells whether a trigger that is tried before n matches all that n does.
// Trying comes first, because proofs are dear.
func (c *checker) takes(other, n int, tried []message.Forms) bool {
	a, b := &c.out.Triggers[other], &c.out.Triggers[n]
	if b.Kept && !a.Kept || c.tries <= 0 {
		return false
	}
	for _, heard := range tried {
		if !c.hears(other, heard) {
			return false
		}
	}
	return c.prover.covers(a.Pattern, b.Pattern)
}

// everywhere tells whether trigger n has a winner in the other views as well.
// Triggers of one topic keep their order in all of them.
func (c *checker) everywhere(n, winner int, tried []message.Forms) bool {
	own := c.views[n]
	if c.views[winner] == own {
		return true
	}
	for view := range c.out.Views {
		if view == own || view == c.out.Begin {
			continue
		}
		inForce := c.triggers[n].Previous != nil && slices.Contains(c.order(view).previous, n) ||
			c.triggers[n].Previous == nil && c.index(view).place[n] >= 0
		if inForce && c.winner(view, n, tried) == ir.None {
			return false
		}
	}
	return true
}

func (c *checker) reportDead(n, winner int, example string) {
	t, other := c.triggers[n], c.triggers[winner]
	d := diag.Diagnostic{
		Code: "W104", Message: "this trigger never answers", Span: t.Span,
		Label: fmt.Sprintf("%q, for example, is answered by another one", example),
	}
	reason, help := "comes first", "write this one so that it says more, or give it a weight: {weight=1}."
	switch {
	case other.Weight > t.Weight:
		reason = "has more weight"
		help = fmt.Sprintf("give this one as much weight, {weight=%d}, or the other one less.", other.Weight)
	case c.views[winner] != c.views[n]:
		reason = fmt.Sprintf("stands in topic %q, which comes first,", c.out.Meta.Topics[c.views[winner]])
	}
	d.AddNote(fmt.Sprintf("%s %s and matches everything this one does; it stands", shown(other), reason), other.Span)
	d.Help = help
	c.report.Diagnostics = append(c.report.Diagnostics, d)
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
