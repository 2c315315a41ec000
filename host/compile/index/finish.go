package index

import "slices"

// finish puts everything into the flat form. It returns the new numbers of nodes.
func (b *builder) finish() []int {
	b.findEnds()
	final := b.layNodes()
	b.layEdges(final)
	b.layAccepts(final)
	b.layTexts()
	b.layWords()
	return final
}

// findEnds looks for the nodes that edges can do without.
func (b *builder) findEnds() {
	b.inEdge = make([]bool, len(b.nodes))
	for _, e := range b.edges {
		b.inEdge[e.To] = b.nodes[e.To].Any == 0 && len(b.accepts[e.To]) == 1
	}
}

// layNodes numbers the nodes anew: those with gaps come first.
func (b *builder) layNodes() []int {
	final := make([]int, len(b.nodes))
	b.Nodes = make([]Node, 1, len(b.nodes))
	take := func(gaps bool) {
		for i := range b.nodes[1:] {
			n := &b.nodes[i+1]
			if n.Any&HasGaps != 0 == gaps && !b.inEdge[i+1] {
				final[i+1] = len(b.Nodes)
				b.Nodes = append(b.Nodes, *n)
			}
		}
	}
	take(true)
	b.Gaps = make([]uint64, len(b.Nodes))
	take(false)
	for i := range b.Nodes {
		n := &b.Nodes[i]
		n.Any = n.Any&^AnyMask | uint32(final[n.Any&AnyMask])
	}
	return final
}

func (b *builder) layEdges(final []int) {
	b.Edges = make([]Edge, rows(len(b.edges)))
	for _, e := range b.edges {
		e.From = EdgeKey(uint32(final[e.From/edgeKinds]), e.From%edgeKinds)
		if b.inEdge[e.To] {
			e.To = b.accepts[e.To][0] | AcceptLast | EdgeAccept
		} else {
			e.To = uint32(final[e.To])
		}
		if e.From%edgeKinds == EdgeGap {
			b.Gaps[e.From/edgeKinds] |= 1 << (e.Unit & GapBit)
		}
		at := place(EdgeHash(e.From, e.Unit), len(b.Edges))
		for b.Edges[at].To != 0 {
			at = (at + 1) % uint32(len(b.Edges))
		}
		b.Edges[at] = e
	}
}

// layAccepts writes the lists of ranks, the best first.
func (b *builder) layAccepts(final []int) {
	for i, list := range b.accepts {
		if len(list) == 0 || b.inEdge[i] {
			continue
		}
		slices.Sort(list)
		list[len(list)-1] |= AcceptLast
		b.Nodes[final[i]].Accept = uint32(len(b.Accepts))
		b.Accepts = append(b.Accepts, list...)
	}
}

func (b *builder) layTexts() {
	b.Texts = make([]Text, rows(len(b.texts)))
	for _, t := range b.texts {
		at := place(t.Hash, len(b.Texts))
		for b.Texts[at].Rank != 0 {
			at = (at + 1) % uint32(len(b.Texts))
		}
		b.Texts[at] = t
	}
}

// layWords writes the words, and which large sets they are in.
func (b *builder) layWords() {
	classes := make([][]uint32, len(b.Words))
	for n, words := range b.setWords {
		if len(words) > largeSet {
			for _, w := range words {
				classes[w] = append(classes[w], uint32(n+1))
			}
		}
	}
	b.Slots = make([]uint32, rows(len(b.Words)))
	for w := 1; w < len(b.Words); w++ {
		if len(classes[w]) > 0 {
			b.Words[w].Classes = uint32(len(b.Classes))
			b.Classes = append(append(b.Classes, classes[w]...), 0)
		}
		at := place(b.Words[w].Hash, len(b.Slots))
		for b.Slots[at] != 0 {
			at = (at + 1) % uint32(len(b.Slots))
		}
		b.Slots[at] = uint32(w)
	}
}
