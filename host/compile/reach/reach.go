// Package reach tells authors which triggers can never answer (W104), and whether
// the samples above triggers reach them (L-CHAT-3). It works on the finished program:
// the order of triggers and the graphs of their patterns. A trigger is reported only
// when it is proven that an earlier one matches all it does; where the proof would
// take too long, nothing is said. No API of the host is promised.
package reach

import (
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

// Report is what was found in a program.
type Report struct {
	Diagnostics []diag.Diagnostic // W104
	Samples     int               // messages above triggers
	Reached     int               // those that reach their trigger
}

// Check looks at a program and what it was lowered from.
func Check(in *link.Program, out *ir.Program) Report {
	c := &checker{
		orders: map[int]order{},
		out:    out, words: message.New(out.Meta.Message), arrays: in.Arrays,
		keys:   make([]string, len(out.Triggers)),
		prover: newProver(out), tries: maxTries,
	}
	c.matcher = interp.NewMatcher(out, c.value)
	c.gather(in)
	for n := range c.triggers {
		if c.unreachable(n) {
			c.report.Samples += len(c.triggers[n].Samples)
			continue
		}
		c.samples(n)
	}
	return c.report
}

// maxTries is how many times, in one build, patterns are tried on example sentences.
// It is enough for bots of several ten thousand triggers; beyond it, nothing more is
// looked for.
const maxTries = 2_000_000

// checker is one look at a program.
type checker struct {
	report   Report
	out      *ir.Program
	words    *message.Normalizer
	arrays   map[string]*link.Array
	triggers []*link.Trigger // by number in the program
	views    []int           // the view of the topic each trigger stands in
	keys     []string        // a word without which a trigger matches nothing; may be empty
	pieces   []string        // a text without which it matches nothing; may be empty
	latest   *index          // the one that was asked for last
	orders   map[int]order   // of the views that were asked for
	matcher  *interp.Matcher
	prover   *prover
	tries    int // still to be made
}

// order is what a view tries, in a row.
type order struct{ previous, all []int }

func (c *checker) order(view int) order {
	o, known := c.orders[view]
	if !known {
		o.previous, o.all = c.out.Order(view)
		c.orders[view] = o
	}
	return o
}

// gather numbers the triggers as lowering has done.
func (c *checker) gather(in *link.Program) {
	for i, t := range in.Topics {
		for range t.Triggers {
			c.views = append(c.views, i)
		}
		c.triggers = append(c.triggers, t.Triggers...)
	}
	if in.Begin != nil {
		for range in.Begin.Triggers {
			c.views = append(c.views, c.out.Begin)
		}
		c.triggers = append(c.triggers, in.Begin.Triggers...)
	}
	common := map[string]int{}
	mandatory := make([][]string, len(c.triggers))
	for n, t := range c.triggers {
		mandatory[n] = mandatoryWords(t.Pattern.Elements)
		c.pieces = append(c.pieces, piece(t.Pattern.Elements))
		for _, w := range mandatory[n] {
			common[w]++
		}
	}
	for n, words := range mandatory {
		for _, w := range words { // the rarest tells most
			if c.keys[n] == "" || common[w] < common[c.keys[n]] {
				c.keys[n] = w
			}
		}
	}
}

// value is what a variable or a line of history is to somebody who has just come.
func (c *checker) value(n *ir.Node) string {
	if n.Dynamic == ir.BotVar {
		for _, d := range c.out.Meta.BotVars {
			if d.Name == n.Name {
				return c.words.Value(d.Value)
			}
		}
	}
	return "undefined"
}

// hears tells whether a trigger matches a message, unstripped first where it asks
// for that (L-NORM-8).
func (c *checker) hears(n int, heard message.Forms) bool {
	c.tries--
	t := &c.out.Triggers[n]
	if t.Kept && heard.Kept.Classes != nil && c.matcher.Matches(t.Pattern, heard.Kept) {
		return true
	}
	return c.matcher.Matches(t.Pattern, heard.Plain)
}

// forms are the shapes of a message.
func (c *checker) forms(text string) message.Forms { return c.words.Forms(text, c.out.Meta.Kept) }

// said is the last reply that a trigger with % waits for, as far as one can be
// made up.
func (c *checker) said(n int) (message.Text, bool) {
	last := c.words.LastReply(c.example(c.triggers[n].Previous.Elements, shortest))
	return last, c.matcher.Matches(c.out.Triggers[n].Previous, last)
}
