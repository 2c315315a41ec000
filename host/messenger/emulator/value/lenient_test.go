package value

import (
	"encoding/json"
	"testing"
)

func TestLenient(t *testing.T) {
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
		v, err := Lenient(in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := string(Raw(v)); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	deep := ""
	for range maxDepth + 1 {
		deep += "["
	}
	for _, in := range []string{"", "{", "{'a'", "{a:1}", "'", `{"a":1} {"b":2}`, deep} {
		if v, err := Lenient(in); err == nil {
			t.Errorf("%s: decoded to %v", in, v)
		}
	}
}

func FuzzLenient(f *testing.F) {
	for _, seed := range []string{`{'id':'5'}`, `{"a":["b",{'c':"d"}]}`, `'\`, `{'a\`, "[[[["} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		v, err := Lenient(in)
		if err != nil {
			return
		}
		if !json.Valid(Raw(v)) {
			t.Errorf("%q: decoded to what is no JSON: %s", in, Raw(v))
		}
		var strict any
		if json.Unmarshal([]byte(in), &strict) == nil && doubleQuoted(in) == in {
			if again, err := Decode([]byte(in)); err != nil || string(Raw(again)) != string(Raw(v)) {
				t.Errorf("%q: lenient %s, strict %s (%v)", in, Raw(v), Raw(again), err)
			}
		}
	})
}
