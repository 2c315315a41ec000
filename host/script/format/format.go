// Package format writes documents in the house style. It moves blanks, tabs and
// empty lines, and nothing else: what people say and read, macros and comments
// stay as they are, and so does what every line means. Formatting a document
// twice is formatting it once.
//
// The style is calm:
//
//   - Commands begin at the margin, with one blank behind their sign.
//   - Continuations stand two blanks in, below what they continue.
//   - An empty line comes before each trigger and each block, above the comments
//     that belong to them; none stands below the head of a block or above its end.
//   - Elsewhere one empty line at most stands where the author left some.
//   - Definitions that stand below each other, with nothing but continuations in
//     between, have their names and their first "=" in line. Very long names do not
//     take part.
//   - In heads of blocks one blank stands between words.
//   - Lines end in LF, the last one too, without blanks in front of it. Text is in
//     Unicode form NFC, as the language reads it (L-BOT-6).
//
// Lines with an error are left as they are: nobody knows what they were meant to
// say. No API of the host is promised.
package format

import (
	"strings"

	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Document is a document in the house style. One that is not UTF-8 cannot be
// written back without loss: ok is false and nothing is changed.
func Document(file *source.File) (text string, ok bool) {
	if len(file.Invalid()) > 0 {
		return "", false
	}
	lines := read(file)
	leave(lines, file)
	align(lines)
	return write(lines), true
}

// leave marks the lines that have errors as to be left alone.
func leave(lines []line, file *source.File) {
	_, found := syntax.Parse(file)
	for _, d := range found {
		if !d.Code.IsError() || d.Span.IsZero() {
			continue
		}
		last := file.Line(max(d.Span.End-1, d.Span.Start))
		for n := d.Span.Line(); n <= last; n++ {
			if l := &lines[n-1]; l.kind != empty {
				l.verbatim = true
			}
		}
	}
}

// write puts the lines together, with the empty lines they want between them.
func write(lines []line) string {
	var b strings.Builder
	var above *line // the last line that is not empty
	gap := false    // empty lines were left since then
	for i := range lines {
		l := &lines[i]
		if l.kind == empty {
			gap = true
			continue
		}
		if above != nil && apart(above, l, lines[i:], gap) {
			b.WriteString("\n")
		}
		b.WriteString(l.styled())
		b.WriteString("\n")
		above, gap = l, false
	}
	// A comment or macro without an end takes the empty lines below it as its own.
	return strings.TrimRight(b.String(), "\n") + lineEnd(b.Len())
}

// lineEnd ends the last line of a text, if there is any.
func lineEnd(length int) string {
	if length == 0 {
		return ""
	}
	return "\n"
}

// apart tells whether an empty line stands between two lines. rest begins with
// the lower one; gap tells whether the author left any.
func apart(above, l *line, rest []line, gap bool) bool {
	switch {
	case above.kind == inside:
		return false // an empty line of a comment or macro is a line of it
	case above.kind == comment:
		// What a comment belongs to is the author's to say, and "// allow" speaks
		// of the line below it only.
		return gap
	case above.kind == head, l.kind == foot:
		return gap && l.kind == comment
	case above.kind == foot, opens(rest):
		return true
	}
	return gap
}

// opens tells whether the lines begin with a trigger or the head of a block, or
// with comments directly above one.
func opens(lines []line) bool {
	for i := range lines {
		switch lines[i].kind {
		case comment, inside:
			continue
		case trigger, head:
			return true
		}
		return false
	}
	return false
}
