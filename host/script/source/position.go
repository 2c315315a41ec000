package source

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// TabWidth is the distance of tab stops, in terminal cells, wherever script lines are shown.
const TabWidth = 4

// Position is a place in a file as people and editors count it.
type Position struct {
	Line   int // from 1
	Column int // characters (code points) from 1
	UTF16  int // UTF-16 code units from 0, as editors count them
	Cell   int // terminal cells from 0, tabs expanded
}

// Position is the place of the byte at offset. An offset inside a character
// counts as its beginning.
func (f *File) Position(offset int) Position {
	offset = min(max(offset, 0), len(f.Text))
	n := f.Line(offset)
	line := f.LineSpan(n)
	for offset > line.Start && offset < len(f.Text) && !utf8.RuneStart(f.Text[offset]) {
		offset--
	}
	before := f.Text[line.Start:min(offset, line.End)]
	p := Position{Line: n, Column: utf8.RuneCountInString(before) + 1}
	for _, r := range before {
		p.UTF16++
		if r > 0xFFFF {
			p.UTF16++
		}
	}
	p.Cell = Cells(before)
	return p
}

// Cells is the width of s in terminal cells when it begins at a tab stop.
func Cells(s string) int {
	width := 0
	for {
		plain, rest, found := strings.Cut(s, "\t")
		width += uniseg.StringWidth(plain)
		if !found {
			return width
		}
		width += TabWidth - width%TabWidth
		s = rest
	}
}

// Expand writes tabs as blanks, so that s takes Cells(s) cells everywhere.
func Expand(s string) string {
	if !strings.Contains(s, "\t") {
		return s
	}
	var b strings.Builder
	width := 0
	for {
		plain, rest, found := strings.Cut(s, "\t")
		b.WriteString(plain)
		width += uniseg.StringWidth(plain)
		if !found {
			return b.String()
		}
		stop := TabWidth - width%TabWidth
		b.WriteString(strings.Repeat(" ", stop))
		width += stop
		s = rest
	}
}
