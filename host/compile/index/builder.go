package index

import (
	"slices"
	"strconv"
	"strings"
)

// largeSet is the size above which a set of words is an edge of its own, and its
// words know it; the words of smaller ones are edges each.
const largeSet = 8

// maxTexts is how many texts the sets of an outline may make for it to be kept as
// whole texts.
const maxTexts = 16

// anyWord stands for a set that any unit is in.
const anyWord = -1

// builder makes a Table.
type builder struct {
	Table
	wordOf   map[string]int
	sets     map[string]int // numbers of sets of several words, by their words
	setWords [][]int        // by number of the set
	children map[child]int
	nodes    []Node
	edges    []Edge
	accepts  [][]uint32 // by node
	inEdge   []bool     // by node: its only accept stands in the edges to it
	texts    []Text
	numbers  int
	words    []int // of a step; see wordsOf
}

// child is the way to a node.
type child struct {
	parent int
	gap    bool
	set    int // a word, or -2-n for the n-th set of several words, or anyWord
}

// sizes is how many of each a builder has, or is expected to have.
type sizes struct{ words, children, nodes, edges, texts int }

func newBuilder(expected sizes) *builder {
	return &builder{
		Table:    Table{Words: make([]Word, 1, 1+expected.words), Classes: make([]uint32, 1), Accepts: make([]uint32, 1)},
		wordOf:   make(map[string]int, expected.words),
		sets:     map[string]int{},
		children: make(map[child]int, expected.children),
		nodes:    make([]Node, 1, 1+expected.nodes),
		edges:    make([]Edge, 0, expected.edges),
		accepts:  make([][]uint32, 1, 1+expected.nodes),
		texts:    make([]Text, 0, expected.texts),
	}
}

func (b *builder) sizes() sizes {
	return sizes{len(b.wordOf), len(b.children), len(b.nodes), len(b.edges), len(b.texts)}
}

// word is the number of a unit.
func (b *builder) word(unit string) int {
	n, known := b.wordOf[unit]
	if !known {
		n = len(b.Words)
		b.wordOf[unit] = n
		b.Words = append(b.Words, Word{Text: unit, Hash: HashWord(unit)})
	}
	return n
}

// wordsOf are the numbers of the units of a step; they hold until the next call.
func (b *builder) wordsOf(s step) []int {
	b.words = b.words[:0]
	for _, unit := range s.words {
		b.words = append(b.words, b.word(unit))
	}
	return b.words
}

// number is a new number for a set of triggers.
func (b *builder) number() int {
	b.numbers++
	return b.numbers
}

// noRank is worse than all ranks.
const noRank = 1<<32 - 1

func (b *builder) root() int { return b.node() }

func (b *builder) node() int {
	b.nodes = append(b.nodes, Node{Min: noRank})
	b.accepts = append(b.accepts, nil)
	return len(b.nodes) - 1
}

// add puts the outlines of a trigger into a set. Triggers come in their order.
func (b *builder) add(root, number, rank int, outlines []outline) {
	for i := range outlines {
		if o := &outlines[i]; !b.addTexts(o, number, rank) {
			b.addWay(o, root, rank)
		}
	}
}

// addTexts keeps an outline as whole texts if it is words in a row.
func (b *builder) addTexts(o *outline, number, rank int) bool {
	n := 1
	for _, s := range o.steps {
		if n *= len(s.words); s.gap || n == 0 || n > maxTexts {
			return false
		}
	}
	if o.open || len(o.steps) == 0 {
		return false
	}
	hashes := []uint32{0}
	for _, s := range o.steps {
		next := make([]uint32, 0, len(hashes)*len(s.words))
		for _, h := range hashes {
			for _, unit := range s.words {
				next = append(next, HashText(h, b.Words[b.word(unit)].Hash))
			}
		}
		hashes = next
	}
	for _, h := range hashes {
		b.texts = append(b.texts, Text{TextKey(h, number), uint32(rank)})
	}
	return true
}

// addWay adds an outline to the tree of its set. What ends with a wildcard of any units
// ends in front of it, where the text goes on.
func (b *builder) addWay(o *outline, root, rank int) {
	steps, ends := o.steps, uint32(AcceptEnd)
	if o.open {
		ends |= AcceptOpen
		if last := len(steps) - 1; last >= 0 && steps[last].words == nil && !steps[last].gap {
			steps, ends = steps[:last], AcceptOpen
		}
	}
	at := root
	b.better(at, rank)
	for _, s := range steps {
		at = b.child(at, s)
		b.better(at, rank)
	}
	accept := uint32(rank)<<AcceptRank | ends
	if o.exact {
		accept |= AcceptExact
	}
	if !slices.Contains(b.accepts[at], accept) {
		b.accepts[at] = append(b.accepts[at], accept)
	}
}

func (b *builder) better(node, rank int) { b.nodes[node].Min = min(b.nodes[node].Min, uint32(rank)) }

// child is the node behind a step.
func (b *builder) child(parent int, s step) int {
	words := b.wordsOf(s)
	way := child{parent, s.gap, b.setOf(words)}
	if to, known := b.children[way]; known {
		return to
	}
	to := b.node()
	b.children[way] = to
	if way.set == anyWord {
		b.nodes[parent].Any |= uint32(to)
		return to
	}
	if len(words) > largeSet {
		kind, flag := EdgeSet, uint32(HasSets)
		if s.gap {
			kind, flag = EdgeGapSet, HasGapSet|HasGaps
		}
		b.edge(parent, kind, b.class(way.set), to)
		b.nodes[parent].Any |= flag
		return to
	}
	kind, flag := EdgeWord, uint32(HasWords)
	if s.gap {
		kind, flag = EdgeGap, HasGaps
	}
	b.nodes[parent].Any |= flag
	for _, w := range words {
		b.edge(parent, kind, w, to)
	}
	return to
}

func (b *builder) edge(from, kind, unit, to int) {
	b.edges = append(b.edges, Edge{EdgeKey(uint32(from), uint32(kind)), uint32(unit), uint32(to)})
}

// setOf is the number of a set as child has it.
func (b *builder) setOf(words []int) int {
	switch len(words) {
	case 0:
		return anyWord
	case 1:
		return words[0]
	}
	var key strings.Builder
	for _, w := range words {
		key.WriteString(strconv.Itoa(w))
		key.WriteByte(' ')
	}
	n, known := b.sets[key.String()]
	if !known {
		n = len(b.setWords)
		b.sets[key.String()] = n
		b.setWords = append(b.setWords, slices.Clone(words))
	}
	return anyWord - 1 - n
}

// class is the number by which words know a large set; it counts from 1.
func (b *builder) class(set int) int { return anyWord - set }
