// Package graph lays the graphs of patterns into the data of a module: what the
// matcher that package emit writes walks along. It decides what each node of ir
// becomes, which nodes have to remember where they were reached, so that matching
// stays linear, and how texts that are alternatives are found by halving. Equal sets
// and values are kept once. It writes no code. No API of the host is promised.
package graph

import (
	"errors"
	"fmt"
	"slices"

	"github.com/footlight-bots/footlight/host/compile/emit/data"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
)

// A pattern is a row of nodes. A node is a word whose low byte is its operation and
// whose upper 24 bits are a number; some have one more word. Matching goes on behind
// a node, unless it is a jump.
const (
	Accept   = iota
	Literal  // length | address of the text
	Run      // see runTest and stopOf | number among the nodes that remember
	Rest     // any text, to the end
	Gap      //
	Skip     // see skipStop | number among the nodes that remember: [*], a border, any text up to another one, or nothing
	Tail     // [*] at the end
	Split    // alternatives | their addresses
	Set      // | address of alternatives: one of them has to stand here
	Mark     // offset of a captured position
	Value    // | address of the value
	Empty    // | address of the value
	Fail     //
	Jump     // | address of the node where matching goes on
	Remember // number among the nodes that remember: a position at which it was seen fails
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

// Writer writes patterns. It is for one goroutine.
type Writer struct {
	data   *data.Segment
	values map[valueKey]int  // addresses of the values in patterns
	sets   map[string]uint32 // addresses of the sets of alternatives
	err    error
}

// NewWriter returns a writer into a segment.
func NewWriter(d *data.Segment) *Writer {
	return &Writer{data: d, values: map[valueKey]int{}, sets: map[string]uint32{}}
}

// Err tells whether a pattern counted more than a node can say. What was written is
// then of no use.
func (w *Writer) Err() error { return w.err }

// Write writes a pattern and returns its address.
func (w *Writer) Write(p *ir.Pattern) uint32 {
	if text, ok := WholeText(p); ok {
		return uint32(w.data.Words([]uint32{w.number(len(text))<<8 | IsText, uint32(w.data.Text(text))}))
	}
	one := pattern{Writer: w, p: p, ways: remembering(p)}
	one.place()
	return one.write()
}

// WholeText tells whether a pattern is one text, and which.
func WholeText(p *ir.Pattern) (text string, ok bool) {
	if p.Bare || len(p.Nodes) == 0 || p.Nodes[0].Op != ir.Literal {
		return "", false
	}
	n := &p.Nodes[0]
	return n.Text, p.Slots == 0 && p.Nodes[n.Next].Op == ir.Accept
}

// maxNumber is the largest number that a node holds beside its operation.
const maxNumber = 1<<24 - 1

// number is a number that has to fit beside an operation.
func (w *Writer) number(n int) uint32 {
	if n > maxNumber {
		w.err = errors.Join(w.err, fmt.Errorf("a pattern counts %d, at most %d are allowed", n, maxNumber))
	}
	return uint32(n)
}

// pattern is one pattern in the making.
type pattern struct {
	*Writer
	p     *ir.Pattern
	ways  []int  // that lead to each node
	sets  []bool // splits that are a set
	skips []int  // the node behind a split that is a [*]; 0 for other nodes
	part  []bool // nodes that are only a part of one in front of them
	at    []int  // offset of each node in words, from the first
	size  int    // of all nodes, in words
	memos int
	reads []uint32 // addresses of the values that stand in it
	words []uint32
}

// place decides what becomes of each node, and where it comes to lie.
func (w *pattern) place() {
	n := len(w.p.Nodes)
	w.part, w.sets, w.skips, w.at = make([]bool, n), make([]bool, n), make([]int, n), make([]int, n)
	for i := range w.p.Nodes {
		if w.isSet(i) {
			w.sets[i] = true
			for _, alt := range w.p.Nodes[i].Alts {
				w.part[alt] = w.ways[alt] == 1
			}
		} else if parts, next, ok := w.isSkip(i); ok {
			w.skips[i] = next
			for _, n := range parts {
				w.part[n] = true
			}
		}
	}
	for i := range w.p.Nodes {
		w.at[i] = w.size
		w.size += w.sizeOf(i)
	}
}

// isSet tells whether a node is a choice among texts that all lead on alike.
func (w *pattern) isSet(i int) bool {
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

// isSkip recognises [*], and tells its parts and the node behind it.
func (w *pattern) isSkip(i int) (parts [4]int, next int, ok bool) {
	n := &w.p.Nodes[i]
	if n.Op != ir.Split || len(n.Alts) != 2 {
		return parts, 0, false
	}
	with, without := n.Alts[0], n.Alts[1]
	run := w.p.Nodes[with].Next
	parts = [4]int{with, run, w.p.Nodes[run].Next, without}
	for k, op := range [4]ir.NodeOp{ir.Gap, ir.AnyRun, ir.Gap, ir.Gap} {
		ways := 1
		if op == ir.AnyRun {
			ways = 2 // the gap in front of it swallows a blank or not
		}
		if parts[k] == i || w.p.Nodes[parts[k]].Op != op || w.ways[parts[k]] != ways {
			return parts, 0, false
		}
	}
	next = w.p.Nodes[without].Next
	return parts, next, next == w.p.Nodes[parts[2]].Next && next != 0
}

// next is where matching goes on behind a node, or ir.None.
func (w *pattern) next(i int) int {
	n := &w.p.Nodes[i]
	switch {
	case w.skips[i] > 0:
		return w.skips[i]
	case w.sets[i]:
		return w.p.Nodes[n.Alts[0]].Next
	case n.Op == ir.Accept || n.Op == ir.Fail || n.Op == ir.Split:
		return ir.None
	}
	return n.Next
}

// jumps tells whether a node needs a jump behind it.
func (w *pattern) jumps(i int) bool {
	next := w.next(i)
	for i++; i < len(w.part) && w.part[i]; { // it is not written
		i++
	}
	return next != ir.None && next != i
}

// remembers tells whether a node remembers where it was reached. Runs do it by
// themselves.
func (w *pattern) remembers(i int) bool {
	switch w.p.Nodes[i].Op {
	case ir.DigitRun, ir.WordRun, ir.Accept, ir.Fail: // the last two are quicker than to remember
		return false
	case ir.AnyRun:
		return w.ways[i] > 1 && endsAfter(w.p, w.p.Nodes[i].Next)
	}
	return w.ways[i] > 1
}

// sizeOf is what a node takes, in words.
func (w *pattern) sizeOf(i int) int {
	if w.part[i] {
		return 0
	}
	n, size := &w.p.Nodes[i], 1
	switch {
	case w.sets[i] || w.skips[i] > 0 && !endsAfter(w.p, w.skips[i]):
		size = 2
	case w.skips[i] > 0:
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
func (w *pattern) write() uint32 {
	p := w.p
	front := w.front()
	header := w.data.Row(front+Nodes/4+w.size) + 4*front
	first := header + Nodes
	for i := range p.Nodes {
		if !w.part[i] {
			w.node(i, first)
		}
	}
	head := w.number(p.Slots) << 8
	if front > 0 {
		head |= HasValues
		w.data.Put(header+Values, uint32(w.data.Words(append([]uint32{uint32(len(w.reads))}, w.reads...))))
	}
	if p.Bare {
		head |= IsBare
	}
	w.data.Put(header+Head, head)
	w.data.Put(header+Memos, uint32(w.memos))
	for n, word := range w.words {
		w.data.Put(first+4*n, word)
	}
	return uint32(header)
}

// front is how many words stand in front of the head.
func (w *pattern) front() int {
	if slices.ContainsFunc(w.p.Nodes, func(n ir.Node) bool { return n.Op == ir.Dynamic || n.Op == ir.Empty }) {
		return -Values / 4
	}
	return 0
}

// node appends the words of one.
func (w *pattern) node(i, first int) {
	n := &w.p.Nodes[i]
	address := func(i int) uint32 { return uint32(first + 4*w.at[i]) }
	if w.remembers(i) {
		w.words = append(w.words, Remember|w.memo()<<8)
	}
	switch {
	case w.sets[i]:
		w.words = append(w.words, Set, w.alternatives(w.p, n.Alts))
	case w.skips[i] > 0 && endsAfter(w.p, w.skips[i]):
		w.words = append(w.words, Tail)
	case w.skips[i] > 0:
		w.words = append(w.words, Skip|skipStop(w.p, w.skips[i])<<8, w.memo())
	case n.Op == ir.Split:
		w.words = append(w.words, Split|w.number(len(n.Alts))<<8)
		for _, alt := range n.Alts {
			w.words = append(w.words, address(alt))
		}
	default:
		w.simple(n)
	}
	if w.jumps(i) {
		w.words = append(w.words, Jump, address(w.next(i)))
	}
}

// simple appends the words of a node that is no choice.
func (w *pattern) simple(n *ir.Node) {
	switch n.Op {
	case ir.Accept:
		w.words = append(w.words, Accept)
	case ir.Literal:
		w.words = append(w.words, Literal|w.number(len(n.Text))<<8, uint32(w.data.Text(n.Text)))
	case ir.AnyRun, ir.DigitRun, ir.WordRun:
		if n.Op == ir.AnyRun && endsAfter(w.p, n.Next) {
			w.words = append(w.words, Rest)
			return
		}
		w.words = append(w.words, Run|stopOf(w.p, n.Next)<<8|runTest(n.Op)<<16, w.memo())
	case ir.Gap:
		w.words = append(w.words, Gap)
	case ir.Open:
		w.words = append(w.words, Mark|w.number(8*n.Slot)<<8)
	case ir.Close:
		w.words = append(w.words, Mark|w.number(8*n.Slot+4)<<8)
	case ir.Dynamic, ir.Empty:
		op, value := uint32(Value), uint32(w.value(n))
		if n.Op == ir.Empty {
			op = Empty
		}
		w.words, w.reads = append(w.words, op, value), append(w.reads, value)
	default:
		w.words = append(w.words, Fail)
	}
}

// memo is the number of another node that remembers.
func (w *pattern) memo() uint32 {
	n := w.number(w.memos)
	w.memos++
	return n
}

// value returns the address of a value that stands in patterns.
func (w *Writer) value(n *ir.Node) int {
	key := valueKey{n.Dynamic, n.Name, n.N}
	at, ok := w.values[key]
	if !ok {
		at = w.data.Reserve(ValueSize)
		w.data.Put(at+ValueKind, uint32(n.Dynamic))
		w.data.Put(at+ValueName, uint32(w.data.Text(n.Name)))
		w.data.Put(at+ValueLen, uint32(len(n.Name)))
		w.data.Put(at+ValueN, uint32(n.N))
		w.values[key] = at
	}
	return at
}
