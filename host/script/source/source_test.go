package source_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/script/source"
)

// TestNew covers L-BOT-6.
func TestNew(t *testing.T) {
	tests := []struct{ name, bytes, text string }{
		{"plain", "+ a\n- b\n", "+ a\n- b\n"},
		{"byte order mark", "\uFEFF+ a", "+ a"},
		{"byte order mark further on stays", "+ a\uFEFF", "+ a\uFEFF"},
		{"CRLF and CR", "a\r\nb\rc\n\rd", "a\nb\nc\n\nd"},
		{"NFC", "Cafe\u0301", "Café"},
		{"a run of bad bytes is one place", "a\xff\xfeb", "a\uFFFDb"},
		{"bad bytes at the ends", "\xc3", "\uFFFD"},
		{"a written U+FFFD is no fault", "a\uFFFDb", "a\uFFFDb"},
		{"a mark behind a bad byte", "\xff\u0301e\u0301", "\uFFFD\u0301é"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := source.New("x.topic", []byte(tt.bytes)).Text; got != tt.text {
				t.Errorf("text is %q, want %q", got, tt.text)
			}
		})
	}
}

func TestInvalid(t *testing.T) {
	f := source.New("x.topic", []byte("ok \uFFFD\nCaf\xe9 \xff\xfe!"))
	var places []string
	for _, s := range f.Invalid() {
		if s.Text() != "\uFFFD" {
			t.Errorf("the place holds %q", s.Text())
		}
		p := f.Position(s.Start)
		places = append(places, strings.Repeat("|", p.Line)+strings.Repeat(".", p.Column))
	}
	if got := strings.Join(places, " "); got != "||.... ||......" {
		t.Errorf("the places are %s", got)
	}
}

func TestPosition(t *testing.T) {
	f := source.New("x.topic", []byte("+ a\n\t日本🍵e\u0301\tx\n\n👩‍👩‍👧!"))
	tests := []struct {
		name, before              string
		line, column, utf16, cell int
	}{
		{"first character", "", 1, 1, 0, 0},
		{"end of a line", "+ a", 1, 4, 3, 3},
		{"behind a tab", "+ a\n\t", 2, 2, 1, 4},
		{"behind two wide characters", "+ a\n\t日本", 2, 4, 3, 8},
		{"behind an emoji outside the BMP", "+ a\n\t日本🍵", 2, 5, 5, 10},
		{"a mark belongs to its letter", "+ a\n\t日本🍵é", 2, 6, 6, 11},
		{"a tab stops at the next fourth cell", "+ a\n\t日本🍵é\t", 2, 7, 7, 12},
		{"an empty line", "+ a\n\t日本🍵é\tx\n", 3, 1, 0, 0},
		{"behind a family", "+ a\n\t日本🍵é\tx\n\n👩‍👩‍👧", 4, 6, 8, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.HasPrefix(f.Text, tt.before) {
				t.Fatalf("%q does not begin with %q", f.Text, tt.before)
			}
			want := source.Position{Line: tt.line, Column: tt.column, UTF16: tt.utf16, Cell: tt.cell}
			if got := f.Position(len(tt.before)); got != want {
				t.Errorf("position is %+v, want %+v", got, want)
			}
		})
	}
	if got := f.Position(6); got.Column != 2 {
		t.Errorf("inside a character the column is %d, want that of its beginning", got.Column)
	}
	if got, end := f.Position(1<<20), f.Position(len(f.Text)); got != end {
		t.Errorf("behind the end the position is %+v, want %+v", got, end)
	}
}

func TestExpandKeepsCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("a\t本🍵 é"))).Draw(t, "s")
		expanded := source.Expand(s)
		if strings.Contains(expanded, "\t") || source.Cells(expanded) != source.Cells(s) {
			t.Fatalf("%q expands to %q: %d cells, want %d", s, expanded, source.Cells(expanded), source.Cells(s))
		}
	})
}

func TestLines(t *testing.T) {
	f := source.New("x.topic", []byte("one\n\nthree"))
	for n, want := range map[int]string{0: "", 1: "one", 2: "", 3: "three", 4: ""} {
		if got := f.LineSpan(n).Text(); got != want {
			t.Errorf("line %d is %q, want %q", n, got, want)
		}
	}
	for _, n := range []int{0, 4} {
		if !f.LineSpan(n).IsZero() {
			t.Errorf("line %d is somewhere", n)
		}
	}
	if f.LineCount() != 3 || f.Line(3) != 1 || f.Line(4) != 2 || f.Line(5) != 3 {
		t.Error("a line end belongs to the line it ends")
	}
}

func TestSpan(t *testing.T) {
	a, b := source.New("a", []byte("text")), source.New("b", []byte("text"))
	ordered := []source.Span{{}, a.Span(0, 1), a.Span(0, 2), a.Span(1, 1), b.Span(0, 0)}
	for i := range ordered {
		for j := range ordered {
			if got := ordered[i].Before(ordered[j]); got != (i < j) {
				t.Errorf("span %d before span %d: %t", i, j, got)
			}
		}
	}
	if got := a.Span(-3, 99); got.Text() != "text" {
		t.Errorf("a span beyond the text holds %q", got.Text())
	}
	if got := a.Span(3, 1); got.Text() != "" || got.Start != 3 {
		t.Errorf("a span that ends before it begins is %+v", got)
	}
	if (source.Span{}).Line() != 0 || (source.Span{}).Text() != "" {
		t.Error("the zero span is somewhere")
	}
}

func FuzzNew(f *testing.F) {
	f.Add([]byte("\uFEFF+ a\r\n\xff- e\u0301"))
	f.Fuzz(func(t *testing.T, content []byte) {
		file := source.New("x", content)
		if !utf8.ValidString(file.Text) || strings.Contains(file.Text, "\r") {
			t.Fatalf("%q is no clean text", file.Text)
		}
		if len(file.Invalid()) == 0 && !norm.NFC.IsNormalString(file.Text) {
			t.Fatalf("%q is not in NFC", file.Text)
		}
		for _, s := range file.Invalid() {
			if s.Text() != "\uFFFD" {
				t.Fatalf("a place of bad bytes holds %q", s.Text())
			}
		}
		for n := 1; n <= file.LineCount(); n++ {
			line := file.LineSpan(n)
			if p := file.Position(line.Start); p.Line != n || p.Column != 1 {
				t.Fatalf("line %d begins at %+v", n, p)
			}
			if p := file.Position(line.End); p.Line != n || p.Column != utf8.RuneCountInString(line.Text())+1 {
				t.Fatalf("line %d ends at %+v", n, p)
			}
		}
	})
}
