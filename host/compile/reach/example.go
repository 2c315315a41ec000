package reach

import (
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// choice says which way an example takes through a pattern.
type choice uint8

const (
	shortest choice = iota // first alternatives, and nothing for optionals
	longest                // last alternatives, and the first of optionals
)

// What stands for wildcards in examples.
const (
	someWord   = "something"
	someNumber = "5"
)

// example makes up a message that a pattern should match. Whoever uses it tries it:
// substitutions and the deletion of characters can have other ideas.
func (c *checker) example(elements []syntax.Element, ways choice) string {
	s := sentence{c: c, ways: ways}
	s.sequence(elements)
	return s.text.String()
}

// sentence is an example in the making.
type sentence struct {
	c     *checker
	ways  choice
	text  strings.Builder
	blank bool // one is due before the next text
}

func (s *sentence) write(text string) {
	if text == "" {
		return
	}
	if s.blank && s.text.Len() > 0 {
		s.text.WriteByte(' ')
	}
	s.blank = false
	s.text.WriteString(text)
}

func (s *sentence) sequence(elements []syntax.Element) {
	for i := range elements {
		s.element(&elements[i])
	}
}

func (s *sentence) element(e *syntax.Element) {
	switch e.Kind {
	case syntax.Literal:
		s.write(message.Fold(e.Text))
	case syntax.Space:
		s.blank = true
	case syntax.Star, syntax.Underscore:
		s.write(someWord)
	case syntax.Hash:
		s.write(someNumber)
	case syntax.Group:
		s.alternative(e)
	case syntax.Optional:
		s.blank = true
		if s.ways == longest && len(e.Alternatives) > 0 {
			s.sequence(e.Alternatives[0])
		}
		s.blank = true
	case syntax.ArrayRef:
		s.entry(e.Text)
	default:
		s.write(s.c.value(valueNode(e)))
	}
}

func (s *sentence) alternative(e *syntax.Element) {
	switch {
	case len(e.Alternatives) == 0:
	case s.ways == longest:
		s.sequence(e.Alternatives[len(e.Alternatives)-1])
	default:
		s.sequence(e.Alternatives[0])
	}
}

func (s *sentence) entry(name string) {
	a := s.c.in.Arrays[name]
	switch {
	case a == nil || len(a.Entries) == 0:
	case s.ways == longest:
		s.write(message.Fold(a.Entries[len(a.Entries)-1]))
	default:
		s.write(message.Fold(a.Entries[0]))
	}
}

func valueNode(e *syntax.Element) *ir.Node {
	if e.Kind == syntax.BotRef {
		return &ir.Node{Dynamic: ir.BotVar, Name: e.Text}
	}
	return &ir.Node{Dynamic: ir.UserVar, Name: e.Text}
}
