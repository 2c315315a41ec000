// Package graph lays the graphs of patterns into the data of a module: what the
// matcher that package emit writes walks along. It decides what each node of ir
// becomes, which nodes have to remember where they were reached, so that matching
// stays linear, and how texts that are alternatives are found by halving. Equal sets
// and values are kept once. It writes no code. No API of the host is promised.
package graph

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/footlight-bots/footlight/host/compile/emit/data"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
)

// A pattern is a row of nodes: bytes without anything between them, for a bot has many
// of them and few are read in a turn. The first byte of a node is its operation; then
// come the bytes of what it asks for, little endian. Matching goes on behind a node,
// unless it is a jump.
const (
	Accept   = iota //
	Literal         // length: 3, address of the text: 4
	Run             // stop: 1, see stopOf; number among the nodes that remember: 2; test: 1, see runTest
	Rest            // any text, to the end
	Gap             //
	Skip            // stop: 1, see skipStop; number among the nodes that remember: 2. [*]: a border, any text up to another one, or nothing
	Tail            // [*] at the end
	Split           // how many alternatives: 3, the address of each: 4
	Set             // address of alternatives, one of which has to stand here: 4
	Mark            // number of a captured position: 2
	Value           // address of the value: 4
	Empty           // address of the value: 4
	Fail            //
	Jump            // address of the node where matching goes on: 4
	Remember        // number among the nodes that remember: 2. A position at which it was seen fails
)

// Sizes of nodes in bytes. Those that are not named are one byte.
const (
	LiteralSize  = 8
	RunSize      = 5
	SkipSize     = 4
	SplitSize    = 4 // and 4 for each alternative
	SetSize      = 5
	MarkSize     = 3
	ValueSize    = 5 // of Empty as well
	JumpSize     = 5
	RememberSize = 3
)

// Where the operands of nodes lie: those with a number of three bytes in front have
// their address behind it, the others at once.
const (
	AtNumber  = 1
	AtAddress = 4
	AtTest    = 4
)

// TestShift parts the two halves of a test.
const TestShift = 4

// runTest packs what a wildcard asks of the class of a character: the bits of
// the lower half must equal those of the upper half.
func runTest(op ir.NodeOp) byte {
	switch op {
	case ir.DigitRun:
		return byte(message.Digit) | byte(message.Digit)<<TestShift
	case ir.WordRun:
		return byte(message.Digit | message.Blank)
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
		at := w.data.Room(TextPattern)
		w.data.Put(at+Head, w.number(len(text))<<8|IsText)
		w.data.Put(at+Text, uint32(w.data.Text(text)))
		return uint32(at)
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

// maxShort is the largest number of two bytes: of a node that remembers, and twice that
// of a capture.
const maxShort = 1<<16 - 1

// short is a number that has to fit into two bytes.
func (w *Writer) short(n int) uint16 {
	if n > maxShort {
		w.err = errors.Join(w.err, fmt.Errorf("a pattern counts %d, at most %d are allowed", n, maxShort))
	}
	return uint16(n)
}

// pattern is one pattern in the making.
type pattern struct {
	*Writer
	p     *ir.Pattern
	ways  []int  // that lead to each node
	sets  []bool // splits that are a set
	skips []int  // the node behind a split that is a [*]; 0 for other nodes
	part  []bool // nodes that are only a part of one in front of them
	at    []int  // offset of each node in bytes, from the first
	size  int    // of all nodes, in bytes
	memos int
	reads []uint32 // addresses of the values that stand in it
	code  []byte
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

// sizeOf is what a node takes, in bytes.
func (w *pattern) sizeOf(i int) int {
	if w.part[i] {
		return 0
	}
	size := w.sizeOfNode(i)
	if w.remembers(i) {
		size += RememberSize
	}
	if w.jumps(i) {
		size += JumpSize
	}
	return size
}

// sizeOfNode is sizeOf without what stands before and behind the node.
func (w *pattern) sizeOfNode(i int) int {
	n := &w.p.Nodes[i]
	switch {
	case w.sets[i]:
		return SetSize
	case w.skips[i] > 0:
		if endsAfter(w.p, w.skips[i]) {
			return 1
		}
		return SkipSize
	}
	switch n.Op {
	case ir.Split:
		return SplitSize + 4*len(n.Alts)
	case ir.Literal:
		return LiteralSize
	case ir.Dynamic, ir.Empty:
		return ValueSize
	case ir.Open, ir.Close:
		return MarkSize
	case ir.DigitRun, ir.WordRun:
		return RunSize
	case ir.AnyRun:
		if !endsAfter(w.p, n.Next) {
			return RunSize
		}
	}
	return 1
}

// write puts header and nodes into the data.
func (w *pattern) write() uint32 {
	p := w.p
	front := w.front()
	header := w.data.Room(front+Nodes+w.size) + front
	first := header + Nodes
	w.code = make([]byte, 0, w.size)
	for i := range p.Nodes {
		if !w.part[i] {
			w.node(i, first)
		}
	}
	head := byte(0)
	if front > 0 {
		head |= HasValues
		w.data.Put(header+Values, uint32(w.data.Words(append([]uint32{uint32(len(w.reads))}, w.reads...))))
	}
	if p.Bare {
		head |= IsBare
	}
	w.data.Copy(header+Head, w.bytes2([]byte{head}, p.Slots, w.memos))
	w.data.Copy(first, w.code)
	return uint32(header)
}

// front is how many bytes stand in front of the head.
func (w *pattern) front() int {
	if slices.ContainsFunc(w.p.Nodes, func(n ir.Node) bool { return n.Op == ir.Dynamic || n.Op == ir.Empty }) {
		return -Values
	}
	return 0
}

// bytes2 appends numbers of two bytes.
func (w *pattern) bytes2(to []byte, numbers ...int) []byte {
	for _, n := range numbers {
		to = binary.LittleEndian.AppendUint16(to, w.short(n))
	}
	return to
}

// withShort appends a node with a number of two bytes.
func (w *pattern) withShort(op byte, n int) { w.code = w.bytes2(append(w.code, op), n) }

// withAddress appends a node with an address.
func (w *pattern) withAddress(op byte, address uint32) {
	w.code = binary.LittleEndian.AppendUint32(append(w.code, op), address)
}

// withNumber appends a node with a number of three bytes, and addresses.
func (w *pattern) withNumber(op byte, n int, addresses ...uint32) {
	w.code = binary.LittleEndian.AppendUint32(w.code, w.number(n)<<8|uint32(op))
	for _, a := range addresses {
		w.code = binary.LittleEndian.AppendUint32(w.code, a)
	}
}

// node appends the bytes of one.
func (w *pattern) node(i, first int) {
	n := &w.p.Nodes[i]
	address := func(i int) uint32 { return uint32(first + w.at[i]) }
	if w.remembers(i) {
		w.withShort(Remember, w.memo())
	}
	switch {
	case w.sets[i]:
		w.withAddress(Set, w.alternatives(w.p, n.Alts))
	case w.skips[i] > 0 && endsAfter(w.p, w.skips[i]):
		w.code = append(w.code, Tail)
	case w.skips[i] > 0:
		w.code = w.bytes2(append(w.code, Skip, skipStop(w.p, w.skips[i])), w.memo())
	case n.Op == ir.Split:
		list := make([]uint32, len(n.Alts))
		for k, alt := range n.Alts {
			list[k] = address(alt)
		}
		w.withNumber(Split, len(list), list...)
	default:
		w.simple(n)
	}
	if w.jumps(i) {
		w.withAddress(Jump, address(w.next(i)))
	}
}

// simple appends the bytes of a node that is no choice.
func (w *pattern) simple(n *ir.Node) {
	switch n.Op {
	case ir.Accept:
		w.code = append(w.code, Accept)
	case ir.Literal:
		w.withNumber(Literal, len(n.Text), uint32(w.data.Text(n.Text)))
	case ir.AnyRun, ir.DigitRun, ir.WordRun:
		if n.Op == ir.AnyRun && endsAfter(w.p, n.Next) {
			w.code = append(w.code, Rest)
			return
		}
		w.code = append(w.bytes2(append(w.code, Run, stopOf(w.p, n.Next)), w.memo()), runTest(n.Op))
	case ir.Gap:
		w.code = append(w.code, Gap)
	case ir.Open:
		w.withShort(Mark, 2*n.Slot)
	case ir.Close:
		w.withShort(Mark, 2*n.Slot+1)
	case ir.Dynamic, ir.Empty:
		op, value := byte(Value), uint32(w.value(n))
		if n.Op == ir.Empty {
			op = Empty
		}
		w.withAddress(op, value)
		w.reads = append(w.reads, value)
	default:
		w.code = append(w.code, Fail)
	}
}

// memo is the number of another node that remembers.
func (w *pattern) memo() int {
	w.memos++
	return w.memos - 1
}

// value returns the address of a value that stands in patterns.
func (w *Writer) value(n *ir.Node) int {
	key := valueKey{n.Dynamic, n.Name, n.N}
	at, ok := w.values[key]
	if !ok {
		at = w.data.Reserve(ValueRow)
		w.data.Put(at+ValueKind, uint32(n.Dynamic))
		w.data.Put(at+ValueName, uint32(w.data.Text(n.Name)))
		w.data.Put(at+ValueLen, uint32(len(n.Name)))
		w.data.Put(at+ValueN, uint32(n.N))
		w.values[key] = at
	}
	return at
}
