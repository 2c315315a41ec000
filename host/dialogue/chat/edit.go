package chat

import (
	"strings"
)

// Edits are changes to lines of a file, by line: what stands there instead, and
// what stands below. Only lines that begin with < are ever replaced or removed.
type Edits map[int]edit

type edit struct {
	replaced bool
	text     string // empty: the line goes
	below    []string
}

func (e Edits) replace(line int, text string) {
	old := e[line]
	old.replaced, old.text = true, text
	e[line] = old
}

func (e Edits) remove(line int) { e.replace(line, "") }

func (e Edits) below(line int, text string) {
	old := e[line]
	old.below = append(old.below, text)
	e[line] = old
}

// Change is one edit as people are shown it: lines that go and lines that come.
type Change struct {
	Line     int
	Old, New []string
}

// Apply makes the edits of some tests in the text of a file. The new lines are
// indented like the one they replace or stand below of.
func Apply(text string, edits ...Edits) (changed string, changes []Change) {
	all := Edits{}
	for _, list := range edits {
		for line, e := range list {
			all[line] = e // tests have their lines for themselves
		}
	}
	var b strings.Builder
	n := 0
	for line := range strings.Lines(text) {
		n++
		e, change := all[n], Change{Line: n}
		body := strings.TrimRight(line, "\r\n")
		end := line[len(body):]
		if end == "" {
			end = "\n"
		}
		indent := body[:len(body)-len(strings.TrimLeft(body, " \t"))]
		if strings.HasPrefix(strings.TrimSpace(body), "test") {
			indent += "  "
		}
		switch {
		case !e.replaced:
			b.WriteString(body)
			if len(e.below) > 0 || body != line {
				b.WriteString(end)
			}
		default:
			change.Old = []string{strings.TrimSpace(body)}
			if e.text != "" {
				change.New = append(change.New, e.text)
				b.WriteString(indent + e.text + end)
			}
		}
		for _, more := range e.below {
			change.New = append(change.New, more)
			b.WriteString(indent + more + end)
		}
		if len(change.Old)+len(change.New) > 0 {
			changes = append(changes, change)
		}
	}
	return b.String(), changes
}
