package syntax

import (
	"encoding/json"
	"errors"
	"strings"
)

// shape is JSON with one harmless character in the place of each tag, and knows
// where its pieces stand in the text.
type shape struct {
	strings.Builder
	pieces []shapePiece
}

// shapePiece says that what begins at an offset of the shape begins at text.
type shapePiece struct {
	at, text int
	tag      bool
}

func (s *shape) write(piece string, text int, tag bool) {
	s.pieces = append(s.pieces, shapePiece{s.Len(), text, tag})
	s.WriteString(piece)
}

// check holds the shape against JSON; reason is empty if it is some. place is where
// in the text it breaks.
func (s *shape) check() (reason string, place int) {
	var value any
	err := json.Unmarshal([]byte(s.String()), &value)
	if err == nil {
		return "", 0
	}
	var fault *json.SyntaxError
	tag := false
	if errors.As(err, &fault) {
		at := max(int(fault.Offset)-1, 0) // the decoder counts what it has read
		for _, p := range s.pieces {
			if p.at <= at {
				place, tag = p.text+at-p.at, p.tag
			}
		}
	}
	return "the JSON is broken: " + plainJSON(err, tag), place
}

// jsonFaults are what the decoder says, and what it means to people who write JSON
// by hand.
var jsonFaults = [...]struct{ says, means string }{
	{"unexpected end", "it is not complete, a } or ] is missing"},
	{"beginning of object key string", "where a name in double quotes should stand"},
	{"beginning of value", "where a value should stand; texts need double quotes"},
	{"after object key:value pair", `where "," or "}" should stand`},
	{"after object key", `where ":" should stand`},
	{"after array element", `where "," or "]" should stand`},
	{"after top-level value", "behind its end"},
	{"in string escape code", "behind a backslash"},
	{"in string literal", "inside a text; write \\n for a line break"},
	{"in \\u hexadecimal character escape", "behind \\u, where four hexadecimal digits should stand"},
	{"in literal", "inside true, false or null"},
	{"after decimal point", "behind the point of a number"},
	{"in exponent", "inside the exponent of a number"},
	{"in numeric literal", "inside a number"},
}

// plainJSON says in plain words what is wrong with JSON; tag tells whether a tag
// stands where it breaks.
func plainJSON(err error, tag bool) string {
	text := err.Error()
	for _, f := range jsonFaults {
		if !strings.Contains(text, f.says) {
			continue
		}
		sign, found := strings.CutPrefix(text, "invalid character ")
		switch {
		case !found:
			return f.means
		case tag:
			return "a tag stands " + f.means
		}
		sign, _, _ = strings.Cut(sign, "' ")
		sign = strings.TrimPrefix(sign, "'")
		switch sign {
		case `\'`:
			sign = "'"
		case `"`, `\"`:
			return "a double quote stands " + f.means
		}
		return quote(sign) + " stands " + f.means
	}
	return text
}
