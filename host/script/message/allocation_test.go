//go:build !race

package message

import "testing"

// A message costs its text, one that is normal already nothing.
func TestScratchAllocations(t *testing.T) {
	subs := scratchOptions[3]
	for _, tt := range []struct {
		name    string
		options Options
		raw     string
		kept    bool
		want    float64
	}{
		{"normal", Options{Mode: Dexter}, "what is the price of tea", false, 0},
		{"normal, two forms", Options{Mode: Dexter}, "what is the price of tea", true, 0},
		{"ascii", Options{Mode: Dexter}, "What is the price?", false, 1},
		{"unicode", Options{Mode: Dexter}, "Was kostet der Grüne Tee?", false, 1},
		{"two forms", Options{Mode: Dexter}, "Was kostet der Grüne Tee?", true, 2},
		{"substitutions, none found", subs, "i like tea", false, 0},
		{"substitutions", subs, "What's up? I am here.", false, 1},
	} {
		var s Scratch
		n := New(tt.options)
		if got := testing.AllocsPerRun(100, func() { _ = s.Forms(n, tt.raw, tt.kept) }); got > tt.want {
			t.Errorf("%s: Forms allocates %v times, want at most %v", tt.name, got, tt.want)
		}
		if got := testing.AllocsPerRun(100, func() { _ = s.LastReply(n, tt.raw) }); got > 0 {
			t.Errorf("%s: LastReply allocates %v times", tt.name, got)
		}
	}
}
