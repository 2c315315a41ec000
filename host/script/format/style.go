package format

import "strings"

// indent stands before continuations.
const indent = "  "

// styled is a line in the house style.
func (l *line) styled() string {
	if l.verbatim {
		return l.raw
	}
	behind := l.text[len(l.code):] // a comment, with the blanks in front of it
	switch l.kind {
	case trigger, command:
		return spaced(l.code) + behind
	case continuation:
		if ofShortcode(l.code) {
			return indent + l.text
		}
		return indent + spaced(l.code) + behind
	case definition:
		return l.defined() + behind
	case head, foot:
		return squeezed(spaced(l.code)) + behind
	}
	return l.text
}

// spaced has one blank behind its sign. Two slashes behind a blank would begin a
// comment (L-SRC-4), so they stay where they are.
func spaced(code string) string {
	sign, rest := code[:1], code[1:]
	if strings.HasPrefix(rest, "//") {
		return code
	}
	return sign + " " + strings.TrimLeft(rest, blanks)
}

// ofShortcode tells whether the caret of a continuation may belong to a shortcode
// (L-SRC-8). A blank behind it would make plain text of it.
func ofShortcode(code string) bool {
	name, _, found := strings.Cut(code[1:], "(")
	return found && name != "" && strings.IndexFunc(name, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_')
	}) < 0
}

// squeezed has one blank for each run of blanks and tabs.
func squeezed(s string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' }) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}
