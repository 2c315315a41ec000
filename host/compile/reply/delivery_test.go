package reply

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestDelivery(t *testing.T) { // L-JS-7
	text := func(s string) Token { return Token{Kind: Text, Text: s} }
	call := func(name string, args ...Arg) Token { return Token{Kind: Shortcode, Text: name, Args: args} }
	problem := func(s string) Token { return Token{Kind: Error, Text: s} }
	for result, want := range map[string][]Token{
		"":                                  nil,
		"plain":                             {text("plain")},
		"a <send> b<CHAT>c":                 {text("a "), {Kind: Send}, text(" b"), {Kind: Send}, text("c")},
		"<send now> <noreply x>":            {text("<send now> <noreply x>")},
		"<noreply>":                         {{Kind: NoReply}},
		"<delay seconds=2>":                 {{Kind: Delay, Millis: 2000}},
		`<Delay nocancel Seconds="1.5" >x`:  {{Kind: Delay, Millis: 1500, NoCancel: true}, text("x")},
		"<delay seconds='500' nodelay>":     {{Kind: Delay, Millis: 120_000, NoCancel: true}},
		"<delay seconds=soon>":              {{Kind: Delay}},
		"<delay>":                           {text("<delay>")},
		"<delay nocancel>":                  {text("<delay nocancel>")},
		"<send":                             {text("<send")},
		"< send>":                           {text("< send>")},
		"</send> <sender> 1 < 2":            {text("</send> <sender> 1 < 2")},
		"<get x> {@ a} {topic=t} <set x=1>": {text("<get x> {@ a} {topic=t} <set x=1>")},
		`\<send> \^typing() \\ \n \# \`:     {text(`<send> ^typing() \ \n \# \`)},
		"^typing()":                         {call("typing")},
		"x^typing() é^typing() _^typing()":  {text("x^typing() é^typing() _^typing()")},
		`^buttons("A, B",C d , "x"y)`:       {call("buttons", Arg{Text: "A, B"}, Arg{Text: "C d"}, Arg{Text: `"x"y`})},
		`^buttons("say \"hi\"", 'it\'s', “a”)`:  {call("buttons", Arg{Text: `say "hi"`}, Arg{Text: "it's"}, Arg{Text: "a"})},
		`^buttons('a, 'b', “c, “d” e, “f”)`:     {call("buttons", Arg{Text: "'a"}, Arg{Text: "b"}, Arg{Text: "“c"}, Arg{Text: "“d” e"}, Arg{Text: "f"})},
		`^image("a\\b\<c") ^image(a\^b)`:        {call("image", Arg{Text: `a\b<c`}), text(" "), call("image", Arg{Text: "a^b"})},
		`^template({"a":"x\\)"} )!`:             {call("template", Arg{JSON: `{"a":"x\\)"}`}), text("!")},
		`^buttons(["a","b"], f(x, y), {"c":1})`: {call("buttons", Arg{JSON: `["a","b"]`}, Arg{Text: "f(x, y)"}, Arg{JSON: `{"c":1}`})},
		"^nope(1)":                              {problem("[SHORTCODE_ERROR: Unrecognized feature: nope]")},
		"^image()":                              {problem("[SHORTCODE_ERROR: image needs 1 argument, not 0]")},
		"^image(u":                              {problem("[JSEXTRACTOR_ERROR: the closing parenthesis is missing]")},
		"^ ^1() ^(a) ^^typing()":                {text("^ ^1() ^(a) ^"), call("typing")},
	} {
		if diff := cmp.Diff(want, Delivery(result), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", result, diff)
		}
	}
}

func TestNotation(t *testing.T) { // L-JS-6: what rs.reply gives
	got := Notation([]Token{
		{Kind: Text, Text: `1 < 2 \ ^typing() ok`},
		{Kind: Shortcode, Text: "buttons", Args: []Arg{{Text: `a "b" <send>`}, {JSON: `["x"]`}}},
		{Kind: Delay, Millis: 1500, NoCancel: true},
		{Kind: Begin, Format: Uppercase},
		{Kind: Text, Text: "loud"},
		{Kind: End},
		{Kind: Send},
		{Kind: Error, Text: "[ERR]"},
		{Kind: NoReply},
	}, nil)
	want := `1 \< 2 \\ \^typing() ok ^buttons("a \"b\" \<send>", ["x"])<delay seconds=1.5 nocancel>LOUD<send>[ERR]<noreply>`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestNotationIsRead: what Notation writes comes out of Delivery as the same parts.
func TestNotationIsRead(t *testing.T) {
	word := rapid.StringOfN(rapid.SampledFrom([]rune(`ab <>^\"'(),[]{}=sendé`)), 0, 12, -1)
	token := rapid.Custom(func(t *rapid.T) Token {
		switch k := rapid.SampledFrom([]Kind{Text, Send, Delay, NoReply, Shortcode}).Draw(t, "kind"); k {
		case Text:
			return Token{Kind: Text, Text: word.Draw(t, "text") + "x"}
		case Delay:
			return Token{Kind: Delay, Millis: rapid.IntRange(0, MaxDelayMillis).Draw(t, "millis"), NoCancel: rapid.Bool().Draw(t, "nocancel")}
		case Shortcode:
			args := []Arg{{Text: word.Draw(t, "arg")}}
			if rapid.Bool().Draw(t, "data") {
				args = append(args, Arg{JSON: `[")", "\\"]`})
			}
			return Token{Kind: Shortcode, Text: "buttons", Args: args}
		default:
			return Token{Kind: k}
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		tokens := rapid.SliceOfN(token, 0, 6).Draw(t, "tokens")
		notation := Notation(tokens, nil)
		want, got := Finish(tokens, Options{}), Finish(Delivery(notation), Options{})
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", notation, diff)
		}
	})
}

// FuzzDelivery: any text is read, literal text is not lost, and what was escaped
// comes out as it went in.
func FuzzDelivery(f *testing.F) {
	for _, seed := range []string{"a <send> b", `^buttons("A", [1])`, `<delay seconds="2" nocancel>`, `\<\^\\`, "^image(", "é^x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, token := range Delivery(s) {
			if token.Kind == Text && token.Text == "" || token.Kind < Text || token.Kind > Shortcode {
				t.Fatalf("%q: token %+v", s, token)
			}
		}
		if !strings.ContainsAny(s, `\<^`) {
			if got := Flatten(Delivery(s), nil); got != s {
				t.Fatalf("%q reads as %q", s, got)
			}
		}
		if got := Flatten(Delivery(escapes.Replace(s)), nil); got != s {
			t.Fatalf("%q, escaped, reads as %q", s, got)
		}
	})
}
