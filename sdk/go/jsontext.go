package direction

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a text. Bytes that are no UTF-8, and halves of a surrogate pair,
// become U+FFFD.
func (p *jsonReader) str() (string, error) {
	p.at++
	var out []byte // what was read so far, once it differs from the source
	from, ascii := p.at, true
	for p.at < len(p.data) {
		switch c := p.data[p.at]; {
		case c == '"':
			s := p.data[from:p.at]
			p.at++
			if out != nil {
				s = string(out) + s
			}
			if !ascii {
				s = strings.ToValidUTF8(s, "\uFFFD")
			}
			return s, nil
		case c == '\\':
			out = append(out, p.data[from:p.at]...)
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			out = utf8.AppendRune(out, r)
			from = p.at
		case c < ' ':
			return "", p.fault("a control character in a text")
		default:
			ascii = ascii && c < utf8.RuneSelf
			p.at++
		}
	}
	return "", p.fault("a text does not end")
}

// escape reads what a backslash begins.
func (p *jsonReader) escape() (rune, error) {
	if p.at+1 == len(p.data) {
		return 0, p.fault("a text does not end")
	}
	c := p.data[p.at+1]
	p.at += 2
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		r, ok := p.hex()
		if !ok {
			return 0, p.fault("four hexadecimal digits are missing")
		}
		return p.pair(r), nil
	}
	p.at--
	return 0, p.fault("an unknown escape")
}

// pair joins the halves of a surrogate pair.
func (p *jsonReader) pair(r rune) rune {
	if !utf16.IsSurrogate(r) {
		return r
	}
	at := p.at
	if p.word(`\u`) {
		if low, ok := p.hex(); ok {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return both
			}
		}
	}
	p.at = at
	return utf8.RuneError
}

func (p *jsonReader) hex() (rune, bool) {
	if len(p.data)-p.at < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(p.data[p.at:p.at+4], 16, 16)
	if err != nil {
		return 0, false
	}
	p.at += 4
	return rune(n), true
}
