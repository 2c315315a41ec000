package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// maxDepth is the deepest nesting of a request's JSON, in levels.
const maxDepth = 64

// Decode reads one JSON value. Numbers stay as they are written, for ids are long.
func Decode(text []byte) (any, error) {
	if v, ok := quick(text); ok {
		return v, nil
	}
	return decode(text)
}

func decode(text []byte) (any, error) {
	if err := depth(text); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("json: text after the value")
	}
	return v, nil
}

func depth(text []byte) error {
	level, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if level++; level > maxDepth {
				return errors.New("json: nested too deeply")
			}
		case c == '}' || c == ']':
			level--
		}
	}
	return nil
}

// Lenient reads a form value the way Graph does: JSON, or JSON with single
// quotes as in Meta's own samples (recipient={'id':'…'}).
func Lenient(text string) (any, error) {
	v, err := Decode([]byte(text))
	if err == nil {
		return v, nil
	}
	if v, lenientErr := Decode([]byte(doubleQuoted(text))); lenientErr == nil {
		return v, nil
	}
	return nil, err
}

// doubleQuoted turns single-quoted strings into double-quoted ones.
func doubleQuoted(text string) string {
	var b strings.Builder
	var quote byte // of the string we are in, or 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote == 0:
			if c == '\'' || c == '"' {
				quote = c
				c = '"'
			}
			b.WriteByte(c)
		case c == '\\' && i+1 < len(text):
			i++
			if text[i] != '\'' { // \' is no escape of JSON
				b.WriteByte('\\')
			}
			b.WriteByte(text[i])
		case c == quote:
			quote = 0
			b.WriteByte('"')
		case c == '"':
			b.WriteString(`\"`)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
