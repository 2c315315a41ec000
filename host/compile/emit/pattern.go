package emit

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
)

// A pattern is a row of nodes. A node is a word whose low byte is its operation and
// whose upper 24 bits are a number; some have one more word. Matching goes on behind
// a node, unless it is a jump.
const (
	matchAccept   = iota
	matchLiteral  // length | address of the text
	matchRun      // see runTest and stopOf | number among the nodes that remember
	matchRest     // any text, to the end
	matchGap      //
	matchSplit    // alternatives | their addresses
	matchSet      // | address of alternatives: one of them has to stand here
	matchMark     // offset of a captured position
	matchValue    // | address of the value
	matchEmpty    // | address of the value
	matchFail     //
	matchJump     // | address of the node where matching goes on
	matchRemember // number among the nodes that remember: a position at which it was seen fails
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
	e.sets = map[string]uint32{}
	e.patterns = make([]uint32, len(e.p.Patterns))
	for i := range e.p.Patterns {
		p := &e.p.Patterns[i]
		e.patterns[i] = e.layPattern(p)
	}
}

func (e *emitter) layPattern(p *ir.Pattern) uint32 {
	if text, ok := wholeText(p); ok {
		return uint32(e.data.words([]uint32{e.number24(len(text))<<8 | patternIsText, uint32(e.data.text(text))}))
	}
	w := patternWriter{e: e, p: p, ways: remembering(p)}
	w.place()
	return w.write()
}

// wholeText tells whether a pattern is one text, and which.
func wholeText(p *ir.Pattern) (text string, ok bool) {
	if p.Bare || len(p.Nodes) == 0 || p.Nodes[0].Op != ir.Literal {
		return "", false
	}
	n := &p.Nodes[0]
	return n.Text, p.Slots == 0 && p.Nodes[n.Next].Op == ir.Accept
}

// number24 is a number that has to fit beside an operation.
func (e *emitter) number24(n int) uint32 {
	if n > maxStepNumber {
		e.problem("a pattern counts %d, at most %d are allowed", n, maxStepNumber)
	}
	return uint32(n)
}

// patternWriter makes the nodes of one pattern.
type patternWriter struct {
	e      *emitter
	p      *ir.Pattern
	ways   []int  // that lead to each node
	inSet  []bool // nodes that are only an entry of a set
	sets   []bool // splits that are a set
	at     []int  // offset of each node in words, from the first
	size   int    // of all nodes, in words
	memos  int
	values []uint32
	words  []uint32
}

// place decides what becomes of each node, and where it comes to lie.
func (w *patternWriter) place() {
	n := len(w.p.Nodes)
	w.inSet, w.sets, w.at = make([]bool, n), make([]bool, n), make([]int, n)
	for i := range w.p.Nodes {
		if w.isSet(i) {
			w.sets[i] = true
			for _, alt := range w.p.Nodes[i].Alts {
				w.inSet[alt] = w.ways[alt] == 1
			}
		}
	}
	for i := range w.p.Nodes {
		w.at[i] = w.size
		w.size += w.sizeOf(i)
	}
}

// isSet tells whether a node is a choice among texts that all lead on alike.
func (w *patternWriter) isSet(i int) bool {
	n := &w.p.Nodes[i]
	if n.Op != ir.Split || len(n.Alts) == 0 {
		return false
	}
	for _, alt := range n.Alts {
		if a := &w.p.Nodes[alt]; a.Op != ir.Literal || a.Next != w.p.Nodes[n.Alts[0]].Next {
			return false
		}
	}
	return true
}

// next is where matching goes on behind a node, or ir.None.
func (w *patternWriter) next(i int) int {
	n := &w.p.Nodes[i]
	switch {
	case w.sets[i]:
		return w.p.Nodes[n.Alts[0]].Next
	case n.Op == ir.Accept || n.Op == ir.Fail || n.Op == ir.Split:
		return ir.None
	}
	return n.Next
}

// jumps tells whether a node needs a jump behind it.
func (w *patternWriter) jumps(i int) bool {
	next := w.next(i)
	for i++; i < len(w.inSet) && w.inSet[i]; { // what is only an entry of a set is not written
		i++
	}
	return next != ir.None && next != i
}

// remembers tells whether a node remembers where it was reached. Runs do it by
// themselves.
func (w *patternWriter) remembers(i int) bool {
	switch w.p.Nodes[i].Op {
	case ir.DigitRun, ir.WordRun:
		return false
	case ir.AnyRun:
		return w.ways[i] > 1 && endsAfter(w.p, w.p.Nodes[i].Next)
	}
	return w.ways[i] > 1
}

// sizeOf is what a node takes, in words.
func (w *patternWriter) sizeOf(i int) int {
	if w.inSet[i] {
		return 0
	}
	n, size := &w.p.Nodes[i], 1
	switch {
	case w.sets[i]:
		size = 2
	case n.Op == ir.Split:
		size = 1 + len(n.Alts)
	case n.Op == ir.Literal || n.Op == ir.Dynamic || n.Op == ir.Empty:
		size = 2
	case n.Op == ir.DigitRun || n.Op == ir.WordRun || n.Op == ir.AnyRun && !endsAfter(w.p, n.Next):
		size = 2
	}
	if w.remembers(i) {
		size++
	}
	if w.jumps(i) {
		size += 2
	}
	return size
}

// write puts header and nodes into the data.
func (w *patternWriter) write() uint32 {
	e, p := w.e, w.p
	header := e.data.reserveRow(patternNodes/4 + w.size)
	first := header + patternNodes
	for i := range p.Nodes {
		if !w.inSet[i] {
			w.node(i, first)
		}
	}
	head := e.number24(p.Slots) << 8
	if p.Bare {
		head |= patternIsBare
	}
	e.data.put(header+patternHead, head)
	e.data.put(header+patternMemos, uint32(w.memos))
	for n, word := range w.words {
		e.data.put(first+4*n, word)
	}
	if len(w.values) > 0 {
		e.data.put(header+patternValues, uint32(e.data.words(append([]uint32{uint32(len(w.values))}, w.values...))))
	}
	return uint32(header)
}

// node appends the words of one.
func (w *patternWriter) node(i, first int) {
	n := &w.p.Nodes[i]
	address := func(i int) uint32 { return uint32(first + 4*w.at[i]) }
	if w.remembers(i) {
		w.words = append(w.words, matchRemember|w.memo()<<8)
	}
	switch {
	case w.sets[i]:
		w.words = append(w.words, matchSet, w.e.alternatives(w.p, n.Alts))
	case n.Op == ir.Split:
		w.words = append(w.words, matchSplit|w.e.number24(len(n.Alts))<<8)
		for _, alt := range n.Alts {
			w.words = append(w.words, address(alt))
		}
	default:
		w.simple(n)
	}
	if w.jumps(i) {
		w.words = append(w.words, matchJump, address(w.next(i)))
	}
}

// simple appends the words of a node that is no choice.
func (w *patternWriter) simple(n *ir.Node) {
	switch n.Op {
	case ir.Accept:
		w.words = append(w.words, matchAccept)
	case ir.Literal:
		w.words = append(w.words, matchLiteral|w.e.number24(len(n.Text))<<8, uint32(w.e.data.text(n.Text)))
	case ir.AnyRun, ir.DigitRun, ir.WordRun:
		if n.Op == ir.AnyRun && endsAfter(w.p, n.Next) {
			w.words = append(w.words, matchRest)
			return
		}
		w.words = append(w.words, matchRun|stopOf(w.p, n.Next)<<8|runTest(n.Op)<<16, w.memo())
	case ir.Gap:
		w.words = append(w.words, matchGap)
	case ir.Open:
		w.words = append(w.words, matchMark|w.e.number24(8*n.Slot)<<8)
	case ir.Close:
		w.words = append(w.words, matchMark|w.e.number24(8*n.Slot+4)<<8)
	case ir.Dynamic, ir.Empty:
		op, value := uint32(matchValue), uint32(w.e.patternValue(n))
		if n.Op == ir.Empty {
			op = matchEmpty
		}
		w.words, w.values = append(w.words, op, value), append(w.values, value)
	default:
		w.words = append(w.words, matchFail)
	}
}

// memo is the number of another node that remembers.
func (w *patternWriter) memo() uint32 {
	n := w.e.number24(w.memos)
	w.memos++
	return n
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

// remembering counts the ways in which each node can be reached at one position.
// Only those with several have to remember where they failed, so that each way is
// gone once (L-TRIG-13).
func remembering(p *ir.Pattern) []int {
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
	return ways
}
