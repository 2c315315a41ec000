package reply

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The bytes themselves are a contract with the emitter.
func TestWireForm(t *testing.T) {
	tests := []struct {
		name  string
		token Token
		want  string
	}{
		{"text", text("Hello"), "01000000 00000000 05000000 48656c6c 6f000000"},
		{"error", problem("E"), "02000000 00000000 01000000 45000000"},
		{"send", send, "03000000 00000000 00000000"},
		{"delay", kept(2000), "04000100 d0070000 00000000"},
		{"noreply", noreply, "05000000 00000000 00000000"},
		{"begin", begin(Person), "06050000 00000000 00000000"},
		{"end", end, "07000000 00000000 00000000"},
		{"shortcode", call("link", Arg{Text: "u"}, Arg{JSON: "[1]"}), "08000000 02000000 04000000 6c696e6b" +
			"10000000 01000000 00000000 11000000 00000000 01000000 75000000" +
			"10020000 01000000 00000000 11000000 00000000 03000000 5b315d00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := Append(nil, tt.token)
			if want := strings.ReplaceAll(tt.want, " ", ""); hex.EncodeToString(b) != want {
				t.Errorf("got  %x\nwant %s", b, want)
			}
			back, err := Decode(b)
			if diff := cmp.Diff([]Token{tt.token}, back); diff != "" || err != nil {
				t.Errorf("decoded: %v\n%s", err, diff)
			}
		})
	}
}

func drawToken(t *rapid.T) Token {
	switch k := Kind(rapid.IntRange(1, 8).Draw(t, "kind")); k {
	case Text, Error:
		return Token{Kind: k, Text: rapid.String().Draw(t, "text")}
	case Delay:
		return Token{Kind: k, Millis: rapid.IntRange(0, MaxDelayMillis).Draw(t, "millis"), NoCancel: rapid.Bool().Draw(t, "nocancel")}
	case Begin:
		return begin(Format(rapid.IntRange(1, 5).Draw(t, "format")))
	case Shortcode:
		tok := Token{Kind: k, Text: rapid.String().Draw(t, "name")}
		for range rapid.IntRange(0, 3).Draw(t, "args") {
			a := Arg{Text: rapid.String().Draw(t, "arg")}
			if rapid.Bool().Draw(t, "json") {
				a = Arg{JSON: quote(a.Text)}
			}
			tok.Args = append(tok.Args, a)
		}
		return tok
	default:
		return Token{Kind: k}
	}
}

func TestDecodeGivesBackWhatAppendWrote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tokens []Token
		var b []byte
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			tokens = append(tokens, drawToken(t))
			b = Append(b, tokens[len(tokens)-1])
		}
		back, err := Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tokens, back); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestDecodeRefuses(t *testing.T) {
	whole := Append(nil, call("link", Arg{Text: "u"}))
	tests := []struct {
		name, want string
		b          []byte
	}{
		{"half a header", "ends inside", []byte{1, 0, 0}},
		{"half a text", "ends inside", Append(nil, text("Hello"))[:14]},
		{"a text of four gigabytes", "ends inside", []byte{1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255}},
		{"an unknown kind", "unknown kind of record 9", []byte{9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
		{"an unknown format", "unknown format 6", []byte{6, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}},
		{"a missing argument", "announces 1 more", whole[:16]},
		{"a missing piece", "announces 1 more", whole[:28]},
		{"a text in the place of an argument", "place of an argument", append(Append(nil, call("x", Arg{}))[:16:16], Append(nil, text("aaaaaaaaaaaa"))...)},
		{"too much", "at most", make([]byte, MaxWireBytes+1)},
	}
	for _, tt := range tests {
		if _, err := Decode(tt.b); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error is %v, want one with %q", tt.name, err, tt.want)
		}
	}
}

func TestDecodeRaw(t *testing.T) { // what a script hands over: L-HTTP-3, L-EXT-4
	b := appendRecord(nil, byte(Shortcode), 0, 0, 2, "GET")
	b = appendRecord(b, recordArg, byte(TextArg), 0, 2, "")
	b = appendRecord(b, recordPiece, byte(AsIs), 0, 0, "na")
	b = appendRecord(b, recordPiece, byte(AsIs), 0, 0, "me")
	b = appendRecord(b, recordArg, byte(JSONArg), 0, 3, "")
	b = appendRecord(b, recordPiece, byte(AsIs), 0, 0, `{"a":"`)
	b = appendRecord(b, recordPiece, byte(InString), 0, 0, `"`)
	b = appendRecord(b, recordPiece, byte(AsIs), 0, 0, `", }`)
	b = appendRecord(b, byte(Shortcode), 0, 0, 0, "PUT")
	got, err := new(RawCalls).Decode(b)
	if err != nil || len(got) != 2 || got[0].Name != "GET" || got[1].Name != "PUT" || len(got[1].Args) != 0 {
		t.Fatalf("%+v %v", got, err)
	}
	if name, options := got[0].Args[0].Text(), got[0].Args[1].Text(); name != "name" || options != `{"a":"\"", }` {
		t.Errorf("name %q, options %q", name, options) // JSON need not be valid
	}
	for _, tt := range []struct {
		name, want string
		b          []byte
	}{
		{"a text", "place of a name", Append(nil, text("Hello"))},
		{"half of it", "ends inside", b[:14]},
		{"a missing argument", "announces 2 more", b[:28]},
		{"too much", "at most", make([]byte, MaxWireBytes+1)},
	} {
		if _, err := new(RawCalls).Decode(tt.b); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error is %v, want one with %q", tt.name, err, tt.want)
		}
	}
}

func TestDecodeClampsAndMends(t *testing.T) {
	b := appendRecord(nil, byte(Delay), 0, 0, MaxDelayMillis+1, "")
	b = appendRecord(b, byte(Text), 0, 0, 0, "a\xff")
	got, err := Decode(b)
	if diff := cmp.Diff([]Token{delay(MaxDelayMillis), text("a\ufffd")}, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
}

func TestShortcodeArguments(t *testing.T) {
	piece := func(f Fill, s string) Piece { return Piece{f, s} }
	tests := []struct {
		name string
		arg  RawArg
		want Arg
	}{
		{"L-SC-3 text stays text", RawArg{TextArg, []Piece{piece(AsIs, "[1]")}}, Arg{Text: "[1]"}},
		{"L-SC-3 a tag with data", RawArg{DataArg, []Piece{piece(AsIs, ` ["A","B, C"]`)}}, Arg{JSON: `["A","B, C"]`}},
		{"L-SC-3 a tag with something like data", RawArg{DataArg, []Piece{piece(AsIs, "[A]")}}, Arg{Text: "[A]"}},
		{"L-SC-3 a tag with a number", RawArg{DataArg, []Piece{piece(AsIs, "12")}}, Arg{Text: "12"}},
		{
			"L-SC-3 inside a string",
			RawArg{JSONArg, []Piece{piece(AsIs, `{"a":"`), piece(InString, "\"Ann\" \\ <b>\n\x01"), piece(AsIs, `"}`)}},
			Arg{JSON: `{"a":"\"Ann\" \\ <b>\n\u0001"}`},
		},
		{
			"L-SC-3 outside of a string",
			RawArg{JSONArg, []Piece{piece(AsIs, `[`), piece(AsValue, "true"), piece(AsIs, `,`), piece(AsValue, "so so"), piece(AsIs, `]`)}},
			Arg{JSON: `[true,"so so"]`},
		},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(call("x", tt.want), NewShortcode("x", []RawArg{tt.arg})); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
	broken := NewShortcode("x", []RawArg{{JSONArg, []Piece{piece(AsIs, "{")}}})
	if broken.Kind != Error || !strings.HasPrefix(broken.Text, "[JSEXTRACTOR_ERROR: ") {
		t.Errorf("L-SC-5 broken JSON gives %+v", broken)
	}
}

func FuzzDecode(f *testing.F) {
	for _, t := range []Token{text("Hello"), kept(3), begin(Formal), call("link", Arg{Text: "u"}, Arg{JSON: "[1]"})} {
		f.Add(Append(nil, t))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if calls, err := new(RawCalls).Decode(b); err == nil {
			for _, call := range calls {
				_ = NewShortcode(call.Name, call.Args)
			}
		}
		tokens, err := Decode(b)
		if err != nil {
			return
		}
		var again []byte
		for _, tok := range tokens {
			again = Append(again, tok)
		}
		back, err := Decode(again)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tokens, back); diff != "" {
			t.Fatal(diff)
		}
		_ = Flatten(tokens, nil)
		_ = Finish(tokens, Options{})
	})
}
