package link

import (
	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// silence removes the warnings that settings and "// allow" lines switch off
// (L-DIAG-2), and reports the lines that switched off none.
func (l *linker) silence(everywhere []string) *diag.List {
	out := &diag.List{}
	used := map[*syntax.Allow]bool{}
	for _, d := range l.found.All() {
		if d.Code.IsError() {
			out.Add(d)
			continue
		}
		allow := l.allowed(d)
		if allow != nil {
			used[allow] = true
		}
		if allow == nil && !diag.Named(everywhere, d.Code) {
			out.Add(d)
		}
	}
	if diag.Named(everywhere, "W122") {
		return out
	}
	for _, doc := range l.docs {
		for i := range doc.Allows {
			if a := &doc.Allows[i]; !used[a] {
				out.Add(diag.Diagnostic{Code: "W122", Message: "this line silences nothing", Span: a.Span, Label: "remove it"})
			}
		}
	}
	return out
}

// allowed is the line that switches a warning off, nil if there is none.
func (l *linker) allowed(d diag.Diagnostic) *syntax.Allow {
	if d.Span.IsZero() {
		return nil
	}
	for _, doc := range l.docs {
		if doc.File != d.Span.File {
			continue
		}
		for i := range doc.Allows {
			a := &doc.Allows[i]
			if !a.Covers.IsZero() && a.Covers.Start <= d.Span.Start && d.Span.Start <= a.Covers.End && diag.Named(a.Names, d.Code) {
				return a
			}
		}
	}
	return nil
}
