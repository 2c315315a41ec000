package scan

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// FuzzScan: Members and Items find what encoding/json finds, in all valid JSON.
func FuzzScan(f *testing.F) {
	for _, text := range []string{
		``, `{}`, `[]`, ` [ ] `, ` { } `, `null`, `7`, `"{"`, `[1 , "a]\"", [2,[3]] , {"b":"}"} ]`, "\t{\"a\" : 1\n,\r\"b\":{\"c\":[]} }",
		`{"mid":"m","text":"\u00fc\\"}`, `{"mid":1,"text":true}`, `{"t\u0065xt":"x"}`, `{"text":"a","text":"b"}`, `{"object":"page","entry":[{"id":"1","messaging":[{"message":{"mid":"m"}}]}]}`, `{"text":"` + "\xff" + `"}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) {
			return
		}
		compare(t, raw)
	})
}

// compare compares what a value holds, and what that holds.
func compare(t *testing.T, raw []byte) {
	var list []json.RawMessage
	_ = json.Unmarshal(raw, &list) // no list: nothing
	i := 0
	for item := range Items(raw) {
		if i >= len(list) || !bytes.Equal(item, list[i]) {
			t.Fatalf("item %d of %s is %s", i, raw, item)
		}
		compare(t, item)
		i++
	}
	if i != len(list) {
		t.Fatalf("%d items of %s", i, raw)
	}
	var object map[string]json.RawMessage
	_ = json.Unmarshal(raw, &object)
	last := map[string][]byte{}
	for name, value := range Members(raw) {
		last[string([]rune(string(name)))] = value // bytes that are no UTF-8 become U+FFFD, as there
	}
	if len(last) != len(object) {
		t.Fatalf("%d members of %s", len(last), raw)
	}
	for name, value := range last {
		if !bytes.Equal(value, object[name]) {
			t.Fatalf("member %q of %s is %s", name, raw, value)
		}
		compare(t, value)
	}
	if IsObject(raw) != (object != nil) {
		t.Fatalf("IsObject of %s is %t", raw, IsObject(raw))
	}
}

// FuzzPlain: what Plain makes of a string is what encoding/json makes of it, but for bytes that are no UTF-8.
func FuzzPlain(f *testing.F) {
	for _, text := range []string{`""`, `"a"`, `"{\"a\":\"b\\\\c\"}"`, `"a\/b"`, `"a\nb"`, `"\u0061"`, `"\\"`, `"\""`, `"üö"`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var want string
		if raw = bytes.TrimSpace(raw); !utf8.Valid(raw) || json.Unmarshal(raw, &want) != nil || raw[0] != '"' {
			return
		}
		if plain, ok := Plain(raw); ok && string(plain) != want {
			t.Fatalf("%s became %q", raw, plain)
		} else if !ok && !bytes.ContainsAny(raw, "bfnrtu") {
			t.Fatalf("%s is too much for Plain", raw)
		}
	})
}
