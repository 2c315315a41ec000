package reply

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLabels(t *testing.T) { // L-SC-2, L-SC-3
	p := Part{Shortcodes: []Call{
		{Name: "buttons", Args: []Arg{{Text: "A"}, {}, {JSON: `["B, C","",3]`}, {JSON: `{"a":1}`}}},
		{Name: "image", Args: []Arg{{Text: "u"}}},
		{Name: "buttons", Args: []Arg{{Text: "D"}}},
	}}
	if diff := cmp.Diff([]string{"A", "B, C", "3", `{"a":1}`, "D"}, p.Labels()); diff != "" {
		t.Error(diff)
	}
}
