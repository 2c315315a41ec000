package graph

// The tables are rows of 32-bit words. These are their fields, as offsets in bytes;
// texts are an address and a length. Patterns lie anywhere, on no border of words.

// A pattern. One that is nothing but text has no nodes, and only one that reads values
// has the word in front of its head.
const (
	Values = -4 // the values it reads: how many, then their addresses
	Head   = 0  // flags: 1; the number of captures: 2, or the length of the text: 3
	Memos  = 3  // how many nodes remember where they failed: 2
	Nodes  = 5  // the first node
	Text   = 4  // its address

	TextPattern = 8 // the size of one that is nothing but text
)

// Flags of a pattern.
const (
	IsText    = 1
	IsBare    = 2 // it also matches the empty text
	HasValues = 4
)

// Texts that are alternatives: keys, or when there are none items in the order of
// preference.
const (
	AlternativesKeys  = 0 // how many
	AlternativesItems = 4
	AlternativesHead  = 8 // the first of them
)

// An item is a text.
const (
	ItemText  = 0
	ItemLen   = 4
	ItemSize  = 1 << ItemShift
	ItemShift = 3
)

// A key begins like an item. Keys are sorted by their texts.
const (
	KeyList  = ItemSize // the items that it begins with, itself included, in the order of preference
	KeyCount = ItemSize + 4
	KeySize  = 1 << KeyShift
	KeyShift = 4
)

// A value that stands in patterns: a variable or a line of history.
const (
	ValueKind    = 0
	ValueName    = 4
	ValueLen     = 8
	ValueN       = 12
	ValueStamp   = 16 // the search in which it was read last
	ValueData    = 20
	ValueDataLen = 24
	ValueRow     = 28
)
