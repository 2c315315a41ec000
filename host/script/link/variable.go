package link

import (
	"strings"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
)

func suggestion(text string, at source.Span) *diag.Suggestion {
	return &diag.Suggestion{Text: text, Span: at}
}

// inMacros tells whether a name occurs in a macro, which may then read or set it.
func (l *linker) inMacros(name string) bool {
	for _, o := range l.program.Objects {
		if strings.Contains(o.Code, name) {
			return true
		}
	}
	return false
}

// variables reports user variables that are read and never set (W120), or set
// and never read (W121). Names that are put together while the bot runs, and
// plug-ins that may set anything, make that unknowable.
func (l *linker) variables() {
	u := &l.uses
	if !u.anySet && !u.plugins {
		names := keys(u.userSet)
		for _, r := range u.reads {
			if u.userSet[r.name] || r.name == "topic" || strings.HasPrefix(r.name, "_") || l.inMacros(r.name) {
				continue
			}
			d := draft("W120", r.span, `nothing sets "`+r.name+`"`, `always reads "undefined"`)
			l.nearestVariable(d, r, names)
			l.found.Add(*d)
		}
	}
	if u.anyRead {
		return
	}
	told := map[string]bool{}
	for _, s := range u.sets {
		if u.userRead[s.name] || s.name == "topic" || told[s.name] || !u.userSet[s.name] || l.inMacros(s.name) {
			continue
		}
		told[s.name] = true
		d := draft("W121", s.span, `nothing reads "`+s.name+`"`, "set for nothing")
		l.found.Add(*d)
	}
}

// nearestVariable offers a variable of a similar name, inside the tag that reads it.
func (l *linker) nearestVariable(d *diag.Diagnostic, r reading, names []string) {
	at := r.span
	if i := strings.Index(at.Text(), r.name); i >= 0 {
		at = at.File.Span(at.Start+i, at.Start+i+len(r.name))
	}
	if l.nearest(d, at, r.name, names, "") {
		l.uses.userRead.add(d.Suggestion.Text) // one slip is told once
	}
}

// unused reports bot variables, environment values, arrays and topics that
// nothing uses (W121).
func (l *linker) unused() {
	u := &l.uses
	report := func(at source.Span, what, name string) {
		l.add("W121", at, "nothing uses "+what+` "`+name+`"`, "remove it, if it is not for later", "")
	}
	for _, p := range l.program.BotVars {
		if at := l.written["var "+p.Name]; !u.botRead[p.Name] && !u.anyBot && !l.inMacros(p.Name) {
			report(at, "bot variable", p.Name)
		}
	}
	for _, p := range l.program.Env {
		if at := l.written["global "+p.Name]; !u.envRead[p.Name] && !u.anyEnv && !l.inMacros(p.Name) {
			report(at, "environment value", p.Name)
		}
	}
	for _, w := range l.words {
		if !u.arrays[w.name] {
			report(l.written["array "+w.name], "array", w.name)
		}
	}
	if u.anyTopic || u.plugins {
		return
	}
	for _, t := range l.order {
		if t.Name != l.root && !u.topics[t.Name] && !l.inMacros(t.Name) && !t.span.IsZero() {
			report(t.span, "topic", t.Name)
		}
	}
}
