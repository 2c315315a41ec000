package value

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// Raw is v as compact JSON, without the escapes that Go adds for HTML.
func Raw(v any) json.RawMessage { return appendRaw(make([]byte, 0, rawSize), v) }

// rawSize is the length that most values stay below, in bytes.
const rawSize = 256

// appendRaw writes what JSON is made of by itself, for that is most of what is written, and
// leaves the rest to encoding/json.
func appendRaw(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case string:
		return appendText(b, v)
	case []any:
		if v == nil {
			return append(b, "null"...)
		}
		b = append(b, '[')
		for i, one := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendRaw(b, one)
		}
		return append(b, ']')
	case map[string]any:
		if v == nil {
			return append(b, "null"...)
		}
		return appendObject(b, v)
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
		b = appendRaw(b, v[key])
	}
	return append(b, '}')
}

// appendText writes a string; one that needs escapes is left to encoding/json.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			return append(b, encoded(s)...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
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
