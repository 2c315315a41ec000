package turn

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// What the turn writes itself is what package json writes, and later values leave
// earlier ones alone.
func TestQuote(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("ab \"\\<>&\n\x7fé\u2028\u2029\ufffd"))),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		var s stage
		var got []json.RawMessage
		var want []string
		for _, text := range rapid.SliceOf(text).Draw(t, "texts") {
			raw, err := json.Marshal(text)
			if err != nil {
				t.Fatal(err)
			}
			got, want = append(got, s.quote(text)), append(want, string(raw))
			if isQuoted(raw, text) && string(raw) != `"`+text+`"` || isPlain(text) != isQuoted(raw, text) {
				t.Fatalf("%q: plain %v, %s is it quoted: %v", text, isPlain(text), raw, isQuoted(raw, text))
			}
			if isQuoted(raw, text+"x") {
				t.Fatalf("%s is taken for %q", raw, text+"x")
			}
		}
		for i := range got {
			if string(got[i]) != want[i] {
				t.Fatalf("value %d is %s, want %s", i, got[i], want[i])
			}
		}
	})
	var s stage
	for n, want := range map[int64]string{0: `"0"`, math.MinInt64: `"-9223372036854775808"`, 1777636800000: `"1777636800000"`} {
		if got := s.quoteNumber(n); string(got) != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
