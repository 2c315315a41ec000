package message

import (
	"unicode"
	"unicode/utf8"
)

// shape is what borders are made of (L-TRIG-8).
type shape uint8

const (
	symbol shape = iota
	word
	blank
)

// asciiShapes holds the shape of each ASCII character, and asciiClasses its bits
// but for Border.
var (
	asciiShapes  = makeShapes()
	asciiClasses = makeClasses()
)

func makeShapes() (t [utf8.RuneSelf]shape) {
	for c := range t {
		switch {
		case c == ' ':
			t[c] = blank
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '_':
			t[c] = word
		}
	}
	return t
}

func makeClasses() (t [utf8.RuneSelf]Class) {
	for c := range t {
		t[c] = Start
	}
	t[' '] |= Blank
	for c := '0'; c <= '9'; c++ {
		t[c] |= Digit
	}
	return t
}

// shapeOf tells the shape of a character that stands behind one of shape before.
// Marks and joiners belong to the character before them (L-TRIG-8).
func shapeOf(r rune, before shape) shape {
	switch {
	case r < utf8.RuneSelf:
		return asciiShapes[r]
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return word
	case before == word && isTrailing(r):
		return word
	}
	return symbol
}

// isTrailing tells whether a character takes its class from the one before it.
func isTrailing(r rune) bool { return r == '\u200c' || r == '\u200d' || unicode.IsMark(r) }

// classify finds the classes of all positions of a normalised text.
func classify(b []byte) []Class {
	classes := make([]Class, len(b)+1)
	before := blank
	for i := 0; i < len(b); {
		var here shape
		r, size := rune(b[i]), 1
		if r < utf8.RuneSelf {
			here = asciiShapes[r]
			classes[i] = asciiClasses[r]
		} else {
			r, size = utf8.DecodeRune(b[i:])
			here = shapeOf(r, before)
			classes[i] = Start
		}
		if here != before || here == blank {
			classes[i] |= Border
		}
		before = here
		i += size
	}
	if len(b) > 0 {
		classes[0] |= Border
	}
	classes[len(b)] = Start | Border
	return classes
}
