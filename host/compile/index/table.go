package index

import "math/bits"

// Table is an index in flat form. All numbers in it are 32 bits wide, for a
// module's memory is their place. A number 0 is none: words, nodes and accepts
// count from 1.
type Table struct {
	Words   []Word   // by number, in the order of their buckets
	Classes []uint32 // lists of sets, each with a 0 at its end; see Word.Classes
	Nodes   []Node   // by number; those with gaps come first
	Gaps    []uint64 // of each node that has gaps: the words behind them, see GapBit
	Edges   []Edge   // in the order of their buckets
	Accepts []uint32 // lists of ranks; see the flags of accepts
	Texts   []Text   // whole texts, in the order of their buckets

	WordBuckets, EdgeBuckets, TextBuckets Buckets
}

// Word is a unit that stands in some pattern.
type Word struct {
	Text    string
	Hash    uint32
	Classes uint32 // place of the list of the large sets it is in
}

// Node is a place in the outlines of patterns that begin alike.
type Node struct {
	Min    uint32 // the best rank at the node or behind it
	Accept uint32 // the first of the ranks of outlines that end here
	Any    uint32 // the node behind all units up to the next blank, and the flags of a node
}

// Flags of Node.Any tell what kinds of edges there are.
const (
	HasWords  = 1 << 31 // to a word that follows at once
	HasSets   = 1 << 30 // to a large set that follows at once
	HasGaps   = 1 << 29 // to a word or set behind a gap
	HasGapSet = 1 << 28 // to a large set behind a gap
	AnyMask   = 1<<28 - 1
)

// Flags of an accept; the rank lies above them.
const (
	AcceptLast  = 1 << 0 // of its list
	AcceptEnd   = 1 << 1 // where the text ends
	AcceptOpen  = 1 << 2 // where it does not, whatever follows
	AcceptExact = 1 << 3 // the pattern of the trigger matches a plain text for sure
	AcceptRank  = 4      // bits
)

// Edge leads from one node to another. Several edges may have one From and Unit.
type Edge struct {
	From uint32 // a node and a kind; see EdgeKey
	Unit uint32 // a word or a large set
	To   uint32 // a node, or with EdgeAccept an accept
}

// EdgeAccept is the flag of Edge.To for an end at which there is nothing but one
// accept: it needs no node, and stands in the edge itself.
const EdgeAccept = 1 << 31

// GapBit is the place of a word in the masks of Gaps: a word whose bit is not set
// has no edge there.
const GapBit = 63

// Kinds of edges.
const (
	EdgeWord = iota
	EdgeGap
	EdgeSet
	EdgeGapSet
	edgeKinds
)

// EdgeKey is Edge.From for a node and a kind.
func EdgeKey(node, kind uint32) uint32 { return node*edgeKinds + kind }

// Text is a trigger of words alone, by the hash of its units.
type Text struct {
	Hash uint32 // see TextKey
	Rank uint32
}

// Factors of the hash functions: odd, and far from each other.
const (
	WordSeed   = 0x811c9dc5
	WordFactor = 0x01000193
	TextFactor = 0x85ebca6b
	SetFactor  = 0x9e3779b1
	EdgeFactor = 0xc2b2ae35
)

// HashWord is the hash of a unit.
func HashWord(unit string) uint32 {
	h := uint32(WordSeed)
	for i := range len(unit) {
		h = (h ^ uint32(unit[i])) * WordFactor
	}
	return h
}

// HashText adds a unit to the hash of a text, which begins with 0.
func HashText(text, word uint32) uint32 { return (bits.RotateLeft32(text, 5) ^ word) * TextFactor }

// TextKey is Text.Hash for a text in a set.
func TextKey(text uint32, set int) uint32 { return text + uint32(set)*SetFactor }

// EdgeHash is the hash of an edge.
func EdgeHash(from, unit uint32) uint32 { return from*SetFactor + unit*EdgeFactor }
