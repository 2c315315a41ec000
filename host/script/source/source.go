// Package source holds the text of scripts and knows its places: byte offset to
// line, column, UTF-16 column and terminal cell. No API of the host is promised.
package source

// File is one document. Text is UTF-8 in NFC with LF line ends.
type File struct {
	Path string // relative to the bot's folder, with /
	Text string
	// lines holds the offset of each line's first byte.
	lines []int
}

// Span is a stretch of one file's Text, from byte Start up to but not including End.
// The zero Span is nowhere.
type Span struct {
	File       *File
	Start, End int
}
