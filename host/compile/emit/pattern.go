package emit

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
)

// Operations of the matcher: those of ir, with the three wildcards in one and
// the two ends of a capture in one.
const (
	matchAccept  = iota
	matchLiteral // A: address, B: length
	matchRun     // A: classes, see runTest; B: number among the nodes that remember
	matchRest    // any text, to the end
	matchGap
	matchSplit // A: address of the alternatives, B: how many
	matchMark  // A: offset of a captured position
	matchValue // A: address of the value
	matchEmpty // A: address of the value
	matchFail
)

// runTest packs what a wildcard asks of the class of a character: the bits of
// the low byte must equal those of the high byte.
func runTest(op ir.NodeOp) uint32 {
	switch op {
	case ir.DigitRun:
		return uint32(message.Digit) | uint32(message.Digit)<<8
	case ir.WordRun:
		return uint32(message.Digit | message.Blank)
	default:
		return 0
	}
}

// valueKey tells the values in patterns apart.
type valueKey struct {
	kind ir.DynamicKind
	name string
	n    int
}

// layPatterns writes the tables of all patterns.
func (e *emitter) layPatterns() {
	e.values = map[valueKey]int{}
	for i := range e.p.Patterns {
		p := &e.p.Patterns[i]
		e.patterns = append(e.patterns, e.layPattern(p))
	}
}

func (e *emitter) layPattern(p *ir.Pattern) int {
	header := e.data.reserve(patternSize)
	nodes := e.data.reserve(nodeSize * len(p.Nodes))
	memory := remembering(p)
	memos := 0
	var values []uint32
	for i := range p.Nodes {
		n := &p.Nodes[i]
		at := nodes + nodeSize*i
		own := uint32(0xffffffff)
		switch n.Op {
		case ir.Accept, ir.Fail, ir.Split:
		default:
			e.data.put(at+nodeNext, uint32(nodes+nodeSize*n.Next))
		}
		op, a, b := e.node(p, n, nodes)
		if op == matchValue || op == matchEmpty {
			values = append(values, a)
		}
		if op == matchRun {
			e.data.put(at+nodeStop, stopOf(p, n.Next))
			b = uint32(memos)
			memos++
		} else if memory[i] {
			own = uint32(memos)
			memos++
		}
		e.data.put(at+nodeOp, op)
		e.data.put(at+nodeA, a)
		e.data.put(at+nodeB, b)
		e.data.put(at+nodeMemo, own)
	}
	e.data.put(header+patternFirst, uint32(nodes))
	e.data.put(header+patternSlots, uint32(p.Slots))
	e.data.put(header+patternMemos, uint32(memos))
	if p.Bare {
		e.data.put(header+patternBare, 1)
	}
	if len(values) > 0 {
		e.data.put(header+patternValues, uint32(e.data.words(values)))
		e.data.put(header+patternCount, uint32(len(values)))
	}
	return header
}

// node gives the operation and operands of a node; nodes is the address of node 0.
func (e *emitter) node(p *ir.Pattern, n *ir.Node, nodes int) (op, a, b uint32) {
	switch n.Op {
	case ir.Accept:
		return matchAccept, 0, 0
	case ir.Literal:
		return matchLiteral, uint32(e.data.text(n.Text)), uint32(len(n.Text))
	case ir.AnyRun:
		if endsAfter(p, n.Next) {
			return matchRest, 0, 0
		}
		return matchRun, runTest(n.Op), 0
	case ir.DigitRun, ir.WordRun:
		return matchRun, runTest(n.Op), 0
	case ir.Gap:
		return matchGap, 0, 0
	case ir.Split:
		alts := make([]uint32, len(n.Alts))
		for i, alt := range n.Alts {
			alts[i] = uint32(nodes + nodeSize*alt)
		}
		return matchSplit, uint32(e.data.words(alts)), uint32(len(alts))
	case ir.Open:
		return matchMark, uint32(8 * n.Slot), 0
	case ir.Close:
		return matchMark, uint32(8*n.Slot + 4), 0
	case ir.Dynamic:
		return matchValue, uint32(e.patternValue(n)), 0
	case ir.Empty:
		return matchEmpty, uint32(e.patternValue(n)), 0
	default:
		return matchFail, 0, 0
	}
}

// patternValue returns the address of a value that stands in patterns.
func (e *emitter) patternValue(n *ir.Node) int {
	key := valueKey{n.Dynamic, n.Name, n.N}
	at, ok := e.values[key]
	if !ok {
		at = e.data.reserve(valueSize)
		e.data.put(at+valueKind, uint32(n.Dynamic))
		e.data.put(at+valueName, uint32(e.data.text(n.Name)))
		e.data.put(at+valueLen, uint32(len(n.Name)))
		e.data.put(at+valueN, uint32(n.N))
		e.values[key] = at
	}
	return at
}

// endsAfter tells whether from node i on only captures close and the text ends:
// a wildcard in front of it can only take all that is left.
func endsAfter(p *ir.Pattern, i int) bool {
	for range p.Nodes {
		switch p.Nodes[i].Op {
		case ir.Close:
			i = p.Nodes[i].Next
		case ir.Accept:
			return true
		default:
			return false
		}
	}
	return false
}

// stopAtBorder is the stop of a wildcard in front of a gap. No text begins with this byte.
const stopAtBorder = 1

// stopOf tells where a wildcard in front of node i has taken enough for that
// node to begin: at a border, or at the first byte of a literal; 0 is anywhere.
func stopOf(p *ir.Pattern, i int) uint32 {
	for range p.Nodes {
		n := &p.Nodes[i]
		switch {
		case n.Op == ir.Open || n.Op == ir.Close:
			i = n.Next
		case n.Op == ir.Gap:
			return stopAtBorder
		case n.Op == ir.Literal && n.Text != "" && n.Text[0] > stopAtBorder:
			return uint32(n.Text[0])
		default:
			return 0
		}
	}
	return 0
}

// remembering finds the nodes that can be reached at one position in several
// ways. Only they have to remember where they failed, so that each way is gone
// once (L-TRIG-13).
func remembering(p *ir.Pattern) []bool {
	ways := make([]int, len(p.Nodes))
	for i := range p.Nodes {
		n := &p.Nodes[i]
		switch n.Op {
		case ir.Accept, ir.Fail:
		case ir.Split:
			for _, alt := range n.Alts {
				ways[alt]++
			}
		case ir.Gap: // with the blank swallowed, or not
			ways[n.Next] += 2
		default:
			ways[n.Next]++
		}
	}
	result := make([]bool, len(p.Nodes))
	for i, w := range ways {
		result[i] = w > 1
	}
	return result
}
