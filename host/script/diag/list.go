package diag

import (
	"sort"

	"github.com/footlight-bots/footlight/host/script/source"
)

// List collects diagnostics. Its zero value is empty and ready.
type List struct {
	all []Diagnostic
}

// Add appends diagnostics in any order.
func (l *List) Add(ds ...Diagnostic) { l.all = append(l.all, ds...) }

// Len is the number of diagnostics.
func (l *List) Len() int { return len(l.all) }

// All lists the diagnostics by file and place, each cause once: of several with
// the same code at the same place the first one added stands. The caller may
// keep the slice.
func (l *List) All() []Diagnostic {
	type cause struct {
		code Code
		span source.Span
	}
	seen := make(map[cause]bool, len(l.all))
	out := make([]Diagnostic, 0, len(l.all))
	for _, d := range l.all {
		c := cause{d.Code, d.Span}
		if !seen[c] {
			seen[c] = true
			out = append(out, d)
		}
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Span != b.Span {
			return a.Span.Before(b.Span)
		}
		return a.Code < b.Code
	})
	return out
}

// Counts tells how many errors and how many warnings there are.
func (l *List) Counts() (errors, warnings int) {
	for _, d := range l.All() {
		if d.Code.IsError() {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}

// HasErrors tells whether any diagnostic is an error.
func (l *List) HasErrors() bool {
	for _, d := range l.all {
		if d.Code.IsError() {
			return true
		}
	}
	return false
}
