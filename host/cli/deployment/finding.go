package deployment

import (
	"fmt"
	"io"
	"strings"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/deploy"
)

// titleColumn is the width of the titles of findings, in cells.
const titleColumn = 19

// The colours of a terminal.
const (
	plain  = "\x1b[0m"
	dim    = "\x1b[2m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
)

// mark is the sign of a state, and its colour.
func mark(s deploy.State) (sign, colour string) {
	switch s {
	case deploy.Fine:
		return "✓", green
	case deploy.Changed:
		return "+", green
	case deploy.Planned:
		return "→", yellow
	case deploy.Warning:
		return "!", yellow
	case deploy.Broken:
		return "✗", red
	}
	return "·", dim
}

// writeFinding writes what a check found in lines of 80 cells; what is not as it should
// be with its meaning and its cure.
func writeFinding(w io.Writer, f deploy.Finding, paint bool) {
	sign, colour := mark(f.State)
	if paint {
		sign = colour + sign + plain
	}
	found := f.Found
	if f.State == deploy.Changed {
		found = "done: " + found
	}
	lead := "  " + sign + " " + shell.Pad(f.Title, titleColumn) + " "
	for i, line := range shell.Wrap(shell.Harmless(found), shell.Column-titleColumn-5) {
		if i > 0 {
			lead = strings.Repeat(" ", titleColumn+5)
		}
		_, _ = fmt.Fprintln(w, lead+line)
	}
	if f.State == deploy.Planned {
		writePlan(w, f.Plan)
	}
	if f.State != deploy.Broken && f.State != deploy.Warning {
		return
	}
	if f.Means != "" {
		shell.Paragraph(w, 4, "it means", f.Means)
	}
	if f.Cure != "" {
		shell.Paragraph(w, 4, "the cure", f.Cure)
	}
	if f.Code != "" {
		shell.Paragraph(w, 4, "more", "footlight explain "+f.Code)
	}
}

// writePlan shows what is going to be done.
func writePlan(w io.Writer, plan []string) {
	for _, line := range plan {
		text := strings.TrimLeft(shell.Harmless(line), " ")
		margin := strings.Repeat(" ", 6+len(line)-len(strings.TrimLeft(line, " ")))
		for i, part := range shell.Wrap(text, shell.Column-len(margin)-2) {
			if i > 0 {
				part = "  " + part
			}
			_, _ = fmt.Fprintln(w, margin+part)
		}
	}
}
