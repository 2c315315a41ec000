package link

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// matcher tells whether patterns can match a text, for the checks that ask
// about literal texts. It follows all ways at once, so its cost is that of
// L-TRIG-13. What is known only while the bot runs counts as anything.
type matcher struct {
	arrays map[string]*Array
	text   message.Text
}

// places is a set of places of a text.
type places []bool

func (m *matcher) none() places { return make(places, len(m.text.String)+1) }

// matches tells whether a pattern can match the whole text (L-TRIG-1).
func (m *matcher) matches(p *syntax.Pattern) bool {
	if bare(p) {
		return true
	}
	from := m.none()
	from[0] = true
	return m.sequence(p.Elements, from)[len(m.text.String)]
}

// bare tells whether a pattern is a lone *, which matches the empty message as well (L-TRIG-14).
func bare(p *syntax.Pattern) bool {
	return len(p.Elements) == 1 && p.Elements[0].Kind == syntax.Star
}

// sequence is where matching can be behind all elements.
func (m *matcher) sequence(list []syntax.Element, at places) places {
	for i := range list {
		if list[i].Kind != syntax.Space {
			at = m.element(&list[i], at)
			continue
		}
		beside := func(is func(syntax.ElementKind) bool) bool {
			return i > 0 && is(list[i-1].Kind) || i+1 < len(list) && is(list[i+1].Kind)
		}
		switch {
		case beside(func(k syntax.ElementKind) bool { return k == syntax.Optional }): // L-TRIG-7: absorbed
		case beside(dynamic): // L-TRIG-6: gone if the value is empty
			at = union(at, m.literal(" ", at))
		default:
			at = m.literal(" ", at)
		}
	}
	return at
}

// dynamic tells whether the text of an element is known only when the bot runs.
func dynamic(k syntax.ElementKind) bool {
	return k == syntax.BotRef || k == syntax.GetRef || k == syntax.InputRef || k == syntax.ReplyRef
}

func (m *matcher) element(e *syntax.Element, at places) places {
	switch e.Kind {
	case syntax.Literal:
		return m.literal(message.Fold(e.Text), at)
	case syntax.Star:
		return m.run(at, func(int) bool { return true })
	case syntax.Hash:
		return m.run(at, func(i int) bool { return m.text.Classes[i]&message.Digit != 0 })
	case syntax.Underscore:
		return m.run(at, func(i int) bool { return m.text.Classes[i]&(message.Digit|message.Blank) == 0 })
	case syntax.ArrayRef:
		return m.entries(e.Text, at)
	case syntax.Group:
		return m.alternatives(e, at)
	case syntax.Optional:
		gap := m.gap(at)
		return union(gap, m.gap(m.alternatives(e, gap)))
	}
	// The value of a variable, or a line of history: anything, also nothing.
	return union(at, m.run(at, func(int) bool { return true }))
}

// literal is where the text goes on behind s.
func (m *matcher) literal(s string, at places) places {
	out := m.none()
	for i, here := range at {
		if here && strings.HasPrefix(m.text.String[i:], s) {
			out[i+len(s)] = true
		}
	}
	return out
}

// run is where one or more characters end for each of which is holds.
func (m *matcher) run(at places, is func(int) bool) places {
	out := m.none()
	running := false
	for i := 0; i < len(m.text.String); {
		running = (running || at[i]) && is(i)
		_, size := utf8.DecodeRuneInString(m.text.String[i:])
		i += size
		if running {
			out[i] = true
		}
	}
	return out
}

func (m *matcher) entries(name string, at places) places {
	out := m.none()
	if a := m.arrays[name]; a != nil {
		for _, entry := range a.Entries {
			out = union(out, m.literal(message.Fold(entry), at))
		}
	}
	return out
}

func (m *matcher) alternatives(e *syntax.Element, at places) places {
	out := m.none()
	for _, alternative := range e.Alternatives {
		out = union(out, m.sequence(alternative, at))
	}
	return out
}

// gap is the rule L-TRIG-9.
func (m *matcher) gap(at places) places {
	out := m.none()
	for i, here := range at {
		if !here || m.text.Classes[i]&message.Border == 0 {
			continue
		}
		out[i] = true
		if m.text.Classes[i]&message.Blank != 0 {
			out[i+1] = true
		}
	}
	return out
}

func union(a, b places) places {
	out := slices.Clone(a)
	for i, here := range b {
		out[i] = out[i] || here
	}
	return out
}

// catchAll tells whether a pattern matches whatever is said.
func catchAll(list []syntax.Element) bool {
	var only *syntax.Element
	for i := range list {
		if list[i].Kind == syntax.Space {
			continue
		}
		if only != nil {
			return false
		}
		only = &list[i]
	}
	switch {
	case only == nil:
		return false
	case only.Kind == syntax.Star:
		return true
	case only.Kind == syntax.Group || only.Kind == syntax.Optional:
		return slices.ContainsFunc(only.Alternatives, catchAll)
	}
	return false
}
