package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/compile/emit/data"
)

func TestBeginnings(t *testing.T) {
	texts := []string{"abc", "b", "ab", "", "abd"}
	sorted, begins, ok := beginnings(texts)
	if !ok {
		t.Fatal("it gives up")
	}
	if d := cmp.Diff([]int{3, 2, 0, 4, 1}, sorted); d != "" {
		t.Errorf("sorted (-want +got):\n%s", d)
	}
	if d := cmp.Diff([][]int{{3}, {2, 3}, {0, 2, 3}, {2, 3, 4}, {1, 3}}, begins); d != "" {
		t.Errorf("beginnings (-want +got):\n%s", d)
	}
}

// Texts that all begin with each other would need lists as long as they are many.
func TestBeginningsGivesUp(t *testing.T) {
	var texts []string
	for n := range 100 {
		texts = append(texts, strings.Repeat("a", n+1))
	}
	if _, _, ok := beginnings(texts); ok {
		t.Error("it goes on")
	}
}

// What can stand at a position is in the list of the last text that is not above it,
// in the order of preference.
func TestBeginningsHoldAllThatCanStand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfNDistinct(rapid.StringMatching(`[ab]{0,5}`), 1, 12, rapid.ID[string]).Draw(t, "texts")
		said := rapid.StringMatching(`[ab]{0,8}`).Draw(t, "said")
		sorted, begins, ok := beginnings(texts)
		if !ok {
			t.Skip("too many")
		}
		var want, got []int
		for i, text := range texts {
			if strings.HasPrefix(said, text) {
				want = append(want, i)
			}
		}
		last := -1
		for n, i := range sorted {
			if texts[i] <= said {
				last = n
			}
		}
		if last >= 0 {
			got = slices.DeleteFunc(slices.Clone(begins[last]), func(i int) bool { return !strings.HasPrefix(said, texts[i]) })
		}
		if !slices.Equal(want, got) {
			t.Errorf("%q of %q: %v, want %v", said, texts, got, want)
		}
	})
}

// Patterns that name the same texts share them.
func TestAlternativesAreKeptOnce(t *testing.T) {
	w := NewWriter(new(data.Segment))
	w.Write(&cups)
	w.Write(&cups)
	if n := len(w.sets); n != 1 {
		t.Errorf("%d sets of alternatives, want one", n)
	}
	if got := fmt.Sprint(textsOf(&cups, []int{1, 2, 1})); got != "[tea green tea]" {
		t.Errorf("the texts are %s", got)
	}
}

// A number that does not fit beside an operation is told, not cut.
func TestNumber(t *testing.T) {
	w := NewWriter(new(data.Segment))
	if w.number(maxNumber); w.Err() != nil {
		t.Error(w.Err())
	}
	if w.number(maxNumber + 1); w.Err() == nil {
		t.Error("one more fits as well")
	}
}
