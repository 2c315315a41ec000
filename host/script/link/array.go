package link

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// word is an array as it was defined, its entries not yet resolved.
type word struct {
	name    string
	entries []syntax.Text
	state   int // fresh, open or done
}

const (
	fresh = iota
	open
	done
)

// defineArray takes one definition of an array (L-DEF-5).
func (l *linker) defineArray(d *syntax.Definition) {
	l.words = slices.DeleteFunc(l.words, func(w *word) bool { return w.name == d.Name })
	if isUndef(d.Lines) {
		return
	}
	w := &word{name: d.Name}
	for _, line := range d.Lines {
		w.entries = append(w.entries, l.entries(line)...)
	}
	l.words = append(l.words, w)
}

// entries splits one line of an array: at "|" if it has one, else at white space.
func (l *linker) entries(line syntax.Text) []syntax.Text {
	if !strings.Contains(line.Value, "|") {
		all, _ := split(line, unicode.IsSpace)
		return all
	}
	all, empty := split(line, func(r rune) bool { return r == '|' })
	if empty > 0 {
		l.add("W004", line.Span, "an entry of this array is empty", "dropped", "")
	}
	return all
}

// split cuts a text where cuts holds and trims the pieces; empty ones are only counted.
func split(line syntax.Text, cuts func(rune) bool) (pieces []syntax.Text, empty int) {
	at := 0
	for at <= len(line.Value) {
		end := len(line.Value)
		size := 1
		if i := strings.IndexFunc(line.Value[at:], cuts); i >= 0 {
			end = at + i
			_, size = utf8.DecodeRuneInString(line.Value[end:])
		}
		part := line.Value[at:end]
		from := line.Span.Start + at + len(part) - len(strings.TrimLeftFunc(part, unicode.IsSpace))
		if value := strings.TrimSpace(part); value != "" {
			pieces = append(pieces, syntax.Text{Value: value, Span: line.Span.File.Span(from, from+len(value))})
		} else {
			empty++
		}
		at = end + size
	}
	return pieces, empty
}

// arrays resolves the entries of all arrays, in the order of their definitions.
func (l *linker) arrays() {
	byName := map[string]*word{}
	for _, w := range l.words {
		byName[w.name] = w
	}
	for _, w := range l.words {
		l.expand(w, byName)
	}
}

// expand resolves one array, and first those it takes entries from (L-DEF-6).
func (l *linker) expand(w *word, byName map[string]*word) *Array {
	out := &Array{Name: w.name}
	w.state = open
	for _, e := range w.entries {
		name, refers := strings.CutPrefix(e.Value, "@")
		if !refers || !syntax.ValidArray(name) {
			l.entry(out, e)
			continue
		}
		other := byName[strings.ToLower(name)]
		switch {
		case other == nil:
			d := draft("E017", e.Span, "there is no array "+e.Value, "this entry is dropped")
			l.nearest(d, e.Span, name, keys(byName), "@")
			l.found.Add(*d)
		case other.state == open:
			l.add("E017", e.Span, e.Value+" leads back to array @"+other.name, "this entry is dropped", "")
		default:
			a := l.program.Arrays[other.name]
			if other.state == fresh {
				a = l.expand(other, byName)
			}
			l.uses.arrays.add(other.name)
			out.Entries = append(out.Entries, a.Entries...)
			out.Templates = append(out.Templates, a.Templates...)
		}
	}
	w.state = done
	l.program.Arrays[w.name] = out
	return out
}

// entry adds a plain entry: literal text for patterns, a template for replies.
func (l *linker) entry(a *Array, e syntax.Text) {
	template, found := syntax.ParseTemplate(e)
	l.found.Add(found...)
	literal := strings.ReplaceAll(e.Value, `\s`, " ")
	a.Entries = append(a.Entries, strings.Join(strings.Fields(literal), " "))
	a.Templates = append(a.Templates, template)
}

// nearest offers the nearest of some names in place of what stands at a span.
func (l *linker) nearest(d *diag.Diagnostic, at source.Span, written string, names []string, prefix string) bool {
	near := diag.Nearest(written, names)
	if near == "" {
		return false
	}
	if prefix == "@" {
		l.uses.arrays.add(near) // one slip is told once
	}
	d.Label = diag.DidYouMean(prefix + near)
	d.Suggestion = &diag.Suggestion{Text: prefix + near, Span: at}
	return true
}

func keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
