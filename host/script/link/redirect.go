package link

import (
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// redirect is one place that leads to another trigger by a literal target.
type redirect struct {
	target string
	span   source.Span
	from   *Trigger // nil for an entry of an array
	topic  *topic   // of the trigger
	alias  bool
}

// observeRedirect takes note of an alias or an inline redirect.
func (l *linker) observeRedirect(target *syntax.Template, at source.Span, alias bool) {
	text, literal := target.Literal()
	if !literal {
		return
	}
	if target.Span.Start < target.Span.End {
		at = target.Span
	}
	l.uses.redirects = append(l.uses.redirects, redirect{text, at, l.trigger, l.topicNow, alias})
}

// candidates lists the triggers a redirect can lead to: those without % (L-PREV-3).
func (l *linker) candidates() (out []*candidate) {
	for _, t := range l.all() {
		for _, trigger := range t.Triggers {
			if trigger.Previous == nil {
				out = append(out, newCandidate(trigger, t))
			}
		}
	}
	return out
}

// redirects reports targets that no trigger can match (E020) and redirects
// that lead back (W100).
func (l *linker) redirects() {
	all := l.candidates()
	texts := map[string]bool{}
	everything := false
	for _, c := range all {
		if c.topic.begin {
			continue
		}
		texts[c.text] = texts[c.text] || c.exact
		everything = everything || bare(c.Pattern)
	}
	type asked struct {
		text    string
		inBegin bool
	}
	answered := map[asked]bool{}
	for _, r := range l.uses.redirects {
		forms := l.normal.InternalForms(r.target, true)
		inBegin := r.alias && r.topic != nil && r.topic.begin // L-BEGIN-4
		if !inBegin && (everything || texts[forms.Plain.String]) {
			continue
		}
		takes := func(c *candidate) bool { return c.topic.begin == inBegin && c.takes(forms, l.program.Arrays) }
		key := asked{forms.Kept.String, inBegin}
		if _, known := answered[key]; !known {
			answered[key] = slices.ContainsFunc(all, takes)
		}
		if !answered[key] {
			l.add("E020", r.span, `no trigger matches "`+r.target+`"`, "people see an error text",
				"a redirect is matched like a message: it needs a trigger of that text.")
		}
	}
	l.loops(all)
}

// opening reports a begin block that never opens: nothing in it matches "request" (W118).
func (l *linker) opening() {
	if l.begin == nil {
		return
	}
	forms := l.normal.InternalForms("request", true)
	for _, t := range l.begin.Triggers {
		if t.Previous == nil && newCandidate(t, l.begin).takes(forms, l.program.Arrays) {
			return
		}
	}
	l.add("W118", l.begin.span, `no trigger of the begin block matches "request"`, `add "+ request" with "- {ok}"`,
		"every message is answered by this block first; as it is, all of them end in an error.")
}

// step is a redirect that is always taken once its trigger is.
type step struct {
	redirect
	to *Trigger
}

// loops reports redirects that lead back (W100). Replies beside conditions are
// left out: there the condition is what ends the loop.
func (l *linker) loops(all []*candidate) {
	byTopic := map[*topic][]*candidate{}
	for _, c := range all {
		byTopic[c.topic] = append(byTopic[c.topic], c)
	}
	steps := map[*Trigger][]step{}
	var starts []*Trigger
	for _, r := range l.uses.redirects {
		if r.from == nil || r.topic == nil || !r.alias && len(r.from.Conditions) > 0 {
			continue
		}
		to := l.winner(r, byTopic)
		if to == nil {
			continue
		}
		if steps[r.from] == nil {
			starts = append(starts, r.from)
		}
		steps[r.from] = append(steps[r.from], step{r, to})
	}
	known := map[*Trigger]int{}
	var path []step
	var visit func(t *Trigger)
	visit = func(t *Trigger) {
		known[t] = open
		for _, s := range steps[t] {
			path = append(path, s)
			switch known[s.to] {
			case fresh:
				visit(s.to)
			case open:
				l.loop(path, s.to)
			}
			path = path[:len(path)-1]
		}
		known[t] = done
	}
	for _, t := range starts {
		if known[t] == fresh {
			visit(t)
		}
	}
}

// loop reports the end of a path that has come back to a trigger.
func (l *linker) loop(path []step, to *Trigger) {
	from := slices.IndexFunc(path, func(s step) bool { return s.from == to })
	path = path[from:]
	names := []string{to.Text}
	for _, s := range path {
		names = append(names, s.to.Text)
	}
	last := path[len(path)-1]
	d := draft("W100", last.span, "this redirect leads back: "+strings.Join(names, " > "), "this step closes the circle")
	for _, s := range path[:len(path)-1] {
		d.AddNote(`"`+s.from.Text+`" leads to "`+s.to.Text+`"`, s.span)
	}
	d.Help = "people who get here see the error of deep recursion."
	l.found.Add(*d)
}

// winner is the trigger a redirect surely leads to; nil if that depends on more
// than weights, levels and plain text, or on the topic the reply switches to.
func (l *linker) winner(r redirect, byTopic map[*topic][]*candidate) *Trigger {
	at := r.topic
	if !r.alias {
		switches := false
		for _, a := range answers(r.from) {
			walk(a.template, func(n *syntax.Node) { switches = switches || n.Kind == syntax.TopicNode || n.Kind == syntax.CallNode })
		}
		if switches {
			return nil
		}
	}
	forms := l.normal.InternalForms(r.target, true)
	var best []*candidate
	level := 0
	for _, in := range l.reach(at) {
		for _, c := range byTopic[in.topic] {
			if !c.takes(forms, l.program.Arrays) {
				continue
			}
			switch {
			case len(best) == 0 || c.Weight > best[0].Weight || c.Weight == best[0].Weight && c.exact && !best[0].exact && in.level == level:
				best, level = []*candidate{c}, in.level
			case c.Weight == best[0].Weight && in.level == level && c.exact == best[0].exact:
				best = append(best, c)
			}
		}
	}
	if len(best) != 1 {
		return nil
	}
	return best[0].Trigger
}
