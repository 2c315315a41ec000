package value

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// quick reads one JSON value from a text without faults, as encoding/json reads it with numbers
// as they are written, at a part of its cost: an emulated platform reads several of them for each
// message. ok is false where the text has a fault, or is nested too deeply: what that is, is
// for encoding/json to say. Texts of the value share the memory of one copy of it.
func quick(text []byte) (v any, ok bool) {
	r := reader{s: string(text)}
	v, ok = r.value(0)
	r.space()
	return v, ok && r.at == len(r.s)
}

// reader is how far a text has been read.
type reader struct {
	s  string
	at int
}

func (r *reader) space() {
	for r.at < len(r.s) && (r.s[r.at] == ' ' || r.s[r.at] == '\n' || r.s[r.at] == '\r' || r.s[r.at] == '\t') {
		r.at++
	}
}

// take steps over a byte, if it comes next.
func (r *reader) take(c byte) bool {
	if r.at < len(r.s) && r.s[r.at] == c {
		r.at++
		return true
	}
	return false
}

// word steps over a word, if it comes next.
func (r *reader) word(w string) bool {
	if !strings.HasPrefix(r.s[r.at:], w) {
		return false
	}
	r.at += len(w)
	return true
}

// value reads a value that stands within so many lists and objects.
func (r *reader) value(level int) (any, bool) {
	r.space()
	if r.at == len(r.s) {
		return nil, false
	}
	switch r.s[r.at] {
	case '"':
		return r.text()
	case '{':
		return r.object(level + 1)
	case '[':
		return r.list(level + 1)
	case 't':
		return true, r.word("true")
	case 'f':
		return false, r.word("false")
	case 'n':
		return nil, r.word("null")
	default:
		return r.number()
	}
}

func (r *reader) object(level int) (any, bool) {
	if r.at++; level > maxDepth {
		return nil, false
	}
	m := map[string]any{}
	r.space()
	if r.take('}') {
		return m, true
	}
	for {
		r.space()
		if r.at == len(r.s) || r.s[r.at] != '"' {
			return nil, false
		}
		key, ok := r.text()
		if r.space(); !ok || !r.take(':') {
			return nil, false
		}
		if m[key], ok = r.value(level); !ok {
			return nil, false
		}
		r.space()
		if r.take('}') {
			return m, true
		}
		if !r.take(',') {
			return nil, false
		}
	}
}

func (r *reader) list(level int) (any, bool) {
	if r.at++; level > maxDepth {
		return nil, false
	}
	l := []any{}
	r.space()
	if r.take(']') {
		return l, true
	}
	for {
		v, ok := r.value(level)
		if !ok {
			return nil, false
		}
		l = append(l, v)
		r.space()
		if r.take(']') {
			return l, true
		}
		if !r.take(',') {
			return nil, false
		}
	}
}

// text reads a string. One with escapes, or with bytes that are no UTF-8, is left to encoding/json.
func (r *reader) text() (string, bool) {
	from, plain, ascii := r.at, true, true
	for r.at++; r.at < len(r.s); r.at++ {
		switch c := r.s[r.at]; {
		case c == '"':
			r.at++
			if within := r.s[from+1 : r.at-1]; plain && (ascii || utf8.ValidString(within)) {
				return within, true
			}
			var s string
			err := json.Unmarshal([]byte(r.s[from:r.at]), &s)
			return s, err == nil
		case c == '\\':
			plain = false
			r.at++ // over what is escaped, which may be a quotation mark
		case c < ' ':
			return "", false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", false
}

// number reads a number and leaves it as it is written.
func (r *reader) number() (any, bool) {
	from := r.at
	r.take('-')
	if !r.take('0') && !r.digits() {
		return nil, false
	}
	if r.take('.') && !r.digits() {
		return nil, false
	}
	if r.take('e') || r.take('E') {
		if !r.take('+') {
			r.take('-')
		}
		if !r.digits() {
			return nil, false
		}
	}
	return json.Number(r.s[from:r.at]), true
}

// digits steps over digits, one at least.
func (r *reader) digits() bool {
	from := r.at
	for r.at < len(r.s) && r.s[r.at] >= '0' && r.s[r.at] <= '9' {
		r.at++
	}
	return r.at > from
}
