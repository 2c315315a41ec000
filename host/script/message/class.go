package message

import (
	"slices"
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
	if r < utf8.RuneSelf {
		return asciiShapes[r]
	}
	return wideShapeOf(r, before)
}

// wideShapeOf is shapeOf beyond ASCII.
func wideShapeOf(r rune, before shape) shape {
	switch {
	case unicode.IsLetter(r), unicode.IsNumber(r):
		return word
	case before == word && isTrailing(r):
		return word
	}
	return symbol
}

// isTrailing tells whether a character takes its class from the one before it.
func isTrailing(r rune) bool { return r == '\u200c' || r == '\u200d' || unicode.IsMark(r) }

// appendClasses appends the classes of all positions of a normalised text.
func appendClasses(classes []Class, text []byte) []Class {
	classes = slices.Grow(classes, len(text)+1)
	from := len(classes)
	classes = classes[:from+len(text)+1]
	Classify(classes[from:], text)
	return classes
}

// Classify writes the classes of all positions of a normalised text, len(text)+1 of
// them, wherever they are wanted as bytes.
func Classify[C ~uint8](classes []C, text []byte) {
	classes = classes[:len(text)+1]
	before := blank
	for i := 0; i < len(text); {
		var here shape
		var class Class
		r, size := rune(text[i]), 1
		if r < utf8.RuneSelf {
			here = asciiShapes[r]
			class = asciiClasses[r]
		} else {
			r, size = utf8.DecodeRune(text[i:])
			here = shapeOf(r, before)
			class = Start
			clear(classes[i : i+size])
		}
		if here != before || here == blank || i == 0 {
			class |= Border
		}
		classes[i] = C(class)
		before = here
		i += size
	}
	classes[len(text)] = C(Start | Border)
}
