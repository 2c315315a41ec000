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
	wordSize    = 1 << wordShift
	wordShift   = 4
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
	textRank = 4
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
	words, nodes, gaps int
	views              int // they lie in a row

	wordBuckets, edgeBuckets, textBuckets buckets
}

// buckets are index.Buckets: addresses of rows.
type buckets struct {
	at    int
	count int // one more has the end of the last
	size  int // of a row
}

// layBuckets writes buckets over rows that begin at an address.
func (e *emitter) layBuckets(b index.Buckets, rows, size int) buckets {
	list := make([]uint32, len(b))
	for i, n := range b {
		list[i] = uint32(rows + size*int(n))
	}
	return buckets{at: e.data.Words(list), count: len(b) - 1, size: size}
}

// layIndex writes the index.
func (e *emitter) layIndex(x *index.Index) {
	t := &e.tables
	e.layWords(x)
	t.nodes = e.layNodes(x)
	t.gaps = e.data.Reserve(gapSize * len(x.Gaps))
	for i, mask := range x.Gaps {
		e.data.Put64(t.gaps+gapSize*i+gapMask, mask)
	}
	edges := e.data.Reserve(edgeSize * len(x.Edges))
	for i, edge := range x.Edges {
		at := edges + edgeSize*i
		e.data.Put(at+edgeFrom, edge.From)
		e.data.Put(at+edgeUnit, edge.Unit)
		e.data.Put(at+edgeTo, edge.To)
	}
	t.edgeBuckets = e.layBuckets(x.EdgeBuckets, edges, edgeSize)
	texts := e.data.Reserve(textSize * len(x.Texts))
	for i, text := range x.Texts {
		e.data.Put(texts+textSize*i+textHash, text.Hash)
		e.data.Put(texts+textSize*i+textRank, text.Rank)
	}
	t.textBuckets = e.layBuckets(x.TextBuckets, texts, textSize)
	e.layViews(e.layGroups(x))
}

func (e *emitter) layWords(x *index.Index) {
	classes := e.data.Words(x.Classes)
	e.tables.words = e.data.Reserve(wordSize * len(x.Words))
	for i, w := range x.Words {
		at := e.tables.words + wordSize*i
		e.data.Put(at+wordHash, w.Hash)
		e.data.Put(at+wordText, uint32(e.data.Text(w.Text)))
		e.data.Put(at+wordLen, uint32(len(w.Text)))
		e.data.Put(at+wordClasses, uint32(classes)+4*w.Classes)
	}
	e.tables.wordBuckets = e.layBuckets(x.WordBuckets, e.tables.words, wordSize)
}

func (e *emitter) layNodes(x *index.Index) int {
	accepts := e.data.Words(x.Accepts)
	nodes := e.data.Reserve(nodeRow * len(x.Nodes))
	for i, n := range x.Nodes {
		at := nodes + nodeRow*i
		e.data.Put(at+nodeMin, n.Min)
		if n.Accept != 0 {
			e.data.Put(at+nodeAccept, uint32(accepts)+4*n.Accept)
		}
		e.data.Put(at+nodeAny, n.Any)
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
			at := e.data.Reserve(previousSize)
			e.laySet(at, &g.Previous[j].Set)
			e.data.Put(at+previousPattern, e.patterns[g.Previous[j].Pattern])
			previous[j] = uint32(at)
		}
		groups[i] = e.data.Reserve(groupSize)
		e.laySet(groups[i], &g.Set)
		if len(previous) > 0 {
			e.data.Put(groups[i]+groupPrevious, uint32(e.data.Words(previous)))
		}
		e.data.Put(groups[i]+groupRoot, uint32(g.PreviousRoot))
		e.data.Put(groups[i]+groupKey, index.TextKey(0, g.PreviousSet))
	}
	return groups
}

func (e *emitter) laySet(at int, s *index.Set) {
	order := make([]uint32, len(s.Order))
	for rank, n := range s.Order {
		order[rank] = uint32(e.trigger(n))
	}
	e.data.Put(at+setOrder, uint32(e.data.Words(order)))
	e.data.Put(at+setCount, uint32(len(order)))
	e.data.Put(at+setRoot, uint32(s.Root))
	e.data.Put(at+setKeptRoot, uint32(s.KeptRoot))
	e.data.Put(at+setKey, index.TextKey(0, s.Number))
	e.data.Put(at+setKeptKey, index.TextKey(0, s.KeptNumber))
}

// layViews writes which groups the views reach. Groups without triggers are left out.
func (e *emitter) layViews(groups []int) {
	e.tables.views = e.data.Reserve(viewSize * len(e.p.Views))
	for i, view := range e.p.Views {
		var reached ir.View
		for _, r := range view {
			if g := &e.p.Groups[r.Group]; len(g.Order)+len(g.Previous) > 0 {
				reached = append(reached, r)
			}
		}
		list := e.data.Reserve(reachSize * len(reached))
		for n, r := range reached {
			at := list + reachSize*n
			e.data.Put(at+reachGroup, uint32(groups[r.Group]))
			e.data.Put(at+reachLevel, uint32(r.Level))
			e.data.Put(at+reachSteps, uint32(r.Steps))
		}
		e.data.Put(e.tables.views+viewSize*i+viewReach, uint32(list))
		e.data.Put(e.tables.views+viewSize*i+viewCount, uint32(len(reached)))
	}
}
