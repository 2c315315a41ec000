package source_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/script/source"
)

// joined is a passage of two lines with a joiner, as L-SRC-6 makes it.
func joined() (*source.File, *source.Passage) {
	f := source.New("x", []byte("- one <set x=\n^ 5> two"))
	p := source.NewPassage(f.Span(2, 13))
	p.Join(" ", f.Span(14, 15))
	p.Append(f.Span(16, 22))
	return f, p
}

func TestPassage(t *testing.T) {
	f, p := joined()
	if got := p.Text(); got != "one <set x= 5> two" {
		t.Fatalf("the text is %q", got)
	}
	tests := []struct{ name, part, want string }{
		{"in the first piece", "one", "one"},
		{"in the last piece", "two", "two"},
		{"over both", "<set x= 5>", "<set x=\n^ 5>"},
		{"the joiner stands where the second line begins", " 5>", "^ 5>"},
		{"up to the joiner", "x= ", "x=\n"},
		{"all of it", p.Text(), "one <set x=\n^ 5> two"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := strings.LastIndex(p.Text(), tt.part)
			if got := p.Span(start, start+len(tt.part)); got.Text() != tt.want || got.File != f {
				t.Errorf("%q stands at %q, want %q", tt.part, got.Text(), tt.want)
			}
		})
	}
	if at := p.Span(p.Len(), p.Len()); at.Start != 22 || at.End != 22 {
		t.Errorf("the end stands at %d to %d", at.Start, at.End)
	}
	if !(&source.Passage{}).Span(0, 0).IsZero() {
		t.Error("an empty passage is somewhere")
	}
}

func TestPassageWithout(t *testing.T) {
	_, p := joined()
	text := p.Text()
	from := strings.Index(text, "e <")
	to := strings.Index(text, "> two")
	rest := p.Without([][]int{{0, 1}, {from, to}})
	if got := rest.Text(); got != "n> two" {
		t.Fatalf("the rest is %q", got)
	}
	if got := rest.Span(1, 6).Text(); got != "> two" {
		t.Errorf("the rest of the rest stands at %q", got)
	}
	if all := p.Without([][]int{{0, p.Len()}}); all.Len() != 0 || all.Span(0, 0).IsZero() {
		t.Errorf("nothing is left: %q at %v", all.Text(), all.Span(0, 0))
	}
}

// TestPassageSpans: what is written in one piece stands where its span says.
func TestPassageSpans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.StringMatching(`[a-z ]{1,8}`), 1, 5).Draw(t, "lines")
		f := source.New("x", []byte(strings.Join(lines, "\n")))
		p := &source.Passage{}
		for n := range lines {
			if n > 0 && rapid.Bool().Draw(t, "join") {
				p.Join(" ", f.LineSpan(n+1))
			}
			p.Append(f.LineSpan(n + 1))
		}
		start := rapid.IntRange(0, p.Len()).Draw(t, "start")
		end := rapid.IntRange(start, p.Len()).Draw(t, "end")
		span := p.Span(start, end)
		if span.Start > span.End || span.End > len(f.Text) {
			t.Fatalf("[%d, %d) stands at %d to %d of %d", start, end, span.Start, span.End, len(f.Text))
		}
		if part := p.Text()[start:end]; f.Line(span.Start) == f.Line(span.End) && len(part) == span.End-span.Start && span.Text() != part {
			t.Fatalf("%q stands at %q", part, span.Text())
		}
		cut := p.Without([][]int{{start, end}})
		if want := p.Text()[:start] + p.Text()[end:]; cut.Text() != want {
			t.Fatalf("without [%d, %d) it is %q, want %q", start, end, cut.Text(), want)
		}
	})
}
