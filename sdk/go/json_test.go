package direction

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestJSONValues(t *testing.T) {
	v, err := ParseJSON([]byte(` {"list": [1, "zwei", true, null, {"a": -2.5e1}], "list2": [], "a": 1, "a": 2, "é\u00e9\ud83d\ude00": "\n\u0000"} `))
	if err != nil {
		t.Fatal(err)
	}
	list := v.Get("list")
	if list.Len() != 5 || list.At(1).Text() != "zwei" || !list.At(2).Boolean() || !list.At(3).Exists() || list.At(5).Exists() || list.At(-1).Exists() {
		t.Errorf("the list reads as %+v", list)
	}
	if n, ok := list.At(4).Get("a").Number(); !ok || n != -25 {
		t.Errorf("-2.5e1 reads as %v, %v", n, ok)
	}
	if got := v.Get("a").Text(); got != "2" {
		t.Errorf("of two equal keys %s is read, not the last", got)
	}
	if got := v.Get("éé😀").Text(); got != "\n\x00" {
		t.Errorf("escapes read as %q", got)
	}
	if v.Get("list", "a", "b").Exists() || v.Get("list").Boolean() || v.Get("none").Text() != "" {
		t.Error("what is not there is there")
	}
	if got := v.Keys(); len(got) != 5 || got[1] != "list2" {
		t.Errorf("the keys are %q", got)
	}
	if _, ok := list.At(1).Number(); ok {
		t.Error("zwei is a number")
	}
}

func TestJSONFaults(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{``, "a value is missing at byte 0"},
		{`{"a":1,}`, "a comma too many at byte 7"},
		{`[1 2]`, "a comma is missing at byte 3"},
		{`{1:2}`, "a key is missing at byte 1"},
		{`{"a" 1}`, "a colon is missing at byte 5"},
		{`[1`, "it ends too early at byte 2"},
		{`"a`, "a text does not end at byte 2"},
		{`"a\`, "a text does not end at byte 2"},
		{`"\x"`, "an unknown escape at byte 2"},
		{`"\u12g4"`, "four hexadecimal digits are missing at byte 3"},
		{"\"\n\"", "a control character in a text at byte 1"},
		{`01`, "this is no number at byte 2"},
		{`1.`, "a digit is missing at byte 2"},
		{`1e`, "a digit is missing at byte 2"},
		{`truth`, "no value begins like this at byte 0"},
		{`1 1`, "more after the value at byte 2"},
		{strings.Repeat("[", 100), "too deep at byte 65"},
	} {
		if _, err := ParseJSON([]byte(tt.in)); err == nil || err.Error() != "json: "+tt.want {
			t.Errorf("%s: %v, want %s", tt.in, err, tt.want)
		}
	}
}

// plain is a value as encoding/json has it.
func (j JSON) plain() any {
	switch j.kind {
	case jsonNull:
		return nil
	case jsonTrue, jsonFalse:
		return j.Boolean()
	case jsonNumber:
		return json.Number(j.text)
	case jsonText:
		return j.text
	case jsonList:
		list := make([]any, len(j.list))
		for i, e := range j.list {
			list[i] = e.plain()
		}
		return list
	}
	object := map[string]any{}
	for i, key := range j.keys {
		object[key] = j.list[i].plain()
	}
	return object
}

// FuzzJSON: we read what encoding/json reads, and nothing else.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-0.5e+3,"\ud83d\ude00\ud83dx",null,true]}`, `[[]]`, "\"\xff\"", `""`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := ParseJSON(data)
		if err != nil && strings.Contains(err.Error(), "too deep") {
			return
		}
		d := json.NewDecoder(strings.NewReader(string(data)))
		d.UseNumber()
		var want any
		stdlib := json.Valid(data)
		if stdlib != (err == nil) {
			t.Fatalf("%q: %v, encoding/json says %v", data, err, stdlib)
		}
		if !stdlib {
			return
		}
		if err := d.Decode(&want); err != nil {
			t.Skip(err)
		}
		if utf8.Valid(data) && !reflect.DeepEqual(v.plain(), want) {
			t.Fatalf("%q reads as %v, not %v", data, v.plain(), want)
		}
	})
}

// FuzzQuote: what we write, encoding/json reads again.
func FuzzQuote(f *testing.F) {
	f.Add("a\"\\\n\x01é\xff")
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		if err := json.Unmarshal([]byte(Quote(s)), &got); err != nil || got != strings.ToValidUTF8(s, "\uFFFD") && utf8.ValidString(s) {
			t.Fatalf("%q is written as %s: %q, %v", s, Quote(s), got, err)
		}
		if v, err := ParseJSON([]byte(Quote(s))); err != nil || v.Text() != got {
			t.Fatalf("%s reads as %q, %v", Quote(s), v.Text(), err)
		}
	})
}

func TestManifest(t *testing.T) {
	p := Plugin{
		Version: "1.2", Description: `says "a"`, Stateless: true, Time: 100, Memory: 1 << 20,
		Directions: []Direction{
			{Name: "a", Form: FormBlock, Attributes: []Attribute{
				{Name: "n", Kind: KindInteger, Required: true, Min: "-1", Max: "2"},
				{Name: "c", Kind: KindChoice, Choices: []string{"x", "y"}, Default: "x", Description: "which"},
			}},
			{Name: "b"},
		},
		Wants: []Want{{CanHTTP, []string{"api.example"}, "to ask"}, {CanLog, nil, "to tell"}},
	}
	const want = `{"version":"1.2","minor":0,"description":"says \"a\"","stateless":true,"time":100,"memory":1048576,` +
		`"directions":[{"name":"a","form":"block","attributes":[{"name":"n","kind":"integer","required":true,"min":-1,"max":2},` +
		`{"name":"c","kind":"choice","default":"x","choices":["x","y"],"description":"which"}]},{"name":"b"}],` +
		`"wants":[{"capability":"http","items":["api.example"],"reason":"to ask"},{"capability":"log","reason":"to tell"}]}`
	if got := string(Perform(&p, nil, opDescribe, nil)); got != want {
		t.Errorf("the manifest is\n%s\nnot\n%s", got, want)
	}
}

func TestAttributes(t *testing.T) {
	d := Direction{Name: "d", Attributes: []Attribute{
		{Name: "i", Kind: KindInteger}, {Name: "n", Kind: KindNumber}, {Name: "b", Kind: KindBoolean}, {Name: "t"},
	}}
	call := func(attributes string) *Call {
		c := &Call{direction: &d}
		if _, err := c.read(`{"attributes":` + attributes + `}`); err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := call(`{"i": 3, "n": 2.5, "b": true, "t": "x"}`)
	if c.Integer("i") != 3 || c.Number("i") != 3 || c.Number("n") != 2.5 || !c.Boolean("b") || c.Text("t") != "x" || !c.Has("t") || c.Text("n") != "2.5" {
		t.Errorf("attributes read wrong: %+v", c)
	}
	c = call(`{}`)
	if c.Integer("i") != 0 || c.Number("n") != 0 || c.Boolean("b") || c.Text("t") != "" || c.Has("t") {
		t.Error("attributes that are not there have values")
	}
	for text, want := range map[string]int64{"1e3": 1000, "9e99": 1<<63 - 1, "-9e99": -1 << 63, "99999999999999999999": 1<<63 - 1} {
		if got := call(`{"i":` + text + `}`).Integer("i"); got != want {
			t.Errorf("%s reads as %d", text, got)
		}
	}
	for name, wrong := range map[string]func(*Call){
		"declares no attribute x":                  func(c *Call) { c.Text("x") },
		"attribute t is declared as text, not as":  func(c *Call) { c.Integer("t") },
		"attribute n is declared as number, not a": func(c *Call) { c.Boolean("n") },
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, name) {
					t.Errorf("panics with %q, not %q", got, name)
				}
			}()
			wrong(c)
		}()
	}
}

func TestPerformRefuses(t *testing.T) {
	p := Plugin{Directions: []Direction{{Name: "a"}}}
	for in, want := range map[string]string{
		`{"name":"b"}`:         `{"error":"this plug-in has no direction b"}`,
		`{`:                    `{"error":"json: it ends too early at byte 1"}`,
		`[]`:                   `{"error":"json: a call is missing at byte 0"}`,
		`{"attributes":{"a"}}`: `{"error":"json: a colon is missing at byte 18"}`,
	} {
		if got := string(Perform(&p, nil, opRun, []byte(in))); got != want {
			t.Errorf("%s: %s, not %s", in, got, want)
		}
	}
}

func TestEscape(t *testing.T) {
	if got := Escape("São Paulo/a&b=c~-_.%"); got != "S%C3%A3o%20Paulo%2Fa%26b%3Dc~-_.%25" {
		t.Errorf("it is written as %s", got)
	}
}

// TestDice: all numbers of a small range come, and none outside.
func TestDice(t *testing.T) {
	c := &Call{host: counting{n: new(uint64)}}
	seen := map[int]int{}
	for range 6000 {
		seen[c.Dice(6)]++
	}
	for i := range 6 {
		if seen[i] < 900 || len(seen) != 6 {
			t.Errorf("%d came %d times in 6000; all: %v", i, seen[i], seen)
		}
	}
	if c.Dice(0) != 0 || c.Dice(-1) != 0 || c.Dice(1) != 0 {
		t.Error("a die without sides shows something")
	}
}

// counting is a host whose random bytes are the hashes of 1, 2, 3 and so on.
type counting struct {
	Host
	n *uint64
}

func (h counting) Random(p []byte) {
	*h.n++
	z := *h.n * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	for i := range p {
		p[i] = byte(z >> (8 * i))
	}
}

func BenchmarkPerform(b *testing.B) {
	p := Plugin{Directions: []Direction{{
		Name: "hello", Attributes: []Attribute{{Name: "to"}},
		Run: func(c *Call) (string, error) { return "Hello, " + c.Text("to") + "!", nil },
	}}}
	in := `{"name":"hello","attributes":{"to":"Ann"}}`
	s := server{plugin: &p}
	b.ReportAllocs()
	for b.Loop() {
		s.perform(nil, opRun, in)
	}
}
