package prose

import (
	"strings"
	"testing"
	"unicode"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"
)

func TestSplitPrefers(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		limit      int
		want       []string
	}{
		{"short text stays", "Hello there.", 20, []string{"Hello there."}},
		{"exactly the limit", "1234567890", 10, []string{"1234567890"}},
		{"blank text is nothing", " \n\t ", 10, nil},
		{"paragraph before line", "one one\n\ntwo\nthree four five", 20, []string{"one one", "two\nthree four five"}},
		{"line before sentence", "It rains.\nStay. Home is dry", 20, []string{"It rains.", "Stay. Home is dry"}},
		{"sentence before word", "Curtain up. The play begins now.", 22, []string{"Curtain up.", "The play begins now."}},
		{"sentence that ends at the limit", "Up. Curtain is up. The play", 18, []string{"Up. Curtain is up.", "The play"}},
		{"no scraps for the sake of a sentence", "I. am a very long sentence", 16, []string{"I. am a very", "long sentence"}},
		{"word before grapheme", "alpha beta gamma", 12, []string{"alpha beta", "gamma"}},
		{"no white space", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"surrogate pairs count two", "😀😀😀", 4, []string{"😀😀", "😀"}},
		{"family stays together", "ab👨‍👩‍👧", 8, []string{"ab", "👨‍👩‍👧"}},
		{"combining accent stays", "aaae\u0301", 4, []string{"aaa", "e\u0301"}},
		{"address stays whole", "go(https://a.example/x)", 22, []string{"go(", "https://a.example/x)"}},
		{"address ends before an emoji", "go www.a.example👩‍🚀👩‍🚀👩‍🚀", 16, []string{"go", "www.a.example", "👩‍🚀👩‍🚀👩‍🚀"}},
		{"address over the limit", "https://a.example/xyz", 10, []string{"https://a.", "example/xy", "z"}},
		{"cluster over the limit", "e" + strings.Repeat("\u0301", 5), 4, []string{"e\u0301\u0301\u0301", "\u0301\u0301"}},
		{"ideographs end sentences", "春が来た。花が咲いた。鳥", 8, []string{"春が来た。", "花が咲いた。鳥"}},
		{"broken UTF-8 is replaced", "a\xffb", 10, []string{"a\uFFFDb"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Split(tt.text, tt.limit)
			if strings.Join(got, "‖") != strings.Join(tt.want, "‖") || len(got) != len(tt.want) {
				t.Errorf("Split = %q, want %q", got, tt.want)
			}
		})
	}
}

var pieceOfText = rapid.SampledFrom([]string{
	"a", "word", " ", "  ", "\n", "\n\n", "\r\n", ". ", "! ", "é", "e\u0301", " \u0301", "👨‍👩‍👧", "🇩🇪", "🇫", "日本。", "한국", "नमस्ते",
	"https://a.example/b?c=d!e", "www.x.example", "\u200d", "\t", "\u00a0", "\u2028", "\xff",
})

// Whatever the text: pieces hold their limit and are never blank, only white space
// is lost, no grapheme cluster and no address is torn that would fit.
func TestSplitLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(pieceOfText, 0, 60).Draw(t, "text"), "")
		checkPieces(t, text, rapid.IntRange(2, 40).Draw(t, "limit"))
	})
}

// BenchmarkSplitAddress: an address of the longest text that a bot can say, which has to be cut, costs as any other text.
func BenchmarkSplitAddress(b *testing.B) {
	for name, text := range map[string]string{"address": "https://a.example/" + strings.Repeat("x", 60_000), "word": strings.Repeat("x", 60_000)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Split(text, 1994)
			}
		})
	}
}

// The same laws for whatever the fuzzer finds.
func FuzzSplit(f *testing.F) {
	for _, text := range []string{
		"Curtain up. The play begins now.", "go(https://a.example/x) 👨‍👩‍👧 e\u0301\u0301", "\n\n \u0301\xff日本。\u200d🇩🇪🇫",
		strings.Repeat("नमस्ते www.x.example ", 9),
	} {
		f.Add(text, uint8(20))
	}
	f.Fuzz(func(t *testing.T, text string, limit uint8) { checkPieces(t, text, max(2, int(limit))) })
}

// checker is what a law needs of a test.
type checker interface {
	Fatalf(format string, args ...any)
}

func checkPieces(t checker, text string, limit int) {
	pieces := Split(text, limit)
	text = Clean(text)
	at := 0
	for _, p := range pieces {
		if u := Units(p); u > limit {
			t.Fatalf("piece %q has %d units, limit %d", p, u, limit)
		}
		if Trim(p) == "" {
			t.Fatalf("blank piece in %q", pieces)
		}
		skipped := strings.Index(text[at:], p)
		if skipped < 0 || strings.TrimFunc(text[at:at+skipped], unicode.IsSpace) != "" {
			t.Fatalf("text was lost before %q of %q", p, pieces)
		}
		at += skipped + len(p)
		if at < len(text) {
			checkCut(t, text, at, limit)
		}
	}
	if strings.TrimFunc(text[at:], unicode.IsSpace) != "" {
		t.Fatalf("text was lost at the end: %q", text[at:])
	}
}

func checkCut(t checker, text string, at, limit int) {
	for g := uniseg.NewGraphemes(text); g.Next(); {
		from, to := g.Positions()
		if from < at && at < to && Units(g.Str()) <= limit {
			t.Fatalf("cluster %q was cut", g.Str())
		}
	}
	for _, a := range address.FindAllStringIndex(text, -1) {
		if url := text[a[0]:a[1]]; a[0] < at && at < a[1] && Units(url) <= limit {
			t.Fatalf("address %q was cut", url)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		limit      int
		want       string
	}{
		{"fits", "Green tea", 20, "Green tea"},
		{"cut and trimmed", "Green tea with lemon and honey", 20, "Green tea with lemon"},
		{"not inside a cluster", "abc👨‍👩‍👧", 6, "abc"},
		{"first cluster too long", "e\u0301\u0301\u0301", 2, "e\u0301"},
		{"empty", "", 20, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Shorten(tt.text, tt.limit); got != tt.want {
				t.Errorf("Shorten = %q, want %q", got, tt.want)
			}
		})
	}
}

// A reply of the greatest length (64 KiB) is split in no time worth mentioning.
func BenchmarkSplitLongest(b *testing.B) {
	text := strings.Repeat("It was a dark night, and www.example.org was down. ", 1285)
	b.ReportAllocs()
	for b.Loop() {
		Split(text, 1994)
	}
}
