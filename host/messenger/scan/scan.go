// Package scan walks over JSON that Valid has looked through, and copies nothing:
// almost every webhook is a short message, and the host must read thousands a second.
// Whoever wants a value reads it from its bytes, as the platform wrote them. It may panic on
// bytes that are no valid JSON. No API of the host is promised.
package scan

import (
	"bytes"
	"encoding/json"
	"iter"
)

// Members yields the members of a JSON object in their order: names without quotes, values as
// they stand there. Of anything else it yields nothing.
func Members(raw []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(name, value []byte) bool) {
		i, ok := enter(raw, '{')
		for ok && raw[i] != '}' {
			end := after(raw, i)
			name := unquoted(raw[i:end])
			begin := skip(raw, skip(raw, end)+1) // over the colon
			end = after(raw, begin)
			if !yield(name, raw[begin:end]) {
				return
			}
			i = next(raw, end)
		}
	}
}

// Items yields the items of a JSON list in their order, as they stand there. Of anything else it
// yields nothing.
func Items(raw []byte) iter.Seq[[]byte] {
	return func(yield func(item []byte) bool) {
		i, ok := enter(raw, '[')
		for ok && raw[i] != ']' {
			end := after(raw, i)
			if !yield(raw[i:end]) {
				return
			}
			i = next(raw, end)
		}
	}
}

// IsObject tells whether a value is an object.
func IsObject(raw []byte) bool {
	_, ok := enter(raw, '{')
	return ok
}

// IsList tells whether a value is a list.
func IsList(raw []byte) bool {
	_, ok := enter(raw, '[')
	return ok
}

// enter is where the first thing inside an object or a list stands, or its end; ok is false for
// a value that does not open like that.
func enter(raw []byte, open byte) (i int, ok bool) {
	i = skip(raw, 0)
	if i == len(raw) || raw[i] != open {
		return 0, false
	}
	return skip(raw, i+1), true
}

// next is where the next thing stands after one that ended at i, or the end of all.
func next(raw []byte, i int) int {
	i = skip(raw, i)
	if raw[i] == ',' {
		i = skip(raw, i+1)
	}
	return i
}

// skip is the place of the first byte from i on that is not white space.
func skip(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\n' || raw[i] == '\t' || raw[i] == '\r') {
		i++
	}
	return i
}

// after is the place behind the value that begins at i.
func after(raw []byte, i int) int {
	switch raw[i] {
	case '"':
		return afterText(raw, i)
	case '{', '[':
		for depth := 0; ; {
			switch raw[i] {
			case '"':
				i = afterText(raw, i)
				continue
			case '{', '[':
				depth++
			case '}', ']':
				depth--
			}
			i++
			if depth == 0 {
				return i
			}
		}
	}
	for i < len(raw) {
		switch raw[i] {
		case ',', '}', ']', ' ', '\n', '\t', '\r':
			return i
		}
		i++
	}
	return i
}

// afterText is the place behind the string that begins at i.
func afterText(raw []byte, i int) int {
	i++
	if n := bytes.IndexByte(raw[i:], '"'); bytes.IndexByte(raw[i:i+n], '\\') < 0 {
		return i + n + 1
	}
	for ; raw[i] != '"'; i++ {
		if raw[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// Plain is a string without its quotes and escapes, if it has none but those of quotes, backslashes and slashes: as JSON
// has that is written into JSON.
func Plain(quoted []byte) (plain []byte, ok bool) {
	inside := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inside, '\\') < 0 {
		return inside, true
	}
	plain = make([]byte, 0, len(inside))
	for i := 0; i < len(inside); i++ {
		if inside[i] == '\\' {
			if i++; inside[i] != '"' && inside[i] != '\\' && inside[i] != '/' {
				return nil, false
			}
		}
		plain = append(plain, inside[i])
	}
	return plain, true
}

// unquoted is a string without its quotes and escapes.
func unquoted(quoted []byte) []byte {
	if plain, ok := Plain(quoted); ok {
		return plain
	}
	var s string
	_ = json.Unmarshal(quoted, &s) // it is valid
	return []byte(s)
}
