package link

import (
	"slices"
	"strings"
)

// reached is a topic whose triggers are in force in another one (L-TOP-5).
type reached struct {
	*topic
	level int
}

// reach lists the topics in force in t, itself first, lower levels first.
func (l *linker) reach(t *topic) []reached {
	if t.begin {
		return []reached{{t, 0}}
	}
	var out []reached
	seen := map[*topic]bool{}
	for row, level := []*topic{t}, 0; len(row) > 0; level++ {
		var next []*topic
		for len(row) > 0 {
			at := row[0]
			row = row[1:]
			if seen[at] {
				continue
			}
			seen[at] = true
			out = append(out, reached{at, level})
			for _, name := range at.Includes {
				row = append(row, l.topics[name])
			}
			for _, name := range at.Inherits {
				next = append(next, l.topics[name])
			}
		}
		row = next
	}
	if root := l.topics[l.root]; l.program.Dialect == Dexter && !seen[root] {
		out = append(out, reached{root, out[len(out)-1].level + 1}) // L-TOP-8
	}
	return out
}

// cycles reports topics that include or inherit each other (W101).
func (l *linker) cycles() {
	known := map[*topic]int{} // open or done
	var path []*topic
	var visit func(t *topic)
	visit = func(t *topic) {
		known[t] = open
		path = append(path, t)
		for _, r := range t.relations {
			next := l.topics[l.topicName(r.Value)]
			if next == nil {
				continue
			}
			switch known[next] {
			case fresh:
				visit(next)
			case open:
				from := slices.Index(path, next)
				var names []string
				for _, s := range append(path[from:len(path):len(path)], next) {
					names = append(names, s.Name)
				}
				l.add("W101", r.Span, "these topics lead to each other: "+strings.Join(names, " > "), "leads back",
					"each of them has all the triggers of the others; one direction is usually meant.")
			}
		}
		path = path[:len(path)-1]
		known[t] = done
	}
	for _, t := range l.order {
		if known[t] == fresh {
			visit(t)
		}
	}
}

// catchAlls reports topics in which some message matches nothing (W106). In
// dexter all of them fall back on the root topic, so that one is the cause.
func (l *linker) catchAlls() {
	any := false
	for _, t := range l.order {
		any = any || len(t.Triggers) > 0
	}
	if !any {
		return
	}
	for _, t := range l.order {
		if l.catches(t) || t.Name != l.root && (l.program.Dialect == Dexter || len(t.Triggers) == 0) {
			continue
		}
		at := t.span
		if len(t.Triggers) > 0 {
			at = t.Triggers[0].Span
		}
		if at.IsZero() {
			at = l.docs[0].File.LineSpan(1)
		}
		l.add("W106", at, `topic "`+t.Name+`" has no answer to everything`, `add a trigger "+ *"`,
			"people who say what no trigger expects see an error text, or nothing at all.")
	}
}

func (l *linker) catches(t *topic) bool {
	for _, r := range l.reach(t) {
		for _, trigger := range r.Triggers {
			if trigger.Previous == nil && catchAll(trigger.Pattern.Elements) {
				return true
			}
		}
	}
	return false
}

// traps reports topics with a catch-all and no way out (W107).
func (l *linker) traps() {
	if l.begin != nil && l.leaves(l.begin, l.begin.Triggers) {
		return
	}
	for _, t := range l.order {
		if t.Name == l.root {
			continue
		}
		heard, trapped := l.heard(t)
		if trapped && !l.leaves(t, heard) {
			l.add("W107", t.span, `nobody leaves topic "`+t.Name+`"`, "whatever people say is answered here",
				`switch to another topic in one of its replies: {topic=`+l.root+`}.`)
		}
	}
}

// heard lists the triggers that can ever win in a topic, and whether a
// catch-all hides all others but those with a weight.
func (l *linker) heard(t *topic) (list []*Trigger, trapped bool) {
	limit := -1
	for _, r := range l.reach(t) {
		if limit >= 0 && r.level > limit {
			for _, trigger := range r.Triggers {
				if trigger.Weight > 0 || trigger.Previous != nil {
					list = append(list, trigger)
				}
			}
			continue
		}
		list = append(list, r.Triggers...)
		for _, trigger := range r.Triggers {
			if limit < 0 && r.Name != l.root && trigger.Previous == nil && catchAll(trigger.Pattern.Elements) {
				limit = r.level
			}
		}
	}
	return list, limit >= 0
}
