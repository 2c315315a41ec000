package index

import "slices"

// finish puts everything into the flat form. It returns the new numbers of nodes.
func (b *builder) finish() []int {
	b.findEnds()
	b.layWords()
	final := b.layNodes()
	b.layEdges(final)
	b.layAccepts(final)
	b.layTexts()
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
	hashes := make([]uint32, len(b.edges))
	for i := range b.edges {
		e := &b.edges[i]
		e.From = EdgeKey(uint32(final[e.From/edgeKinds]), e.From%edgeKinds)
		if b.inEdge[e.To] {
			e.To = b.accepts[e.To][0] | AcceptLast | EdgeAccept
		} else {
			e.To = uint32(final[e.To])
		}
		if e.From%edgeKinds == EdgeGap {
			b.Gaps[e.From/edgeKinds] |= 1 << (e.Unit & GapBit)
		}
		hashes[i] = EdgeHash(e.From, e.Unit)
	}
	var places []uint32
	b.EdgeBuckets, places = fill(hashes, 0)
	b.Edges = make([]Edge, len(b.edges))
	for i, at := range places {
		b.Edges[at] = b.edges[i]
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
	hashes := make([]uint32, len(b.texts))
	for i, t := range b.texts {
		hashes[i] = t.Hash
	}
	var places []uint32
	b.TextBuckets, places = fill(hashes, 0)
	b.Texts = make([]Text, len(b.texts))
	for i, at := range places {
		b.Texts[at] = b.texts[i]
	}
}

// layWords numbers the words anew, in the order of their buckets, and writes which large
// sets they are in.
func (b *builder) layWords() {
	hashes := make([]uint32, len(b.Words)-1)
	for i := range hashes {
		hashes[i] = b.Words[i+1].Hash
	}
	var places []uint32
	b.WordBuckets, places = fill(hashes, 1)
	words, final := make([]Word, len(b.Words)), make([]uint32, len(b.Words))
	for i, at := range places {
		words[at], final[i+1] = b.Words[i+1], at
	}
	b.Words = words
	for i := range b.edges {
		if e := &b.edges[i]; e.From%edgeKinds == EdgeWord || e.From%edgeKinds == EdgeGap {
			e.Unit = final[e.Unit]
		}
	}
	classes := make([][]uint32, len(b.Words))
	for n, list := range b.setWords {
		if len(list) > largeSet {
			for _, w := range list {
				classes[final[w]] = append(classes[final[w]], uint32(n+1))
			}
		}
	}
	for w, list := range classes {
		if len(list) > 0 {
			b.Words[w].Classes = uint32(len(b.Classes))
			b.Classes = append(append(b.Classes, list...), 0)
		}
	}
}
