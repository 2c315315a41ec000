package message

import "unicode/utf8"

// automaton finds all substitutions of a text in one pass. It is a trie over the
// bytes of the patterns in which every node knows where to go on when its pattern
// fails (Aho and Corasick).
type automaton struct {
	nodes []node     // node 0 is the root
	first [256]int32 // children of the root
	subs  []Substitution
}

// node has one edge for each byte of keys, to the node of the same position in next.
type node struct {
	keys  []byte
	next  []int32
	depth int32 // length of its text
	fail  int32 // node of the longest other text that this one ends with
	also  int32 // the nearest node behind fail that ends a pattern, or 0
	sub   int32 // substitution whose pattern this is, or -1
}

// newAutomaton prepares substitutions, or returns nil when there are none.
func newAutomaton(subs []Substitution) *automaton {
	a := &automaton{nodes: []node{{sub: -1}}, subs: subs}
	for i, s := range subs {
		if s.From == "" {
			continue
		}
		at := int32(0)
		for k := range len(s.From) {
			at = a.child(at, s.From[k])
		}
		if a.nodes[at].sub < 0 { // the earlier definition counts (L-SUB-2)
			a.nodes[at].sub = int32(i)
		}
	}
	if len(a.nodes) == 1 {
		return nil
	}
	a.link()
	return a
}

// child finds the node behind byte c, and makes it when it is missing.
func (a *automaton) child(at int32, c byte) int32 {
	if next := a.edge(at, c); next > 0 {
		return next
	}
	next := int32(len(a.nodes))
	a.nodes = append(a.nodes, node{sub: -1, depth: a.nodes[at].depth + 1})
	n := &a.nodes[at]
	n.keys, n.next = append(n.keys, c), append(n.next, next)
	if at == 0 {
		a.first[c] = next
	}
	return next
}

// edge is the node behind byte c, or 0.
func (a *automaton) edge(at int32, c byte) int32 {
	if at == 0 {
		return a.first[c]
	}
	n := &a.nodes[at]
	for i, k := range n.keys {
		if k == c {
			return n.next[i]
		}
	}
	return 0
}

// link finds where to go on from every node, the nearer ones to the root first.
func (a *automaton) link() {
	queue := make([]int32, 1, len(a.nodes))
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for i, c := range a.nodes[at].keys {
			child := a.nodes[at].next[i]
			queue = append(queue, child)
			if at == 0 {
				continue
			}
			fail := a.step(a.nodes[at].fail, c)
			also := fail
			if a.nodes[fail].sub < 0 {
				also = a.nodes[fail].also
			}
			a.nodes[child].fail, a.nodes[child].also = fail, also
		}
	}
}

// step goes on with byte c.
func (a *automaton) step(at int32, c byte) int32 {
	for {
		if next := a.edge(at, c); next > 0 || at == 0 {
			return next
		}
		at = a.nodes[at].fail
	}
}

// to is what the pattern of a node becomes, and length how many bytes it takes.
func (a *automaton) to(n int32) string  { return a.subs[a.nodes[n].sub].To }
func (a *automaton) length(n int32) int { return int(a.nodes[n].depth) }

// closed is where no pattern may begin.
const closed = -1

// find looks for patterns in a folded text (L-SUB-1). found, with as many places as the
// text has positions, all 0, gets the node of the longest one that begins at each
// position. At one place the longest is the one to make: all others are begins of it, so
// they have fewer words, or as many and fewer characters (L-SUB-2). It returns whether
// there are any.
func (a *automaton) find(b []byte, found []int32) (hit bool) {
	at, before := int32(0), blank
	for i := 0; i < len(b); {
		r, size := rune(b[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(b[i:])
		}
		here := shapeOf(r, before)
		if at != 0 && here != word && a.end(at, i, found) {
			hit = true
		}
		for k := i; k < i+size; k++ {
			if before == word || k > i {
				found[k] = closed
			}
			if at == 0 {
				at = a.first[b[k]]
			} else {
				at = a.step(at, b[k])
			}
		}
		before = here
		i += size
	}
	return a.end(at, len(b), found) || hit
}

// end notes the patterns that end at a position, and returns whether there are any.
// Longer ones that begin at the same place come later, and take the place of these.
func (a *automaton) end(at int32, position int, found []int32) (hit bool) {
	if a.nodes[at].sub < 0 {
		at = a.nodes[at].also
	}
	for ; at != 0; at = a.nodes[at].also {
		if start := position - a.length(at); found[start] != closed {
			found[start] = at
			hit = true
		}
	}
	return hit
}

// replace appends the text b with what was found in it replaced to out. The scan goes
// on behind each pattern (L-SUB-2).
func (a *automaton) replace(out, b []byte, found []int32) []byte {
	kept := 0 // where what stays as it is begins
	for i := 0; i < len(b); {
		n := found[i]
		if n <= 0 {
			i++
			continue
		}
		out = append(out, b[kept:i]...)
		out = append(out, a.to(n)...)
		i += a.length(n)
		kept = i
	}
	return append(out, b[kept:]...)
}
