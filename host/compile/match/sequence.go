package match

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// A blank matches a blank, but disappears at the ends of a sequence, beside
// another blank, beside an optional, which absorbs it (L-TRIG-7), and beside an
// empty value (L-TRIG-6). Whether a value is empty is known only when the message
// is matched, so each element has up to three forms, by what stands before it.
type context uint8

const (
	open    context = iota // the beginning or an optional: blanks are absorbed
	solid                  // text: the next blank counts
	pending                // text, then a blank that counts if text follows
	contexts
)

// sequence makes the nodes of a row of elements; slot is the number of its first capture.
func (b *builder) sequence(elements []syntax.Element, slot, next int) int {
	s := sequence{b: b, elements: elements, next: next, slots: make([]int, len(elements))}
	for i := range elements {
		s.slots[i] = slot
		if slot != slotless {
			slot += countSlots(elements[i : i+1])
		}
	}
	s.made = make([][contexts]int, len(elements))
	s.bodies = make([]int, len(elements))
	for i := range elements {
		s.made[i], s.bodies[i] = [contexts]int{ir.None, ir.None, ir.None}, ir.None
	}
	return s.from(0, open)
}

// sequence is one row of elements in the making.
type sequence struct {
	b        *builder
	elements []syntax.Element
	slots    []int // number of the first capture of each
	next     int
	made     [][contexts]int // start of the rest from an element on, for each context
	bodies   []int           // start of each element without what the context adds
}

// from makes the nodes from element i on, once for each context.
func (s *sequence) from(i int, before context) int {
	if i == len(s.elements) {
		return s.next
	}
	if s.made[i][before] == ir.None {
		s.made[i][before] = s.build(i, before)
	}
	return s.made[i][before]
}

func (s *sequence) build(i int, before context) int {
	e := &s.elements[i]
	switch e.Kind {
	case syntax.Space:
		if before == solid {
			before = pending
		}
		return s.from(i+1, before)
	case syntax.Optional:
		return s.body(i, open)
	case syntax.BotRef, syntax.GetRef, syntax.InputRef, syntax.ReplyRef:
		return s.dynamic(i, before)
	}
	return s.blank(before, s.body(i, solid))
}

// body makes an element once for all contexts: what is in it may be large.
func (s *sequence) body(i int, after context) int {
	if s.bodies[i] == ir.None {
		s.bodies[i] = s.b.element(&s.elements[i], s.slots[i], s.from(i+1, after))
	}
	return s.bodies[i]
}

// blank puts the blank that is pending in front of a node.
func (s *sequence) blank(before context, node int) int {
	if before != pending {
		return node
	}
	if n := &s.b.nodes[node]; n.Op == ir.Literal {
		return s.b.literal(" "+n.Text, n.Next)
	}
	return s.b.literal(" ", node)
}

// dynamic is a value; an empty one leaves no trace.
func (s *sequence) dynamic(i int, before context) int {
	n := dynamicNode(&s.elements[i])
	n.Op, n.Next = ir.Dynamic, s.from(i+1, solid)
	value := s.blank(before, s.b.add(n))
	n.Op, n.Next = ir.Empty, s.from(i+1, before)
	return s.b.split([]int{value, s.b.add(n)})
}

func dynamicNode(e *syntax.Element) ir.Node {
	switch e.Kind {
	case syntax.BotRef:
		return ir.Node{Dynamic: ir.BotVar, Name: e.Text}
	case syntax.GetRef:
		return ir.Node{Dynamic: ir.UserVar, Name: e.Text}
	case syntax.InputRef:
		return ir.Node{Dynamic: ir.InputLine, N: e.N}
	default:
		return ir.Node{Dynamic: ir.ReplyLine, N: e.N}
	}
}
