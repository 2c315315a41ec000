// Package match makes patterns ready for matching: it turns the pattern of a
// trigger into the small graph of ir, and puts the triggers that a person in a
// topic can reach into the order in which they are tried. It matches nothing
// itself. No API of the host is promised.
package match

import (
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Compile makes the graph of a pattern (section 8 of the language), arrays put
// in. Its size is linear in that of the pattern and its arrays.
func Compile(p *syntax.Pattern, arrays map[string]*link.Array) ir.Pattern {
	return NewCompiler(arrays).Compile(p)
}

// Compiler compiles patterns one after another, with less work than one by one. It
// must not be used by several goroutines.
type Compiler struct {
	arrays map[string]*link.Array
	nodes  []ir.Node // room for those in the making
}

// NewCompiler is a compiler of patterns that may name some arrays.
func NewCompiler(arrays map[string]*link.Array) *Compiler { return &Compiler{arrays: arrays} }

// Compile is Compile of the package. The graph is the caller's.
func (c *Compiler) Compile(p *syntax.Pattern) ir.Pattern {
	elements := p.Elements
	if text, ok := wholeText(elements); ok {
		return ir.Pattern{Nodes: []ir.Node{{Op: ir.Literal, Text: text, Next: 1}, {Op: ir.Accept}}}
	}
	b := &builder{arrays: c.arrays, nodes: c.nodes[:0]}
	b.slots = countSlots(elements)
	accept := b.add(ir.Node{Op: ir.Accept})
	start := b.sequence(elements, 0, accept)
	b.out.Slots = b.slots
	b.out.Bare = len(elements) == 1 && elements[0].Kind == syntax.Star
	b.out.Nodes = arrange(b.nodes, start)
	c.nodes = b.nodes
	return b.out
}

// wholeText tells whether a pattern is nothing but text, as most are, and which.
func wholeText(elements []syntax.Element) (text string, ok bool) {
	size := 0
	for i := range elements {
		switch elements[i].Kind {
		case syntax.Literal:
			size += len(elements[i].Text)
		case syntax.Space:
			size++
		default:
			return "", false
		}
	}
	var b strings.Builder
	b.Grow(size)
	blank := false
	for i := range elements {
		if elements[i].Kind == syntax.Space {
			blank = b.Len() > 0
			continue
		}
		if blank {
			b.WriteByte(' ')
		}
		blank = false
		b.WriteString(elements[i].Text)
	}
	return message.Fold(b.String()), b.Len() > 0
}

// builder makes nodes from the end of a pattern to its beginning, because each
// names the one after it.
type builder struct {
	arrays map[string]*link.Array
	nodes  []ir.Node
	slots  int
	out    ir.Pattern
}

func (b *builder) add(n ir.Node) int {
	b.nodes = append(b.nodes, n)
	return len(b.nodes) - 1
}

// split makes a choice among nodes.
func (b *builder) split(alts []int) int {
	switch len(alts) {
	case 0:
		return b.add(ir.Node{Op: ir.Fail})
	case 1:
		return alts[0]
	}
	return b.add(ir.Node{Op: ir.Split, Alts: alts})
}

// slotless stands for the number of the next capture where nothing is captured.
const slotless = -1

// countSlots numbers the captures of a sequence: wildcards and groups outside of
// optionals (L-CAP-1).
func countSlots(elements []syntax.Element) int {
	n := 0
	for _, e := range elements {
		switch e.Kind {
		case syntax.Star, syntax.Hash, syntax.Underscore:
			n++
		case syntax.Group:
			n++
			for _, alternative := range e.Alternatives {
				n += countSlots(alternative)
			}
		}
	}
	return n
}

// capture puts an Open and a Close around what inner makes.
func (b *builder) capture(slot, next int, inner func(next int) int) int {
	if slot == slotless {
		return inner(next)
	}
	start := inner(b.add(ir.Node{Op: ir.Close, Slot: slot, Next: next}))
	return b.add(ir.Node{Op: ir.Open, Slot: slot, Next: start})
}

// runs are the operations of the wildcards.
var runs = map[syntax.ElementKind]ir.NodeOp{
	syntax.Star: ir.AnyRun, syntax.Hash: ir.DigitRun, syntax.Underscore: ir.WordRun,
}

// element makes the nodes of one element; slot is the number of its first capture.
func (b *builder) element(e *syntax.Element, slot, next int) int {
	switch e.Kind {
	case syntax.Literal:
		return b.literal(message.Fold(e.Text), next)
	case syntax.Star, syntax.Hash, syntax.Underscore:
		return b.capture(slot, next, func(next int) int {
			return b.add(ir.Node{Op: runs[e.Kind], Next: next})
		})
	case syntax.Group:
		return b.capture(slot, next, func(next int) int { return b.alternatives(e, slot, next) })
	case syntax.Optional:
		return b.optional(e, next)
	case syntax.ArrayRef:
		return b.array(e.Text, next)
	}
	return b.add(ir.Node{Op: ir.Fail})
}

// literal makes a node for a text, which is folded.
func (b *builder) literal(text string, next int) int {
	return b.add(ir.Node{Op: ir.Literal, Text: text, Next: next})
}

// alternatives makes the inside of a group, whose own capture is slot.
func (b *builder) alternatives(e *syntax.Element, slot, next int) int {
	inner := slot
	if slot != slotless {
		inner++
	}
	alts := make([]int, 0, len(e.Alternatives))
	for _, alternative := range e.Alternatives {
		alts = append(alts, b.sequence(alternative, inner, next))
		if slot != slotless {
			inner += countSlots(alternative)
		}
	}
	return b.split(alts)
}

// optional is gap A gap, or gap B gap, or just a gap (L-TRIG-10).
func (b *builder) optional(e *syntax.Element, next int) int {
	after := b.add(ir.Node{Op: ir.Gap, Next: next})
	alts := make([]int, 0, len(e.Alternatives)+1)
	for _, alternative := range e.Alternatives {
		start := b.sequence(alternative, slotless, after)
		alts = append(alts, b.add(ir.Node{Op: ir.Gap, Next: start}))
	}
	return b.split(append(alts, b.add(ir.Node{Op: ir.Gap, Next: next})))
}

// array is an entry of an array, as literal text (L-TRIG-5).
func (b *builder) array(name string, next int) int {
	array := b.arrays[name]
	if array == nil {
		return b.add(ir.Node{Op: ir.Fail})
	}
	alts := make([]int, 0, len(array.Entries))
	for _, entry := range array.Entries {
		alts = append(alts, b.literal(message.Fold(entry), next))
	}
	return b.split(alts)
}
