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
func (j *judge) samples(n int) {
	for _, sample := range j.triggers[n].Samples {
		if j.tired() {
			return
		}
		j.report.Samples++
		heard := j.forms(sample.Value)
		winner, sure := j.answering(n, heard)
		switch {
		case winner == n || !sure:
			j.report.Reached++
		case !j.hears(n, heard):
			j.reportSample(sample, winner, "this sample does not match its trigger")
		default:
			j.reportSample(sample, winner, "this sample does not reach its trigger")
		}
	}
}

// answering is the trigger that answers a message where trigger n might; sure is
// false when nothing that the bot could have said before is known.
func (j *judge) answering(n int, heard message.Forms) (winner int, sure bool) {
	view := j.views[n]
	if j.triggers[n].Previous != nil {
		last, ok := j.said(n)
		if !ok {
			return ir.None, false
		}
		j.ask(message.Forms{Plain: last})
		for _, other := range j.candidates(j.groups, byPrevious, view, ir.None) {
			if j.matcher.Matches(j.out.Triggers[other.number].Previous, last) && j.hears(other.number, heard) {
				return other.number, true
			}
		}
	}
	j.ask(heard)
	for _, other := range j.candidates(j.groups, byPattern, view, ir.None) {
		if j.hears(other.number, heard) {
			return other.number, true
		}
	}
	return ir.None, true
}

func (j *judge) reportSample(sample syntax.Text, winner int, text string) {
	d := diag.Diagnostic{Code: "W104", Message: text, Span: sample.Span, Label: "no trigger answers it"}
	if winner != ir.None {
		d.Label = fmt.Sprintf("%s answers it", shown(j.triggers[winner]))
		d.AddNote("that one stands", j.triggers[winner].Span)
	}
	j.report.Diagnostics = append(j.report.Diagnostics, d)
}
