package console

import "github.com/footlight-bots/footlight/host/deploy"

// What others say for the terminal is worded for the page: where there is a page for what a command does, the page is
// named. The report that can be downloaded stays as footlight doctor writes it.

func (w Walk) atDesk() Walk {
	w.Findings, w.Notes = each(w.Findings, deploy.Finding.AtDesk), each(w.Notes, deploy.Note.AtDesk)
	w.Fault, w.Cautions = deploy.AtDesk(w.Fault), each(w.Cautions, deploy.AtDesk)
	return w
}

func (c Checkup) atDesk() Checkup {
	c.Fault = deploy.AtDesk(c.Fault)
	if c.Report != nil {
		report := *c.Report
		report.Findings = each(report.Findings, deploy.Finding.AtDesk)
		c.Report = &report
	}
	return c
}

// atDesk words what was refused after a turn.
func atDesk(traces []Trace) []Trace {
	return each(traces, func(t Trace) Trace {
		t.Lines = each(t.Lines, func(l TraceLine) TraceLine {
			if l.Kind == "refused" {
				l.Text = deploy.AtDesk(l.Text)
			}
			return l
		})
		return t
	})
}

// each is a copy of a list in which every item is worded; an empty one is the same.
func each[T any](list []T, word func(T) T) []T {
	if len(list) == 0 {
		return list
	}
	out := make([]T, len(list))
	for i, item := range list {
		out[i] = word(item)
	}
	return out
}
