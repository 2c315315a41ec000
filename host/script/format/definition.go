package format

import (
	"strings"

	"github.com/footlight-bots/footlight/host/script/source"
)

// maxColumn is the width, in terminal cells, up to which a type or name is put in
// line with its neighbours.
const maxColumn = 24

// parts are the type, the name and the value of a definition; found tells whether
// there is a "=" in its first line.
func (l *line) parts() (kind, name, value string, found bool) {
	left, value, found := strings.Cut(l.code[1:], "=")
	kind, name, _ = strings.Cut(squeezed(left), " ")
	return kind, name, strings.TrimLeft(value, blanks), found
}

// align measures the blocks of definitions.
func align(lines []line) {
	for i := 0; i < len(lines); i++ {
		var block []*line
		for ; i < len(lines); i++ {
			l := &lines[i]
			if l.kind == continuation && block != nil {
				continue
			}
			if !l.aligned() {
				break
			}
			block = append(block, l)
		}
		measure(block)
	}
}

// aligned tells whether a line is put in line with its neighbours.
func (l *line) aligned() bool {
	if l.kind != definition || l.verbatim {
		return false
	}
	kind, name, _, found := l.parts()
	return found && name != "" && source.Cells(kind) <= maxColumn && source.Cells(name) <= maxColumn
}

func measure(block []*line) {
	var widest [2]int
	for _, l := range block {
		kind, name, _, _ := l.parts()
		widest[0] = max(widest[0], source.Cells(kind))
		widest[1] = max(widest[1], source.Cells(name))
	}
	for _, l := range block {
		l.columns = widest
	}
}

// defined is a definition in style. Its value is data, and as it was written. Two
// slashes behind a blank would begin a comment, so they stay beside their "=".
func (l *line) defined() string {
	kind, name, value, found := l.parts()
	switch {
	case !found, kind == "":
		return spaced(l.code)
	case name != "":
		kind = padded(kind, l.columns[0]) + " " + name
	}
	if l.columns[1] > 0 {
		kind = padded(kind, l.columns[0]+1+l.columns[1])
	}
	if strings.HasPrefix(value, "//") {
		return "! " + kind + " =" + value
	}
	return strings.TrimRight("! "+kind+" = "+value, blanks)
}

// padded has blanks behind it, up to a width in terminal cells.
func padded(s string, width int) string {
	return s + strings.Repeat(" ", max(width-source.Cells(s), 0))
}
