// Package value reads JSON the way Graph does: leniently from forms, with numbers
// kept as they are written, and with digits counting as text. It writes JSON
// without Go's own escapes.
//
// It knows no field by name: what a value means is for its callers to say.
// Invariant: reading a value as what it is not gives the empty one, never a panic.
// No API of the host is promised.
package value

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// Object returns v as a JSON object; nil when it is none.
func Object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// List returns v as a JSON array, and whether it is one.
func List(v any) ([]any, bool) {
	l, ok := v.([]any)
	return l, ok
}

// Text returns v as a string; numbers count as their digits, as they do for Graph.
func Text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// Truth returns v as a boolean; the texts "true" and "1" count, as they do for Graph.
func Truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return v == "true" || v == "1"
	}
	return false
}

// Compact is JSON without the white space between its tokens; keys keep their order.
func Compact(text []byte) json.RawMessage {
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		return text // unreachable: decode has accepted it
	}
	return b.Bytes()
}

// URL reports whether s is an absolute http or https URL.
func URL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// Digits reports whether s is an id as Graph has them: digits, one at least.
func Digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// Count is a parameter that should be a count; what is none counts as not given, 0.
func Count(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
