package value

import (
	"encoding/json"
	"testing"
)

// Reading a value as what it is not gives the empty one.
func TestReadings(t *testing.T) {
	for _, row := range []struct {
		name  string
		v     any
		text  string
		truth bool
	}{
		{"text", "x", "x", false},
		{"number", json.Number("12345678901234567890"), "12345678901234567890", false},
		{"true", true, "", true},
		{"true as text", "true", "true", true},
		{"one as text", "1", "1", true},
		{"nothing", nil, "", false},
		{"object", map[string]any{}, "", false},
		{"list", []any{"x"}, "", false},
	} {
		if got := Text(row.v); got != row.text {
			t.Errorf("%s as text: %q, want %q", row.name, got, row.text)
		}
		if got := Truth(row.v); got != row.truth {
			t.Errorf("%s as truth: %v, want %v", row.name, got, row.truth)
		}
		_, isList := row.v.([]any)
		if _, ok := List(row.v); ok != isList {
			t.Errorf("%s as list: %v", row.name, ok)
		}
		_, isObject := row.v.(map[string]any)
		if got := Object(row.v); (got != nil) != isObject {
			t.Errorf("%s as object: %v", row.name, got)
		}
	}
}

func TestURL(t *testing.T) {
	for s, want := range map[string]bool{
		"https://a.b/c": true, "http://localhost:80": true, "a.b": false, "ftp://a.b": false, "https://": false, "": false, "https://a b": false,
	} {
		if got := URL(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}

// Go's escapes for HTML stay out; the order of keys stays where the text has one.
func TestRawAndCompact(t *testing.T) {
	if got := string(Raw(map[string]string{"a": "<&>"})); got != `{"a":"<&>"}` {
		t.Errorf("raw: %s", got)
	}
	if got := string(Compact([]byte("{ \"b\" : 1,\n\"a\": [ ] }"))); got != `{"b":1,"a":[]}` {
		t.Errorf("compact: %s", got)
	}
}
