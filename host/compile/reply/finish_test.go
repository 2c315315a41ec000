package reply

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func text(s string) Token              { return Token{Kind: Text, Text: s} }
func problem(s string) Token           { return Token{Kind: Error, Text: s} }
func delay(millis int) Token           { return Token{Kind: Delay, Millis: millis} }
func kept(millis int) Token            { return Token{Kind: Delay, Millis: millis, NoCancel: true} }
func begin(f Format) Token             { return Token{Kind: Begin, Format: f} }
func call(name string, a ...Arg) Token { return Token{Kind: Shortcode, Text: name, Args: a} }

var (
	send    = Token{Kind: Send}
	noreply = Token{Kind: NoReply}
	end     = Token{Kind: End}
)

// render writes parts in a line: "(2s) text ^name | next".
func render(parts []Part) string {
	var all []string
	for _, p := range parts {
		var words []string
		if p.Delay != 0 {
			words = append(words, fmt.Sprintf("(%v)", p.Delay))
		}
		if p.NoCancel {
			words = append(words, "!")
		}
		if p.Text != "" {
			words = append(words, p.Text)
		}
		for _, c := range p.Shortcodes {
			words = append(words, "^"+c.Name)
		}
		all = append(all, strings.Join(words, " "))
	}
	return strings.Join(all, " | ")
}

func TestParts(t *testing.T) {
	tests := []struct {
		name   string
		tokens []Token
		want   string
	}{
		{"nothing", nil, ""},
		{"L-SEND-1 cuts", []Token{text("one "), send, text(" two")}, "one | two"},
		{"L-TEXT-2 empty parts go", []Token{send, text("one"), send, text(" \n"), send, text("two"), send}, "one | two"},
		{"L-DELAY-1 at the start", []Token{delay(2000), text("one")}, "(2s) one"},
		{"L-DELAY-1 behind a blank", []Token{text(" "), delay(2000), text("one")}, "(2s) one"},
		{"L-DELAY-1 in the middle", []Token{text("one"), delay(500), text("two")}, "one | (500ms) two"},
		{"L-DELAY-1 adds up", []Token{text("one"), delay(2000), delay(3000), text("two")}, "one | (5s) two"},
		{"L-DELAY-1 behind a shortcode", []Token{call("image"), delay(1000), text("x")}, "^image | (1s) x"},
		{"L-TEXT-2 a dropped part leaves its delay", []Token{text("three"), delay(4000), send, text("four")}, "three | (4s) four"},
		{"L-TEXT-2 a delay at the end goes", []Token{text("one"), delay(4000)}, "one"},
		{"L-DELAY-5 up to the next delay", []Token{text("1"), kept(2000), text("2"), send, text("3"), delay(1000), text("4")}, "1 | (2s) ! 2 | ! 3 | (1s) 4"},
		{"L-SC-1 text around stays together", []Token{text("Which "), call("buttons"), text(" one?")}, "Which one? ^buttons"},
		{"L-SC-1 each in its part", []Token{call("image"), text("a"), send, text("b"), call("buttons"), call("link")}, "a ^image | b ^buttons ^link"},
		{"L-SC-6 metadata alone is empty", []Token{call("metadata"), delay(1000), text("x")}, "(1s) x"},
		{"L-SC-6 metadata beside text", []Token{text("x"), call("metadata")}, "x ^metadata"},
		{"L-ERR-3 errors stand inline", []Token{text("a "), problem("[ERR]"), text(" b")}, "a [ERR] b"},
		{"L-TEXT-1 blanks", []Token{text("  a \t b "), text(" \n  c\u00a0")}, "a b\nc"},
		{"L-TEXT-1 empty lines stay", []Token{text("a \n \n b")}, "a\n\nb"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := render(Finish(tt.tokens, Options{}).Parts); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestReplyTexts(t *testing.T) {
	tests := []struct {
		name   string
		tokens []Token
		want   Reply // without parts
	}{
		{"L-TEXT-3 parts joined", []Token{text("one "), send, call("image"), send, text("two")}, Reply{Text: "one two", Last: "two"}},
		{"L-HIST-2 without errors", []Token{text("one "), problem("[E]"), text(" more"), send, problem("[E]")}, Reply{Text: "one more", Last: "one more"}},
		{
			"L-NOREPLY-1 actions still happen",
			[]Token{text("x"), noreply, call("unsubscribe"), call("image")},
			Reply{Silent: true, Actions: []Call{{Name: "unsubscribe"}}},
		},
		{
			"L-SC-4 actions belong to the turn",
			[]Token{text("x"), call("reminderCancel", Arg{Text: "n"}), call("notifyAgent")},
			Reply{Text: "x", Last: "x", Actions: []Call{{Name: "reminderCancel", Args: []Arg{{Text: "n"}}}, {Name: "notifyAgent"}}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Finish(tt.tokens, Options{})
			if tt.want.Silent && len(got.Parts) > 0 {
				t.Errorf("silent, but %d parts", len(got.Parts))
			}
			got.Parts = nil
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHideErrors(t *testing.T) { // L-ERR-2
	tokens := []Token{text("one "), problem("[E]"), text(" two"), send, problem("[E]"), delay(1000), text("three")}
	got := Finish(tokens, Options{HideErrors: true})
	if want := "one two | (1s) three"; render(got.Parts) != want {
		t.Errorf("got %s, want %s", render(got.Parts), want)
	}
	shown := Finish(tokens, Options{})
	if !shown.Parts[0].Problem || !shown.Parts[1].Problem || shown.Parts[2].Problem {
		t.Errorf("problems are marked wrongly: %+v", shown.Parts)
	}
}

func TestMaxParts(t *testing.T) { // L-LIM-1
	var tokens []Token
	for i := range MaxParts + 3 {
		tokens = append(tokens, text(fmt.Sprint(i)), send)
	}
	got := Finish(tokens, Options{})
	if len(got.Parts) != MaxParts || got.Dropped != 3 || got.Last != "19" {
		t.Errorf("%d parts, %d dropped, last %q", len(got.Parts), got.Dropped, got.Last)
	}
}

func TestFormats(t *testing.T) {
	person := func(s string) string { return strings.ReplaceAll(s, "my", "your") }
	tests := []struct {
		name   string
		tokens []Token
		want   string
	}{
		{"L-TAG-8 uppercase is full", []Token{begin(Uppercase), text("straße"), end}, "STRASSE"},
		{"L-TAG-8 lowercase is simple", []Token{begin(Lowercase), text("ÄΣ İ"), end}, "äσ i"},
		{"L-TAG-8 formal", []Token{begin(Formal), text("hello mcDONALD élan"), end}, "Hello McDONALD Élan"},
		{"L-TAG-8 formal over tokens", []Token{begin(Formal), text("te"), text("a b"), text("ag"), end}, "Tea Bag"},
		{"L-TAG-8 sentence", []Token{begin(Sentence), text(" "), text("émile. foo"), end}, "Émile. foo"},
		{"L-TAG-8 title case of ligatures", []Token{begin(Formal), text("ǆ ß ﬁn"), end}, "ǅ Ss Fin"},
		{"L-TAG-8 nothing", []Token{text("["), begin(Formal), end, text("]")}, "[]"},
		{"L-TAG-8 inner first", []Token{begin(Uppercase), text("a "), begin(Lowercase), text("B"), end, text(" c"), end}, "A B C"},
		{"L-TAG-8 formal of lowercase", []Token{begin(Formal), begin(Lowercase), text("FOO BAR"), end, end}, "Foo Bar"},
		{"L-TAG-8 errors are left alone", []Token{begin(Lowercase), text("X "), problem("[ERR: No]"), text(" Y"), end}, "x [ERR: No] y"},
		{"L-TAG-8 a word goes on behind an error", []Token{begin(Formal), problem("[e]"), text("x y"), end}, "[e]x Y"},
		{"L-TAG-8 shortcodes are left alone", []Token{begin(Uppercase), text("a"), call("buttons", Arg{Text: "b"}), text("c"), end}, "AC ^buttons"},
		{"L-TAG-8 over a cut", []Token{begin(Formal), text("ab"), send, text("cd"), end}, "Ab | Cd"},
		{"L-TAG-9 person", []Token{begin(Person), text("m"), text("y tea"), end, text(" my")}, "your tea my"},
		{"a block without end", []Token{text("a"), begin(Uppercase), text("b")}, "aB"},
		{"an end without block", []Token{text("a"), end, text("b")}, "ab"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := render(Finish(tt.tokens, Options{Person: person}).Parts); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// TestFormatsOnce: a text is formatted as one, however many pieces it has, and none of them
// for itself: what a reply costs grows with it, and no faster.
func TestFormatsOnce(t *testing.T) {
	calls := 0
	person := func(s string) string { calls++; return s }
	tokens := []Token{begin(Person), text("a"), noreply, text("b"), call("image"), text("c"), send, text("d"), text("e"), end}
	Finish(tokens, Options{Person: person})
	if calls != 2 {
		t.Errorf("%d calls for two texts", calls)
	}
}

func TestFlatten(t *testing.T) { // L-EVAL-6
	tests := []struct {
		name   string
		tokens []Token
		want   string
	}{
		{"nothing", nil, ""},
		{"one text as it is", []Token{text(" a  b ")}, " a  b "},
		{"texts", []Token{text("a "), text("b")}, "a b"},
		{"an error counts with its text", []Token{text("a "), problem("[E]")}, "a [E]"},
		{"parts", []Token{text("one "), send, text(" "), delay(5), text(" two "), call("buttons"), noreply}, "one two"},
		{"formats", []Token{begin(Formal), text("ann bo"), end, text("!")}, "Ann Bo!"},
	}
	for _, tt := range tests {
		if got := Flatten(tt.tokens, nil); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestPartDelayUnit(t *testing.T) {
	got := Finish([]Token{delay(1500), text("x")}, Options{}).Parts[0].Delay
	if got != 1500*time.Millisecond {
		t.Errorf("delay is %v", got)
	}
}

// What is found to be clean is what cleaning leaves alone (L-TEXT-1).
func TestCleanTextsStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune(" \t\n\n\u00a0aé"))).Draw(t, "text")
		want := cleaned(text)
		if got := clean(text); got != want {
			t.Fatalf("%q becomes %q, want %q", text, got, want)
		}
		if isClean(text) != (want == text) {
			t.Fatalf("%q is clean: %v", text, isClean(text))
		}
	})
}
