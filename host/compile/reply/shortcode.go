package reply

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// ArgKind says how an argument of a shortcode was written (L-SC-2, L-SC-3).
type ArgKind uint8

// The kinds of arguments.
const (
	TextArg ArgKind = iota // a text, whatever its value looks like
	DataArg                // one tag: its value may be a JSON list or object, and then counts as that
	JSONArg                // JSON with tags in it
)

// Fill says how the text of a Piece goes into a JSON argument.
type Fill uint8

// The ways. In other arguments all pieces are taken as they are.
const (
	AsIs     Fill = iota // literal JSON
	InString             // escaped, inside of a JSON string
	AsValue              // as JSON if it is valid JSON, else as a JSON string
)

// RawArg is an argument after evaluation, before it is put together.
type RawArg struct {
	Kind   ArgKind
	Pieces []Piece
}

// Piece is a stretch of a RawArg.
type Piece struct {
	Fill Fill
	Text string
}

// RawCall is a name with arguments that are not put together yet.
type RawCall struct {
	Name string
	Args []RawArg
}

// NewShortcode puts the arguments of a shortcode together (L-SC-3). It is an
// Error token when they yield no valid JSON (L-SC-5).
func NewShortcode(name string, raw []RawArg) Token {
	t := newShortcode(name, len(raw))
	for _, r := range raw {
		arg, ok := r.join()
		if !ok {
			return invalid(name)
		}
		t.Args = append(t.Args, arg)
	}
	return t
}

// newShortcode is a shortcode with room for n arguments.
func newShortcode(name string, n int) Token {
	t := Token{Kind: Shortcode, Text: name}
	if n > 0 {
		t.Args = make([]Arg, 0, n)
	}
	return t
}

// invalid stands in the place of a shortcode without valid JSON.
func invalid(name string) Token {
	return Token{Kind: Error, Text: "[JSEXTRACTOR_ERROR: " + name + " has no valid JSON]"}
}

// Text is what the pieces read as, put together. JSON need not be valid.
func (r RawArg) Text() string {
	if len(r.Pieces) == 1 && (r.Kind != JSONArg || r.Pieces[0].Fill == AsIs) {
		return r.Pieces[0].Text
	}
	var b strings.Builder
	for _, p := range r.Pieces {
		if r.Kind != JSONArg {
			b.WriteString(p.Text)
			continue
		}
		switch p.Fill {
		case InString:
			quoted := quote(p.Text)
			b.WriteString(quoted[1 : len(quoted)-1])
		case AsValue:
			if json.Valid([]byte(p.Text)) {
				b.WriteString(p.Text)
			} else {
				b.WriteString(quote(p.Text))
			}
		default:
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// join makes the argument of its pieces; ok is false when it should be JSON and is not.
func (r RawArg) join() (arg Arg, ok bool) {
	text := r.Text()
	switch r.Kind {
	case JSONArg:
		return Arg{JSON: text}, json.Valid([]byte(text))
	case DataArg:
		if data := strings.TrimSpace(text); isData(data) {
			return Arg{JSON: data}, true
		}
	}
	return Arg{Text: text}, true
}

// isData tells a JSON list or object from other text.
func isData(text string) bool {
	return text != "" && (text[0] == '[' || text[0] == '{') && json.Valid([]byte(text))
}

// quote writes a text as a JSON string, with nothing escaped but what must be.
func quote(text string) string {
	const hex = "0123456789abcdef"
	b := make([]byte, 0, len(text)+2)
	b = append(b, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r < ' ':
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&0xf])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return string(append(b, '"'))
}
