// Package message turns what a person typed into what triggers are matched
// against: normalisation and substitutions (section 7 of the language), and the
// classes of characters on which wildcards and word borders rest (L-TRIG-8).
// It knows nothing of triggers or topics. No API of the host is promised.
package message

// Mode is how messages are stripped (the table of L-NORM-4).
type Mode uint8

// The modes.
const (
	Dexter Mode = iota // dialect dexter: UTF-8, the long punctuation list
	ASCII              // dialect rivescript: letters a-z and digits only
	UTF8               // dialect rivescript with utf8 = true: the short list
)

// Substitution replaces From by To (L-SUB). Both are already folded, but for
// the To of person substitutions.
type Substitution struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Options are the settings of a bot that normalisation depends on.
type Options struct {
	Mode        Mode           `json:"mode"`
	Punctuation *string        `json:"punctuation,omitempty"` // replaces the list of L-NORM-4
	Subs        []Substitution `json:"subs,omitempty"`        // in order of definition
	Person      []Substitution `json:"person,omitempty"`      // in order of definition
}

// Class holds what a matcher needs to know about one position of a text.
type Class uint8

// The bits of a Class. A position is the offset of a byte of the text, or its length.
const (
	Start  Class = 1 << iota // a character begins here (set at the end of the text as well)
	Border                   // the position is a border (L-TRIG-8)
	Blank                    // the character here is the blank
	Digit                    // the character here is 0–9
)

// MaxRunes is the length of a normalised message in code points; the rest is
// cut off (section 28 of the language).
const MaxRunes = 2000

// Text is a normalised text, and the classes of its positions.
type Text struct {
	String  string
	Classes []Class // len(String)+1 of them
}

// Forms are the two shapes in which one message can be matched: as usual, and
// without the deletion of characters, for triggers under "# punc nostrip" (L-NORM-8).
type Forms struct {
	Plain Text
	Kept  Text // empty Classes when the program has no such trigger
}
