package message

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestMessage(t *testing.T) {
	custom := ",!"
	dexter, ascii, short := Options{Mode: Dexter}, Options{Mode: ASCII}, Options{Mode: UTF8}
	tests := []struct {
		name    string
		options Options
		raw     string
		want    string
	}{
		{"L-NORM-1 runs of white space", dexter, "\t one \u00a0\u2003two\r\n\u0085three ", "one two three"},
		{"L-NORM-1 nothing but white space", dexter, " \n\t ", ""},
		{"L-NORM-2 capitals without context", dexter, "ÉCLAIR İΣ ΟΔΟΣ", "éclair iσ οδοσ"},
		{"L-NORM-2 composition", dexter, "Cafe\u0301", "caf\u00e9"},
		{"L-NORM-2 typographic quotes", short, "it’s “fine”", `it's "fine"`},
		{"L-NORM-2 invalid bytes", dexter, "a\xffb", "a\ufffdb"},
		{"L-NORM-4 ascii drops composed letters whole", ascii, "Cafe\u0301 au lait-2_3", "caf au lait23"},
		{"L-NORM-4 ascii drops everything else", ascii, "¡Olé!", "ol"},
		{"L-NORM-4 short list", short, `a\b <c> d.e,f!g?h;i:j (k) "l" m-n`, `ab c defghij (k) "l" m-n`},
		{"L-NORM-4 long list", dexter, "«Wait…» (no) [yes] ‘a’ 、b。 ؟c؛", "wait no yes a b c"},
		{"L-NORM-4 kept signs", dexter, "a-b_c@d#e$f%g&h/i+j=k*l~m{n}", "a-b_c@d#e$f%g&h/i+j=k*l~m{n}"},
		{"L-NORM-4 emoji", dexter, "tea 🍵!", "tea 🍵"},
		{"L-NORM-4 own list", Options{Mode: Dexter, Punctuation: &custom}, `wh\o, <m>e!?`, "who me?"},
		{"L-NORM-4 own list does not count in ascii mode", Options{Mode: ASCII, Punctuation: &custom}, "who, me!?", "who me"},
		{"L-NORM-5 blanks left by deletion", dexter, "a . b !", "a b"},
		{"L-NORM-5 nothing left", dexter, "?!", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := New(tt.options).Message(tt.raw)
			if got.String != tt.want {
				t.Errorf("Message(%q) = %q, want %q", tt.raw, got.String, tt.want)
			}
		})
	}
}

func TestOtherForms(t *testing.T) {
	subs := []Substitution{{"what's", "what is"}}
	ascii := New(Options{Mode: ASCII, Subs: subs})
	dexter := New(Options{Mode: Dexter, Subs: subs})
	tests := []struct{ name, got, want string }{
		{"L-NORM-6 internal texts keep underscore and hyphen", ascii.Internal("__Media-1__, what's!").String, "__media-1__ what is"},
		{"L-NORM-6 messages do not", ascii.Message("__Media-1__").String, "media1"},
		{"L-NORM-7 signs of the last reply", dexter.LastReply("#1: what's @home (50%)?").String, "1 what is home 50"},
		{"L-NORM-7 ascii mode", ascii.LastReply("A & B_c").String, "a bc"},
		{"L-NORM-8 nothing is deleted", dexter.Kept(" What's  Ann@Tea.Example? ").String, "what is ann@tea.example?"},
		{"L-TRIG-6 values", dexter.Value(" Earl  Grey! "), "earl grey"},
		{"L-TRIG-6 earlier replies", dexter.ReplyValue("Tea (#1)?"), "tea 1"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestForms(t *testing.T) {
	n := New(Options{Mode: Dexter})
	if f := n.Forms("A.b", false); f.Plain.String != "ab" || f.Kept.Classes != nil {
		t.Errorf("Forms without kept = %+v", f)
	}
	if f := n.Forms("A.b", true); f.Plain.String != "ab" || f.Kept.String != "a.b" {
		t.Errorf("Forms with kept = %+v", f)
	}
	if f := n.InternalForms("A_b.", true); f.Plain.String != "a_b" || f.Kept.String != "a_b." {
		t.Errorf("InternalForms with kept = %+v", f)
	}
}

func TestMaxRunes(t *testing.T) {
	n := New(Options{Mode: Dexter})
	long := strings.Repeat("äb ", MaxRunes)
	if got := utf8.RuneCountInString(n.Message(long).String); got > MaxRunes || got < MaxRunes-1 {
		t.Errorf("message of %d code points, want %d at most", got, MaxRunes)
	}
	if strings.HasSuffix(n.Message(long).String, " ") {
		t.Error("the cut leaves a blank at the end")
	}
	if got := n.LastReply(long).String; len(got) < len(long)-1 {
		t.Error("the last reply is cut")
	}
}

func TestFold(t *testing.T) {
	tests := []struct{ in, want string }{
		{"plain text", "plain text"},
		{"  Two  BLANKS\t", "  two  blanks\t"},
		{"“Ça va”, l’ÉTÉ", `"ça va", l'été`},
		{"e\u0301", "é"},
		{"\xff", "\ufffd"},
	}
	for _, tt := range tests {
		if got := Fold(tt.in); got != tt.want {
			t.Errorf("Fold(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// What is taken for composed is what NFC leaves as it is (L-NORM-2).
func TestComposed(t *testing.T) {
	composed := 0
	for r := rune(0); r <= utf8.MaxRune; r++ {
		s := string(r)
		if !utf8.ValidRune(r) || !isComposed(s) {
			continue
		}
		composed++
		if p := norm.NFC.PropertiesString(s); !p.BoundaryBefore() || norm.NFC.String(s) != s {
			t.Errorf("%U is taken for composed", r)
		}
	}
	if composed != 0x300+0x80 {
		t.Errorf("%d characters are taken for composed", composed)
	}
}

// Normalising what is normal already changes nothing (but that a mark may join the
// letter to which the deletion of characters has brought it), and the fast way for
// ASCII agrees with the general one.
func TestMessageProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mode := rapid.SampledFrom([]Mode{Dexter, ASCII, UTF8}).Draw(t, "mode")
		raw := rapid.StringOf(rapid.SampledFrom([]rune("aAzZ09_- \t\n.!?'\"()<>\\@#éÉß\u0301🍵\u200dя"))).Draw(t, "raw")
		n := New(Options{Mode: mode})
		once := n.Message(raw).String
		if twice := n.Message(once).String; twice != norm.NFC.String(once) {
			t.Fatalf("%q, then %q", once, twice)
		}
		if strings.Contains(once, "  ") || strings.TrimSpace(once) != once {
			t.Fatalf("%q has stray blanks", once)
		}
		general := string(n.message.apply(appendFoldedUnicode(nil, raw)))
		if general != once {
			t.Fatalf("fast way %q, general way %q", once, general)
		}
	})
}

func FuzzMessage(f *testing.F) {
	for _, s := range []string{"Hello, world!", "i am am", "\xff\xfe", "e\u0301\u200d ", strings.Repeat("a ", 3000)} {
		f.Add(s)
	}
	n := New(Options{Mode: Dexter, Subs: []Substitution{{"i am", "i'm"}, {"am", "pm"}, {":)", "smile"}}, Person: []Substitution{{"i", "you"}}})
	f.Fuzz(func(t *testing.T, s string) {
		for _, text := range []Text{n.Message(s), n.Kept(s), n.Internal(s), n.LastReply(s)} {
			if !utf8.ValidString(text.String) {
				t.Fatalf("%q is no UTF-8", text.String)
			}
			checkClasses(t, text)
		}
		if !utf8.ValidString(n.Person(s)) {
			t.Fatal("person text is no UTF-8")
		}
	})
}

func BenchmarkMessage(b *testing.B) {
	for name, raw := range map[string]string{
		"ascii":   "What is the Price of 3 bags of green tea, please?",
		"unicode": "Was kostet der Grüne Tee für zwölf Gäste, bitte?",
	} {
		n := New(Options{Mode: Dexter})
		b.Run(name, func(b *testing.B) {
			var s Scratch
			b.ReportAllocs()
			for b.Loop() {
				_ = s.Forms(n, raw, false)
			}
		})
	}
}
