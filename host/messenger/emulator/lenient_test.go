package emulator

import (
	"encoding/json"
	"testing"
)

func TestDecodeLenient(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":"b"}`:                        `{"a":"b"}`,
		`{'a':'b'}`:                        `{"a":"b"}`,
		`{'a':'it\'s'}`:                    `{"a":"it's"}`,
		`{'a':'say "hi"'}`:                 `{"a":"say \"hi\""}`,
		`{"a":"it's"}`:                     `{"a":"it's"}`,
		`{'a':"it's",'b':1}`:               `{"a":"it's","b":1}`,
		`{'a':'x\ny\\'}`:                   `{"a":"x\ny\\"}`,
		`['a',1e400,12345678901234567890]`: `["a",1e400,12345678901234567890]`,
	} {
		v, err := decodeLenient(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := string(raw(v)); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	deep := ""
	for range maxDepth + 1 {
		deep += "["
	}
	for _, in := range []string{"", "{", "{'a'", "{a:1}", "'", `{"a":1} {"b":2}`, deep} {
		if v, err := decodeLenient(in); err == nil {
			t.Errorf("%s: decoded to %v", in, v)
		}
	}
}

func FuzzDecodeLenient(f *testing.F) {
	for _, seed := range []string{`{'id':'5'}`, `{"a":["b",{'c':"d"}]}`, `'\`, `{'a\`, "[[[["} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		v, err := decodeLenient(in)
		if err != nil {
			return
		}
		if !json.Valid(raw(v)) {
			t.Errorf("%q: decoded to what is no JSON: %s", in, raw(v))
		}
		var strict any
		if json.Unmarshal([]byte(in), &strict) == nil && doubleQuoted(in) == in {
			if again, err := decode([]byte(in)); err != nil || string(raw(again)) != string(raw(v)) {
				t.Errorf("%q: lenient %s, strict %s (%v)", in, raw(v), raw(again), err)
			}
		}
	})
}
