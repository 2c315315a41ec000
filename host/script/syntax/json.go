package syntax

// json reads one JSON value with tags in it (L-SC-3), up to the sign close
// outside of it, or to the end of the text if close is 0; end is the place
// behind that. Script escapes have no meaning here, JSON's own have.
func (p *templateParser) json(pos int, close byte) (pieces []JSONPiece, end int, reason string) {
	var value shape
	start, inString := pos, false
	flush := func(to int) {
		if to > start {
			pieces = append(pieces, JSONPiece{Text: p.text[start:to]})
			value.write(p.text[start:to], start, false)
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
			return p.checked(pieces, &value, end+1)
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
			value.write("x", end, true)
		} else {
			value.write("0", end, true)
		}
		start, end = after, after
	}
	flush(len(p.text))
	if close != 0 {
		return nil, len(p.text), "the closing parenthesis is missing"
	}
	return p.checked(pieces, &value, len(p.text))
}

// checked holds the shape of the value against JSON.
func (p *templateParser) checked(pieces []JSONPiece, value *shape, end int) ([]JSONPiece, int, string) {
	if reason, place := value.check(); reason != "" {
		p.fault = p.passage.Span(place, min(place+1, len(p.text)))
		return nil, end, reason
	}
	return pieces, end, ""
}
