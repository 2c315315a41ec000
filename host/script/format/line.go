package format

import (
	"strings"

	"github.com/footlight-bots/footlight/host/script/source"
)

// kind is what a line is, as far as the style cares.
type kind uint8

const (
	other        kind = iota
	empty             // nothing but blanks
	comment           // a comment line, or the first line of a comment or the end of one
	inside            // a line of a comment or macro, but for the first and last
	trigger           // +
	continuation      // ^
	definition        // !
	head              // >
	foot              // <
	command           // % - * @ $
)

// line is one line of a document.
type line struct {
	kind     kind
	raw      string // as it stands
	text     string // without blanks at its ends
	code     string // the part of text that is no comment
	verbatim bool   // written as it stands
	// columns are the widths of type and name in the block of definitions that
	// this one belongs to, in terminal cells; 0 for what stands for itself.
	columns [2]int
}

const blanks = " \t"

// read cuts a document into lines (section 4 of the language).
func read(file *source.File) []line {
	lines := make([]line, file.LineCount())
	for i := range lines {
		lines[i] = one(file.LineSpan(i + 1).Text())
	}
	for i := 0; i < len(lines); i++ {
		l := &lines[i]
		switch {
		case l.kind == comment && strings.HasPrefix(l.text, "/*") && !strings.Contains(l.text[2:], "*/"):
			last := enclose(lines, i, func(text string) bool { return strings.Contains(text, "*/") })
			l.verbatim, lines[last].kind = true, comment
			i = last
		case l.kind == head && macro(l.code):
			last := enclose(lines, i, endsMacro)
			if last > i && endsMacro(lines[last].text) {
				lines[last] = one(lines[last].raw)
			}
			i = last
		}
	}
	return lines
}

// enclose takes the lines below line i as they are, up to one that ends what began
// there, and returns where that is: without an end, the last line.
func enclose(lines []line, i int, ends func(text string) bool) int {
	for i++; i < len(lines); i++ {
		l := &lines[i]
		l.kind, l.verbatim = inside, true
		if ends(l.text) {
			return i
		}
	}
	return len(lines) - 1
}

// macro tells whether the head of a block begins a macro (L-BLK-4).
func macro(code string) bool {
	words := strings.Fields(code[1:])
	return len(words) > 0 && words[0] == "object"
}

// endsMacro tells whether a line ends a macro.
func endsMacro(text string) bool {
	rest, found := strings.CutPrefix(text, "<")
	return found && strings.HasPrefix(strings.TrimLeft(rest, blanks), "object")
}

// signs are the kinds of lines by their first character.
var signs = map[byte]kind{
	'+': trigger, '^': continuation, '!': definition, '>': head, '<': foot,
	'%': command, '-': command, '*': command, '@': command, '$': command,
}

// one tells what a line is by itself.
func one(raw string) line {
	text := strings.Trim(raw, blanks)
	l := line{raw: raw, text: text, code: text}
	switch {
	case text == "":
		l.kind = empty
		return l
	case text[0] == '#', strings.HasPrefix(text, "//"), strings.HasPrefix(text, "/*"):
		l.kind = comment
		return l
	}
	l.code = code(text)
	kind, known := signs[text[0]]
	if !known || len(l.code) == 1 || strings.Contains(l.code, "*/") {
		l.verbatim = true
		return l
	}
	l.kind = kind
	return l
}

// code is a line without the comment behind it (L-SRC-4).
func code(text string) string {
	for i := 1; i+1 < len(text); i++ {
		if text[i] == '/' && text[i+1] == '/' && strings.IndexByte(blanks, text[i-1]) >= 0 {
			return strings.TrimRight(text[:i], blanks)
		}
	}
	return text
}
