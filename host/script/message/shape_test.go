package message

import (
	"testing"

	"pgregory.net/rapid"
)

// L-TRIG-8: shapes tell the same borders as classes do.
func TestShapesTellBorders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringOf(rapid.SampledFrom([]rune("aB7_- .é\u0301\u200d🍵я٣"))).Draw(t, "raw")
		text := New(Options{Mode: UTF8}).Kept(raw)
		before := BlankGap
		for i, r := range text.String {
			here := ShapeOf(r, before)
			if got, want := here != before || here == BlankGap, text.Classes[i]&Border != 0; got != want {
				t.Fatalf("%q at %d: border %v, want %v", text.String, i, got, want)
			}
			before = here
		}
	})
}
