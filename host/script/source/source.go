// Package source holds the text of scripts and knows its places: byte offset to
// line, column, UTF-16 column and terminal cell. It reads no files and knows
// nothing of the language. A File never changes once made, so that spans may
// point into it from anywhere. No API of the host is promised.
package source

import (
	"sort"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// File is one document. Text is UTF-8 in NFC with LF line ends (L-BOT-6).
type File struct {
	Path string // relative to the bot's folder, with /
	Text string
	// lines holds the offset of each line's first byte.
	lines   []int
	invalid []Span
}

// Span is a stretch of one file's Text, from byte Start up to but not including End.
// The zero Span is nowhere.
type Span struct {
	File       *File
	Start, End int
}

const (
	byteOrderMark = "\uFEFF"
	replacement   = "\uFFFD"
)

// New makes a File of the bytes of a document: a byte order mark is dropped,
// runs of bytes that are not UTF-8 become one U+FFFD each and are remembered
// (Invalid), line ends become LF, and each line is put in Unicode form NFC.
func New(path string, content []byte) *File {
	raw := strings.TrimPrefix(string(content), byteOrderMark)
	raw = strings.ReplaceAll(raw, "\r\n", "\n")
	raw = strings.ReplaceAll(raw, "\r", "\n")
	f := &File{Path: path, lines: []int{0}}
	if utf8.ValidString(raw) {
		f.Text = norm.NFC.String(raw)
	} else {
		f.Text = f.mend(raw)
	}
	for i := 0; i < len(f.Text); i++ {
		if f.Text[i] == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	return f
}

// mend replaces what is not UTF-8 and notes the places. Normalising piece by
// piece keeps the offsets of the places true: U+FFFD combines with nothing
// before it, and a mark after it stays a mark.
func (f *File) mend(raw string) string {
	var b strings.Builder
	for raw != "" {
		n := validPrefix(raw)
		b.WriteString(norm.NFC.String(raw[:n]))
		raw = raw[n:]
		if raw == "" {
			break
		}
		start := b.Len()
		b.WriteString(replacement)
		f.invalid = append(f.invalid, Span{File: f, Start: start, End: b.Len()})
		raw = raw[invalidPrefix(raw):]
	}
	return b.String()
}

func validPrefix(s string) int {
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], replacement) {
			return i
		}
	}
	return len(s)
}

func invalidPrefix(s string) int {
	i := 0
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r != utf8.RuneError || size != 1 {
			break
		}
		i++
	}
	return i
}

// Invalid lists the places where the document was not UTF-8 (E025).
func (f *File) Invalid() []Span { return f.invalid }

// LineCount is the number of lines; a text that ends in a line end has an empty last one.
func (f *File) LineCount() int { return len(f.lines) }

// Line is the number, from 1, of the line that holds the byte at offset.
// Offsets outside the text count as its nearest end.
func (f *File) Line(offset int) int {
	return sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > offset })
}

// LineSpan is line n, from 1, without its line end; the zero Span if there is none.
func (f *File) LineSpan(n int) Span {
	if n < 1 || n > len(f.lines) {
		return Span{}
	}
	end := len(f.Text)
	if n < len(f.lines) {
		end = f.lines[n] - 1
	}
	return Span{File: f, Start: f.lines[n-1], End: end}
}

// Span is the stretch from start to end, brought inside the text.
func (f *File) Span(start, end int) Span {
	start = min(max(start, 0), len(f.Text))
	return Span{File: f, Start: start, End: min(max(end, start), len(f.Text))}
}

// IsZero tells whether s is nowhere.
func (s Span) IsZero() bool { return s.File == nil }

// Text is what stands in the span.
func (s Span) Text() string {
	if s.File == nil {
		return ""
	}
	return s.File.Text[s.Start:s.End]
}

// Line is the number of the line the span begins on, from 1; 0 for the zero Span.
func (s Span) Line() int {
	if s.File == nil {
		return 0
	}
	return s.File.Line(s.Start)
}

// Before tells whether s stands before t: by path, then by place, then the shorter first.
func (s Span) Before(t Span) bool {
	switch {
	case s.path() != t.path():
		return s.path() < t.path()
	case s.Start != t.Start:
		return s.Start < t.Start
	}
	return s.End < t.End
}

func (s Span) path() string {
	if s.File == nil {
		return ""
	}
	return s.File.Path
}
