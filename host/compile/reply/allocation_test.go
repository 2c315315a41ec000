//go:build !race

package reply

import (
	"runtime"
	"strings"
	"testing"
)

// What a usual reply may cost: the list of its tokens and one string for all texts,
// then its list of parts.
func TestAllocations(t *testing.T) {
	plain := []Token{text("Hi there!")}
	cut := []Token{text("One"), text(" more"), send, delay(500), text("Two")}
	formatted := []Token{text("Hi "), begin(Formal), text("ann"), end, text("!")}
	buttons := []Token{text("Which one?"), call("buttons", Arg{Text: "Green"}, Arg{Text: "Black"})}
	for _, tt := range []struct {
		name           string
		tokens         []Token
		decode, finish float64
	}{
		{"a text", plain, 2, 1},
		{"two parts", cut, 2, 4},       // parts, as they grow, a text of two, the text of both
		{"a block", formatted, 2, 3},   // the part, the formatted word, the whole text
		{"a shortcode", buttons, 3, 2}, // its arguments; the part with its list of shortcodes
		{"nothing at all", nil, 0, 0},
	} {
		var wire []byte
		for _, token := range tt.tokens {
			wire = Append(wire, token)
		}
		if got := testing.AllocsPerRun(100, func() { _, _ = Decode(wire) }); got > tt.decode {
			t.Errorf("%s: Decode allocates %v times, want at most %v", tt.name, got, tt.decode)
		}
		room := make([]Token, 0, len(tt.tokens))
		if got := testing.AllocsPerRun(100, func() { _, _ = AppendTokens(room, wire) }); tt.decode > 0 && got > tt.decode-1 {
			t.Errorf("%s: AppendTokens allocates %v times, want at most %v", tt.name, got, tt.decode-1)
		}
		if got := testing.AllocsPerRun(100, func() { _ = Finish(tt.tokens, Options{}) }); got > tt.finish {
			t.Errorf("%s: Finish allocates %v times, want at most %v", tt.name, got, tt.finish)
		}
	}
}

// TestQuotesInVain: what a macro says is read in time that grows with its length, and no faster,
// also if each of its quotes looks for an end that is none.
func TestQuotesInVain(t *testing.T) {
	result := "^buttons(" + strings.Repeat("“,", 2000) + "”y)"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	tokens := Delivery(result)
	runtime.ReadMemStats(&after)
	if len(tokens) != 1 || len(tokens[0].Args) != 2001 {
		t.Fatalf("%d tokens", len(tokens))
	}
	if size := after.TotalAlloc - before.TotalAlloc; size > 1<<20 {
		t.Errorf("%d bytes of memory for a result of %d", size, len(result))
	}
}
