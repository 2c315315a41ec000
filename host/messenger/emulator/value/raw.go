package value

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Appender is what can write itself as compact JSON, behind b.
type Appender interface {
	AppendJSON(b []byte) []byte
}

// Raw is v as compact JSON, without the escapes that Go adds for HTML.
func Raw(v any) json.RawMessage { return AppendRaw(make([]byte, 0, rawSize), v) }

// rawSize is the length that most values stay below, in bytes.
const rawSize = 256

// AppendRaw is Raw behind b. It writes what JSON is made of by itself, for that is most of what is written, and
// leaves the rest to its Appender, and to encoding/json.
func AppendRaw(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case string:
		return appendText(b, v)
	case json.Number:
		if Digits(string(v)) && v[0] != '0' {
			return append(b, v...)
		}
		return append(b, encoded(v)...)
	case []any:
		if v == nil {
			return append(b, "null"...)
		}
		b = append(b, '[')
		for i, one := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = AppendRaw(b, one)
		}
		return append(b, ']')
	case map[string]any:
		if v == nil {
			return append(b, "null"...)
		}
		return appendObject(b, v)
	case Appender:
		return v.AppendJSON(b)
	default:
		return append(b, encoded(v)...)
	}
}

// appendObject writes an object with its keys in order.
func appendObject(b []byte, v map[string]any) []byte {
	var few [8]string // no allocation for as many keys
	keys := few[:0]
	for key := range v {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	b = append(b, '{')
	for i, key := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendText(b, key), ':')
		b = AppendRaw(b, v[key])
	}
	return append(b, '}')
}

// appendText writes a string; one with seldom characters is left to encoding/json.
func appendText(b []byte, s string) []byte {
	before, from := len(b), 0
	b = append(b, '"')
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(append(b, s[from:i]...), '\\', c)
			i++
			from = i
		case c == '\n':
			b = append(append(b, s[from:i]...), `\n`...)
			i++
			from = i
		case c < ' ':
			return append(b[:before], encoded(s)...)
		case c < utf8.RuneSelf:
			i++
		default:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError || r == '\u2028' || r == '\u2029' {
				return append(b[:before], encoded(s)...)
			}
			i += size
		}
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}

func encoded(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return []byte("null") // unreachable: v came from JSON or from this package's types
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}
