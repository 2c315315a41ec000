package link

import (
	"cmp"
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

// redirects reports targets that no trigger can match (E020) and redirects
// that lead back (W100).
func (l *linker) redirects() {
	if len(l.uses.redirects) == 0 {
		return
	}
	all := l.newCandidates()
	var plain []string // made when needed
	for _, r := range l.uses.redirects {
		inBegin := r.alias && r.topic != nil && r.topic.begin // L-BEGIN-4
		takes := func(c *candidate) bool { return c.topic.begin == inBegin }
		if !slices.ContainsFunc(all.taking(r.target, l.normal), takes) {
			d := draft("E020", r.span, `no trigger matches "`+r.target+`"`, "people see an error text")
			d.Help = "a redirect is matched like a message: it needs a trigger of that text."
			if plain == nil {
				plain = l.plainTriggers()
			}
			at := trimmed(r.span)
			l.nearest(d, at, at.Text(), plain, "")
			d.Span = at
			l.found.Add(*d)
		}
	}
	l.loops(all)
}

// plainTriggers are the texts of triggers that are nothing but words.
func (l *linker) plainTriggers() []string {
	texts := []string{}
	for _, t := range l.order {
		for _, trigger := range t.Triggers {
			plain := func(e syntax.Element) bool { return e.Kind == syntax.Literal || e.Kind == syntax.Space }
			if !slices.ContainsFunc(trigger.Pattern.Elements, func(e syntax.Element) bool { return !plain(e) }) {
				texts = append(texts, folded(trigger.Pattern))
			}
		}
	}
	return texts
}

// trimmed is a span without the blanks at its ends.
func trimmed(s source.Span) source.Span {
	text := s.Text()
	s.Start += len(text) - len(strings.TrimLeft(text, " \t"))
	s.End = s.Start + len(strings.Trim(text, " \t"))
	return s
}

// tappable reports what can be tapped on the Page and is answered by no trigger, or by one that answers
// everything (W132).
func (l *linker) tappable() {
	if len(l.shown) == 0 {
		return
	}
	all := l.newCandidates()
	for _, b := range l.shown {
		if !slices.ContainsFunc(b.Texts, func(text string) bool {
			return slices.ContainsFunc(all.taking(text, l.normal), func(c *candidate) bool {
				return !c.topic.begin && !catchAll(c.Pattern.Elements)
			})
		}) {
			l.add("W132", source.Span{}, b.Setting+` says "`+b.Texts[0]+`", and no trigger but a catch-all answers that`, "",
				`write a trigger "+ `+b.Texts[0]+`", or let it say what one has.`)
		}
	}
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
func (l *linker) loops(all *candidates) {
	steps := map[*Trigger][]step{}
	var starts []*Trigger
	for _, r := range l.uses.redirects {
		if r.from == nil || r.topic == nil || !r.alias && len(r.from.Conditions) > 0 {
			continue
		}
		to := l.winner(r, all)
		if to == nil {
			continue
		}
		if steps[r.from] == nil {
			starts = append(starts, r.from)
		}
		steps[r.from] = append(steps[r.from], step{r, to})
	}
	known := map[*Trigger]int{} // open or done
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
func (l *linker) winner(r redirect, all *candidates) *Trigger {
	if !r.alias && l.switches(r.from) {
		return nil
	}
	levels := map[*topic]int{}
	for _, in := range l.reach(r.topic) {
		levels[in.topic] = in.level
	}
	var best []*candidate
	for _, c := range all.taking(r.target, l.normal) {
		if _, inForce := levels[c.topic]; !inForce {
			continue
		}
		better := 1 // than the best so far; 0: as good
		if len(best) > 0 {
			better = rank(c, best[0], levels)
		}
		switch {
		case better > 0:
			best = []*candidate{c}
		case better == 0:
			best = append(best, c)
		}
	}
	if len(best) != 1 {
		return nil
	}
	return best[0].Trigger
}

// rank compares two triggers by weight, level and whether they are plain text:
// the first keys of L-SORT.
func rank(a, b *candidate, levels map[*topic]int) int {
	if byWeight := cmp.Compare(a.Weight, b.Weight); byWeight != 0 {
		return byWeight
	}
	if byLevel := cmp.Compare(levels[b.topic], levels[a.topic]); byLevel != 0 {
		return byLevel
	}
	if a.exact == b.exact {
		return 0
	}
	if a.exact {
		return 1
	}
	return -1
}

// switches tells whether a reply of a trigger can change the topic before its
// redirects run.
func (l *linker) switches(t *Trigger) bool {
	out := false
	for _, a := range answers(t) {
		walk(a.template, func(n *syntax.Node) {
			out = out || n.Kind == syntax.TopicNode || n.Kind == syntax.CallNode || n.Kind == syntax.DirectionNode || n.Kind == syntax.SetNode && dynamicName(n)
		})
	}
	return out
}

// dynamicName tells whether the variable a node sets is named by a tag: it may be the topic.
func dynamicName(n *syntax.Node) bool {
	_, literal := n.Args[0].Literal()
	return !literal
}
