package workshop

import (
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/direction"
)

func TestReadCases(t *testing.T) {
	cases, err := ReadCases([]byte(`[{"tag": " <hello> ", "http": [{"request": "GET https://a.example/*", "json": {"n": 1}}]}]`))
	if err != nil {
		t.Fatal(err)
	}
	c := cases[0]
	if c.Name != "<hello>" || c.Now != noon || c.Person == "" || c.HTTP[0].Status != 200 || c.HTTP[0].Body != `{"n": 1}` {
		t.Errorf("what was left out is %+v", c)
	}
	for _, tt := range []struct{ name, text, want string }{
		{"no JSON", "[\n{\n]", "line 3: it is not JSON"},
		{"no list", `{"tag": "<x>"}`, "it is no list of cases"},
		{"an unknown field", `[{"tag": "<x>"}, {"tags": 1}]`, `case 2: unknown field "tags"`},
		{"another type", `[{"tag": "<x>", "vars": ["a"]}]`, "case 1: vars has to be an object, and is a list"},
		{"another type further in", `[{"tag": "<x>", "expect": {"text": 3}}]`, "case 1: expect.text has to be a text, and is a number"},
		{"no object", `["<x>"]`, "case 1: it has to be an object"},
		{"no number", `[{"tag": "<x>", "seed": "many"}]`, "case 1: seed has to be a whole number, and is a text"},
		{"no time", `[{"tag": "<x>", "now": "noon"}]`, `case 1: now is "noon"; write a time such as`},
		{"an end too early", "[{\"tag\": \"<x>\"}\n", "line 1: it is not JSON"},
		{"no tag", `[{"name": "x"}]`, "case 1: there is no tag"},
		{"a line break", `[{"tag": "<x>\n"}, {"tag": "<x\n>"}]`, "case 2: the tag has a line break"},
		{"no method", `[{"tag": "<x>", "http": [{"request": "https://a.example"}]}]`, "write a method and an address"},
		{"no capability", `[{"tag": "<x>", "granted": ["gold"]}]`, `"gold" is no capability`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ReadCases([]byte(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func FuzzReadCases(f *testing.F) {
	f.Add([]byte(`[{"name": "a", "tag": "<x>", "now": "2026-01-02T10:00:00Z", "vars": {"a": "b"}, "expect": {"text": "", "effects": []}}]`))
	f.Add([]byte(`[{"tag": "<x>", "http": [{"request": "GET http://a/", "json": [1]}], "granted": []}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		cases, err := ReadCases(data)
		if err != nil && err.Error() == "" {
			t.Error("an error says nothing")
		}
		for _, c := range cases {
			if err := c.check(); err != nil { // a case that was read is a good one
				t.Error(err)
			}
		}
	})
}

func TestSettings(t *testing.T) {
	got := Settings([]direction.Want{
		{Capability: "log"},
		{Capability: "http", Items: []string{"a.example"}},
		{Capability: "clock"},
		{Capability: "config", Items: []string{"city"}},
		{Capability: "read", Items: []string{"name"}},
	})
	want := []string{`grant = ["log", "clock"]`, `hosts = ["a.example"]`, `config = {city = "…"}`, `read = ["name"]`}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestNames(t *testing.T) {
	if got := named("func TestNewdirection() // <newdirection>", "table-lamp"); got != "func TestTableLamp() // <table-lamp>" {
		t.Error(got)
	}
}
