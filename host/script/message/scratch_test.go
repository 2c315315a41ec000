package message

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// scratchOptions are bots of all modes, with substitutions and without.
var scratchOptions = []Options{
	{Mode: Dexter},
	{Mode: ASCII},
	{Mode: UTF8},
	{Mode: Dexter, Subs: []Substitution{{"what's", "what is"}, {"i am", "i'm"}, {"é", "e."}}},
	{Mode: ASCII, Subs: []Substitution{{"please", ""}, {"a-b", "ab ba"}}},
}

// A Scratch that has seen other texts gives what a Normalizer gives.
func TestScratchAgrees(t *testing.T) {
	word := rapid.SampledFrom([]string{"What's", "I am", "please", "a-b", "é", "E\u0301", " ", "\t", "Tea!", "x_y", "#1", "\xff", "🍵", "\u00a0"})
	text := rapid.Map(rapid.SliceOfN(word, 0, 12), func(words []string) string { return strings.Join(words, " ") })
	var scratches [5]Scratch
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(scratchOptions)-1).Draw(t, "options")
		raw, kept := text.Draw(t, "text"), rapid.Bool().Draw(t, "kept")
		n, s := New(scratchOptions[i]), &scratches[i]
		if diff := cmp.Diff(n.Forms(raw, kept), s.Forms(n, raw, kept)); diff != "" {
			t.Fatalf("%q: Forms (-normalizer +scratch): %s", raw, diff)
		}
		if diff := cmp.Diff(n.InternalForms(raw, kept), s.InternalForms(n, raw, kept)); diff != "" {
			t.Fatalf("%q: InternalForms (-normalizer +scratch): %s", raw, diff)
		}
		reply := n.LastReply(raw)
		b := s.LastReply(n, raw)
		classes := make([]Class, len(b)+1)
		Classify(classes, b)
		if diff := cmp.Diff(reply, Text{string(b), classes}); diff != "" {
			t.Fatalf("%q: LastReply (-normalizer +scratch): %s", raw, diff)
		}
		if got, want := string(s.Value(n, raw)), n.Value(raw); got != want {
			t.Fatalf("%q: Value %q, want %q", raw, got, want)
		}
		if got, want := string(s.ReplyValue(n, raw)), n.ReplyValue(raw); got != want {
			t.Fatalf("%q: ReplyValue %q, want %q", raw, got, want)
		}
	})
}
