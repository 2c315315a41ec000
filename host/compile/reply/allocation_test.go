//go:build !race

package reply

import "testing"

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
