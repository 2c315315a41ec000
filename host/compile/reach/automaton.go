package reach

import (
	"math/bits"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
)

// automaton is a pattern that reads a text character by character and follows all
// its ways at once. What is known only while the bot runs (Dynamic, Empty) is read
// as whatever makes the automaton match more (generous) or less (strict), so that
// proofs hold whatever the values are.
type automaton struct {
	pattern  *ir.Pattern
	generous bool
	first    []int  // the first state of each node
	nodes    []int  // the node of each state
	runes    []rune // of states within literals
	free     states // states behind which everything matches
	symbols  []rune // the characters of its literals
}

// states is a set of states, by bits.
type states []uint64

func (s states) has(i int) bool { return s[i/64]>>(i%64)&1 != 0 }
func (s states) add(i int)      { s[i/64] |= 1 << (i % 64) }

// each visits the states of the set.
func (s states) each(visit func(int)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			visit(64*i + bits.TrailingZeros64(w))
		}
	}
}

func (s states) meets(o states) bool {
	for i := range s {
		if s[i]&o[i] != 0 {
			return true
		}
	}
	return false
}

func (s states) none() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

func newAutomaton(p *ir.Pattern, generous bool) *automaton {
	a := &automaton{pattern: p, generous: generous, first: make([]int, len(p.Nodes))}
	seen := map[rune]bool{}
	for i := range p.Nodes {
		a.first[i] = len(a.nodes)
		n := &p.Nodes[i]
		if n.Op == ir.Literal && n.Text != "" {
			for _, r := range n.Text {
				a.nodes, a.runes = append(a.nodes, i), append(a.runes, r)
				if !seen[r] {
					seen[r] = true
					a.symbols = append(a.symbols, r)
				}
			}
			continue
		}
		a.nodes, a.runes = append(a.nodes, i), append(a.runes, noRune)
		if a.run(n) { // its second state: it has taken a character
			a.nodes, a.runes = append(a.nodes, i), append(a.runes, noRune)
		}
	}
	a.free = a.set()
	for i := range p.Nodes {
		if n := &p.Nodes[i]; (n.Op == ir.AnyRun || n.Op == ir.Dynamic && generous) && a.finishes(n.Next) {
			a.free.add(a.first[i] + 1)
		}
	}
	return a
}

// finishes tells whether nothing but the end of the text is wanted from a node on.
func (a *automaton) finishes(node int) bool {
	for {
		switch n := &a.pattern.Nodes[node]; n.Op {
		case ir.Accept:
			return true
		case ir.Close:
			node = n.Next
		default:
			return false
		}
	}
}

// run tells whether a node takes one or more characters.
func (a *automaton) run(n *ir.Node) bool {
	return n.Op == ir.AnyRun || n.Op == ir.DigitRun || n.Op == ir.WordRun || n.Op == ir.Dynamic && a.generous
}

func (a *automaton) set() states { return make(states, (len(a.nodes)+63)/64) }

func (a *automaton) start() states {
	s := a.set()
	s.add(a.first[0])
	return s
}

// widen adds to s what can be reached without reading, at a place that is a border
// or not; it tells whether the pattern is through.
func (a *automaton) widen(s states, border bool) (closed states, through bool) {
	closed = append(states(nil), s...)
	var todo []int
	s.each(func(i int) { todo = append(todo, i) })
	visit := func(node int) {
		if i := a.first[node]; !closed.has(i) {
			closed.add(i)
			todo = append(todo, i)
		}
	}
	for len(todo) > 0 {
		state := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		node := a.nodes[state]
		n := &a.pattern.Nodes[node]
		switch n.Op {
		case ir.Accept:
			through = true
		case ir.Split:
			for _, alt := range n.Alts {
				visit(alt)
			}
		case ir.Open, ir.Close:
			visit(n.Next)
		case ir.Literal:
			if n.Text == "" {
				visit(n.Next)
			}
		case ir.Gap:
			if border {
				visit(n.Next)
			}
		case ir.Empty:
			if a.generous {
				visit(n.Next)
			}
		default:
			if a.run(n) && state != a.first[node] {
				visit(n.Next)
			}
		}
	}
	return closed, through
}

// read is where a widened set is after one more character. Behind a gap a blank may
// be swallowed: places beside blanks are borders.
func (a *automaton) read(closed states, r rune) states {
	next := a.set()
	closed.each(func(state int) {
		node := a.nodes[state]
		switch n := &a.pattern.Nodes[node]; {
		case n.Op == ir.Literal:
			if a.runes[state] != r {
				return
			}
			if state+1 < len(a.nodes) && a.nodes[state+1] == node {
				next.add(state + 1)
			} else {
				next.add(a.first[n.Next])
			}
		case n.Op == ir.Gap:
			if r == ' ' {
				next.add(a.first[n.Next])
			}
		case a.run(n):
			if fits(n.Op, r) {
				next.add(a.first[node] + 1)
			}
		}
	})
	return next
}

// Characters that occur in no literal: one stands for all of its class.
const (
	otherLetter rune = -1 - iota
	otherDigit
	otherSymbol
	otherMark
	noRune // no character at all
)

func fits(op ir.NodeOp, r rune) bool {
	digit := '0' <= r && r <= '9' || r == otherDigit
	switch op {
	case ir.DigitRun:
		return digit
	case ir.WordRun:
		return !digit && r != ' '
	}
	return true
}

// shapeOf is the shape of a character, or of the one that stands for its class.
func shapeOf(r rune, before message.Shape) message.Shape {
	switch r {
	case otherLetter, otherDigit:
		return message.Word
	case otherSymbol:
		return message.Symbol
	case otherMark:
		r = '\u0301'
	}
	return message.ShapeOf(r, before)
}
