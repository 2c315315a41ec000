package importer

import (
	"fmt"
	"io"
)

// WriteReport tells what became of a project, for people. What the new scripts still
// have wrong is not in it: that is the build's to say.
func (r *Result) WriteReport(w io.Writer) error {
	p := &printer{w: w}
	p.line("taken over")
	for _, t := range r.Taken {
		if t.Old == t.New {
			p.line("  %s", t.Old)
		} else {
			p.line("  %s → %s", t.Old, t.New)
		}
	}
	if len(r.Changes) > 0 {
		p.line("\nchanged")
	}
	for _, c := range r.Changes {
		if c.Line == 0 {
			p.line("  %s: %s", c.Path, c.Text)
		} else {
			p.line("  %s:%d: %s", c.Path, c.Line, c.Text)
		}
	}
	if len(r.Left) > 0 {
		p.line("\nleft out")
	}
	for _, l := range r.Left {
		p.line("  %s: %s", l.Path, l.Why)
	}
	p.line("")
	return p.err
}

// printer writes lines until the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}
