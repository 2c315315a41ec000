package syntax_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Broken JSON is told in plain words, and at the very place.
func TestBrokenJSON(t *testing.T) {
	for _, tt := range []struct{ json, at, says string }{
		{`{"a":}`, "}", `"}" stands where a value should stand; texts need double quotes`},
		{`{"a":1,}`, "}", `"}" stands where a name in double quotes should stand`},
		{`{'a':1}`, "'", `"'" stands where a name in double quotes should stand`},
		{`{"a" 1}`, "1", `"1" stands where ":" should stand`},
		{`{"a":1 "b":2}`, `"`, `a double quote stands where "," or "}" should stand`},
		{`[1 2]`, "2", `"2" stands where "," or "]" should stand`},
		{`{"a":tru}`, "}", `"}" stands inside true, false or null`},
		{`{"a":1} b`, "b", `"b" stands behind its end`},
		{`{"a":"\q"}`, "q", `"q" stands behind a backslash`},
		{`{"a":1.}`, "}", `"}" stands behind the point of a number`},
		{`[<get x> <get y>]`, "<", `a tag stands where "," or "]" should stand`},
		{`{"a":"<get name> and","b":oops}`, "o", `"o" stands where a value should stand; texts need double quotes`},
	} {
		_, found := syntax.Parse(source.New("default.topic", []byte("+ a\n- x ^metadata("+tt.json+")\n")))
		if len(found) != 1 {
			t.Errorf("%s: %v", tt.json, found)
			continue
		}
		d := found[0]
		if got := d.Span.Text(); got != tt.at || !strings.HasSuffix(d.Message, "the JSON is broken: "+tt.says) {
			t.Errorf("%s: at %q: %s", tt.json, got, d.Message)
		}
	}
}

// tagged are texts with tags in braces.
var tagged = regexp.MustCompile(`(?i)\{(@|ok|/?random|/?formal|/?sentence|/?uppercase|/?lowercase|/?person|topic=|weight=)`)

// FuzzJSON holds the reader of JSON against the standard one: without tags in it, what
// is JSON there is JSON here, and is kept as it is.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{`{}`, `{"a":[1,2,{"b":null}]}`, `[")",")"]`, `{"a":"\\\""}`, `[1e5,-0.1]`, `{"a":}`, `["x`, `{"a":"b"}}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" || text[0] != '{' && text[0] != '[' || strings.ContainsAny(text, "<$^(\n\r/") || tagged.MatchString(text) {
			return
		}
		file := source.New("default.topic", []byte("+ a\n- ^metadata("+text+")\n"))
		doc, _ := syntax.Parse(file)
		want := json.Valid([]byte(text))
		for _, b := range doc.Blocks {
			for _, trigger := range b.Triggers {
				for _, n := range trigger.Replies[0].Template.Nodes {
					if n.Kind != syntax.ShortcodeNode {
						continue
					}
					got := n.Shortcode.Problem == ""
					if want && !got {
						t.Errorf("%q is JSON, and refused: %s", text, n.Shortcode.Problem)
					}
					var kept strings.Builder
					for _, p := range n.Shortcode.JSON {
						kept.WriteString(p.Text)
					}
					if want && file.Text == "+ a\n- ^metadata("+text+")\n" && kept.String() != text {
						t.Errorf("%q became %q", text, kept.String())
					}
				}
			}
		}
	})
}

// FuzzArguments has shortcodes with any arguments, behind any text, in one reply:
// whatever they are, every place is inside the document, and nothing is lost when
// they are whole.
func FuzzArguments(f *testing.F) {
	for _, text := range []string{"A, B", `"a, b", 'c)', “d”`, "(a[b{c}d]e)", `"a\"b" x, y`, "<get x>, {random}a|b{/random}", "a", "", ", ,"} {
		f.Add(text, "Tea? ")
	}
	f.Fuzz(func(t *testing.T, arguments, before string) {
		sound(t, []byte("+ a\n- "+before+"^buttons("+arguments+") and ^image("+arguments+")\n$ GET https://a.example/"+arguments+" {\"body\": \""+before+"\"}\n"))
	})
}
