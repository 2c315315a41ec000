package match

import (
	"slices"
	"strings"
	"testing"
)

func TestKey(t *testing.T) {
	tests := []struct {
		rule, text   string
		class, words int
	}{
		{"L-SORT-4", "hello there", 1, 2},
		{"L-SORT-4", "(menu|card)", 1, 2},
		{"L-SORT-4", "[please] go", 2, 2},
		{"L-SORT-4", "what is your [home] number", 2, 5},
		{"L-SORT-4", "i am _", 3, 2},
		{"L-SORT-4", "_ likes *", 3, 1},
		{"L-SORT-4", "i am # years", 4, 3},
		{"L-SORT-5", "[*] hello [*]", 5, 5},
		{"L-SORT-4", "hello *", 5, 1},
		{"L-SORT-4", "_", 6, 0},
		{"L-SORT-4", "# #", 7, 0},
		{"L-SORT-4", "* *", 8, 0},
		{"L-SORT-4", "__media__", 3, 1},
		{"L-SORT-4", "[*] (@yes_words) [*]", 3, 6},
		{"L-SORT-4", `get\_started`, 1, 1},
		{"L-SORT-4", `\#\*\[`, 1, 1},
		{"L-SORT-4", `a\b*`, 5, 1},
		{"L-SORT-5", "a <get x> *", 5, 3},
		{"L-SORT-5", "a|b  c", 1, 3},
		{"L-SORT-5", `one\stwo`, 1, 2},
	}
	for _, tt := range tests {
		if k := NewKey(tt.text); k.Class != tt.class || k.Words != tt.words {
			t.Errorf("%s: %q has class %d and %d words, want %d and %d", tt.rule, tt.text, k.Class, k.Words, tt.class, tt.words)
		}
	}
}

func TestSortText(t *testing.T) { // L-SORT-4
	for in, want := range map[string]string{
		"  Hello \t There ": "hello there",
		"<get MyName> IS":   "<get MyName> is",
		`\(X\) \< Y`:        "axa a y",
		`a\ b \`:            `a\ b \`,
		"1 < 2":             "1 < 2",
	} {
		if got := sortText(in); got != want {
			t.Errorf("sortText(%q) = %q, want %q", in, got, want)
		}
	}
}

// The worked example of section 9, in dialect rivescript.
func TestWorkedExample(t *testing.T) {
	want := []string{
		"(menu|card)", "hello there", "menu", "what is your [home] number", "[please] go", "i am _", "_ likes *",
		"i am # years", "[*] hello [*]", "hello big *", "hello *", "_", "#", "* *", "*",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int {
		x, y := NewKey(a), NewKey(b)
		return x.compare(&y, true)
	})
	if !slices.Equal(got, want) {
		t.Errorf("got %s", strings.Join(got, ", "))
	}
}
