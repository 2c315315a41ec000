package syntax

import (
	"encoding/json"
	"strings"
)

// json reads one JSON value with tags in it (L-SC-3), up to the sign close
// outside of it, or to the end of the text if close is 0; end is the place
// behind that. Script escapes have no meaning here, JSON's own have.
func (p *templateParser) json(pos int, close byte) (pieces []JSONPiece, end int, reason string) {
	var shape strings.Builder // the value with something harmless for each tag
	start, inString := pos, false
	flush := func(to int) {
		if to > start {
			pieces = append(pieces, JSONPiece{Text: p.text[start:to]})
			shape.WriteString(p.text[start:to])
		}
	}
	for end = pos; end < len(p.text); {
		c := p.text[end]
		switch {
		case c == '^':
			end++
			continue
		case inString && c == '\\' && end+1 < len(p.text):
			end += 2
			continue
		case c == '"':
			inString = !inString
		case !inString && c == close:
			flush(end)
			return checked(pieces, shape.String(), end+1)
		}
		nodes, after := p.unit(end, false)
		if after == end {
			end++
			continue
		}
		flush(end)
		t := &Template{Nodes: nodes, Span: p.passage.Span(end, after)}
		pieces = append(pieces, JSONPiece{Template: t, InString: inString})
		if inString {
			shape.WriteByte('x')
		} else {
			shape.WriteByte('0')
		}
		start, end = after, after
	}
	flush(len(p.text))
	if close != 0 {
		return nil, len(p.text), "the closing parenthesis is missing"
	}
	return checked(pieces, shape.String(), len(p.text))
}

// checked holds the shape of the value against JSON.
func checked(pieces []JSONPiece, shape string, end int) ([]JSONPiece, int, string) {
	var value any
	if err := json.Unmarshal([]byte(shape), &value); err != nil {
		return nil, end, "the JSON is broken: " + err.Error()
	}
	return pieces, end, ""
}
