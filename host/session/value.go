package session

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// TextOf is how a stored value reads in a script (L-VAR-3): a string as it is,
// anything else as JSON without spaces.
func TextOf(raw json.RawMessage) string {
	if text, ok := plain(raw); ok {
		return text
	}
	if len(raw) > 0 && raw[0] == '"' {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			return text
		}
	}
	var compact bytes.Buffer
	if json.Compact(&compact, raw) != nil {
		return string(raw)
	}
	return compact.String()
}

// plain reads a string that stands in JSON as it is, as most do.
func plain(raw json.RawMessage) (text string, ok bool) {
	last := len(raw) - 1
	if last < 1 || raw[0] != '"' || raw[last] != '"' {
		return "", false
	}
	inside := raw[1:last]
	for _, c := range inside {
		if c < ' ' || c == '"' || c == '\\' {
			return "", false
		}
	}
	if !utf8.Valid(inside) {
		return "", false
	}
	return string(inside), true
}
