package emit

import (
	"github.com/footlight-bots/footlight/host/compile/index"
	"github.com/footlight-bots/footlight/host/compile/ir"
)

// The tables of package index lie in the data as rows of 32-bit words. These are
// their fields, as offsets in bytes.

// A word: a unit that stands in some pattern.
const (
	wordHash    = 0
	wordText    = 4
	wordLen     = 8
	wordClasses = 12 // address of the list of the large sets it is in
	wordSize    = 16
)

// A node.
const (
	nodeMin    = 0
	nodeAccept = 4 // address of its list of ranks, or 0
	nodeAny    = 8
	nodeRow    = 12
)

// An edge.
const (
	edgeFrom = 0
	edgeUnit = 4
	edgeTo   = 8 // see index.EdgeAccept
	edgeSize = 12
)

// A whole text.
const (
	textHash = 0
	textRank = 4 // plus 1; 0 for an empty place
	textSize = 8
)

// The gaps of a node: the words behind them, and what a search notes; see leap.
const (
	gapMask  = 0 // 64 bits
	gapStamp = 8
	gapSize  = 12
)

// A set of triggers that are searched together. Previous triggers add their
// pattern, groups their previous triggers.
const (
	setOrder    = 0 // addresses of the triggers, the best first
	setCount    = 4
	setRoot     = 8
	setKeptRoot = 12
	setKey      = 16 // added to the hash of a text
	setKeptKey  = 20
	setSize     = 24

	previousPattern = setSize
	previousStamp   = setSize + 4 // the search in which it was found last
	previousSize    = setSize + 8

	groupPrevious = setSize // addresses of sets
	groupRoot     = setSize + 4
	groupKey      = setSize + 8
	groupSize     = setSize + 12
)

// A view, and the groups that it reaches.
const (
	viewReach = 0
	viewCount = 4
	viewSize  = 8

	reachGroup = 0
	reachLevel = 4
	reachSteps = 8
	reachSize  = 12
)

// tables are the addresses of the index.
type tables struct {
	words, slots, nodes, gaps, edges, texts int
	views                                   int // they lie in a row
	sizes                                   struct{ slots, edges, texts, gaps int }
}

// layIndex writes the index.
func (e *emitter) layIndex() {
	x := index.Build(e.p)
	t := &e.tables
	t.sizes.slots, t.sizes.edges, t.sizes.texts, t.sizes.gaps = len(x.Slots), len(x.Edges), len(x.Texts), len(x.Gaps)
	e.layWords(x)
	t.nodes = e.layNodes(x)
	t.gaps = e.data.reserve(gapSize * len(x.Gaps))
	for i, mask := range x.Gaps {
		e.data.put64(t.gaps+gapSize*i+gapMask, mask)
	}
	t.edges = e.data.reserve(edgeSize * len(x.Edges))
	for i, edge := range x.Edges {
		at := t.edges + edgeSize*i
		e.data.put(at+edgeFrom, edge.From)
		e.data.put(at+edgeUnit, edge.Unit)
		e.data.put(at+edgeTo, edge.To)
	}
	t.texts = e.data.reserve(textSize * len(x.Texts))
	for i, text := range x.Texts {
		e.data.put(t.texts+textSize*i+textHash, text.Hash)
		e.data.put(t.texts+textSize*i+textRank, text.Rank)
	}
	e.layViews(e.layGroups(x))
}

func (e *emitter) layWords(x *index.Index) {
	classes := e.data.words(x.Classes)
	e.tables.slots = e.data.words(x.Slots)
	e.tables.words = e.data.reserve(wordSize * len(x.Words))
	for i, w := range x.Words {
		at := e.tables.words + wordSize*i
		e.data.put(at+wordHash, w.Hash)
		e.data.put(at+wordText, uint32(e.data.text(w.Text)))
		e.data.put(at+wordLen, uint32(len(w.Text)))
		e.data.put(at+wordClasses, uint32(classes)+4*w.Classes)
	}
}

func (e *emitter) layNodes(x *index.Index) int {
	accepts := e.data.words(x.Accepts)
	nodes := e.data.reserve(nodeRow * len(x.Nodes))
	for i, n := range x.Nodes {
		at := nodes + nodeRow*i
		e.data.put(at+nodeMin, n.Min)
		if n.Accept != 0 {
			e.data.put(at+nodeAccept, uint32(accepts)+4*n.Accept)
		}
		e.data.put(at+nodeAny, n.Any)
	}
	return nodes
}

// layGroups returns the addresses of the groups.
func (e *emitter) layGroups(x *index.Index) []int {
	groups := make([]int, len(x.Groups))
	for i := range x.Groups {
		g := &x.Groups[i]
		previous := make([]uint32, len(g.Previous))
		for j := range g.Previous {
			at := e.data.reserve(previousSize)
			e.laySet(at, &g.Previous[j].Set)
			e.data.put(at+previousPattern, e.patterns[g.Previous[j].Pattern])
			previous[j] = uint32(at)
		}
		groups[i] = e.data.reserve(groupSize)
		e.laySet(groups[i], &g.Set)
		if len(previous) > 0 {
			e.data.put(groups[i]+groupPrevious, uint32(e.data.words(previous)))
		}
		e.data.put(groups[i]+groupRoot, uint32(g.PreviousRoot))
		e.data.put(groups[i]+groupKey, index.TextKey(0, g.PreviousSet))
	}
	return groups
}

func (e *emitter) laySet(at int, s *index.Set) {
	order := make([]uint32, len(s.Order))
	for rank, n := range s.Order {
		order[rank] = uint32(e.trigger(n))
	}
	e.data.put(at+setOrder, uint32(e.data.words(order)))
	e.data.put(at+setCount, uint32(len(order)))
	e.data.put(at+setRoot, uint32(s.Root))
	e.data.put(at+setKeptRoot, uint32(s.KeptRoot))
	e.data.put(at+setKey, index.TextKey(0, s.Number))
	e.data.put(at+setKeptKey, index.TextKey(0, s.KeptNumber))
}

// layViews writes which groups the views reach. Groups without triggers are left out.
func (e *emitter) layViews(groups []int) {
	e.tables.views = e.data.reserve(viewSize * len(e.p.Views))
	for i, view := range e.p.Views {
		var reached ir.View
		for _, r := range view {
			if g := &e.p.Groups[r.Group]; len(g.Order)+len(g.Previous) > 0 {
				reached = append(reached, r)
			}
		}
		list := e.data.reserve(reachSize * len(reached))
		for n, r := range reached {
			at := list + reachSize*n
			e.data.put(at+reachGroup, uint32(groups[r.Group]))
			e.data.put(at+reachLevel, uint32(r.Level))
			e.data.put(at+reachSteps, uint32(r.Steps))
		}
		e.data.put(e.tables.views+viewSize*i+viewReach, uint32(list))
		e.data.put(e.tables.views+viewSize*i+viewCount, uint32(len(reached)))
	}
}
