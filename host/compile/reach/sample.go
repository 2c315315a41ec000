package reach

import (
	"fmt"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// samples checks the messages in "//?" lines above a trigger: each must match it, and
// none that is tried before it (L-CHAT-3). The person has just come to the topic; above
// a trigger with % the bot has said what it waits for.
func (c *checker) samples(n int) {
	for _, sample := range c.triggers[n].Samples {
		if c.tries <= 0 {
			return
		}
		c.report.Samples++
		heard := c.forms(sample.Value)
		winner, sure := c.answering(n, heard)
		switch {
		case winner == n || !sure:
			c.report.Reached++
		case !c.hears(n, heard):
			c.reportSample(sample, winner, "this sample does not match its trigger")
		default:
			c.reportSample(sample, winner, "this sample does not reach its trigger")
		}
	}
}

// answering is the trigger that answers a message where trigger n might; sure is
// false when nothing that the bot could have said before is known.
func (c *checker) answering(n int, heard message.Forms) (winner int, sure bool) {
	view := c.order(c.views[n])
	if c.triggers[n].Previous != nil {
		last, ok := c.said(n)
		if !ok {
			return ir.None, false
		}
		for _, other := range view.previous {
			if c.matcher.Matches(c.out.Triggers[other].Previous, last) && c.hears(other, heard) {
				return other, true
			}
		}
	}
	x := c.index(c.views[n])
	for _, place := range c.candidates(x, heard, len(view.all)) {
		if c.hears(view.all[place], heard) {
			return view.all[place], true
		}
	}
	return ir.None, true
}

func (c *checker) reportSample(sample syntax.Text, winner int, text string) {
	d := diag.Diagnostic{Code: "W104", Message: text, Span: sample.Span, Label: "no trigger answers it"}
	if winner != ir.None {
		d.Label = fmt.Sprintf("%s answers it", shown(c.triggers[winner]))
		d.AddNote("that one stands", c.triggers[winner].Span)
	}
	c.report.Diagnostics = append(c.report.Diagnostics, d)
}
