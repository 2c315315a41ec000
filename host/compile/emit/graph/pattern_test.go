package graph

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/ir"
)

// The patterns of the tests, written by hand.
var (
	// tea *
	teaStar = ir.Pattern{Slots: 1, Nodes: []ir.Node{
		{Op: ir.Literal, Text: "tea ", Next: 1},
		{Op: ir.Open, Next: 2},
		{Op: ir.AnyRun, Next: 3},
		{Op: ir.Close, Next: 4},
		{Op: ir.Accept},
	}}
	// (tea|green tea) # cups
	cups = ir.Pattern{Slots: 1, Nodes: []ir.Node{
		{Op: ir.Split, Alts: []int{1, 2}},
		{Op: ir.Literal, Text: "tea", Next: 3},
		{Op: ir.Literal, Text: "green tea", Next: 3},
		{Op: ir.Literal, Text: " ", Next: 4},
		{Op: ir.Open, Next: 5},
		{Op: ir.DigitRun, Next: 6},
		{Op: ir.Close, Next: 7},
		{Op: ir.Literal, Text: " cups", Next: 8},
		{Op: ir.Accept},
	}}
	// [*] tea
	anyTea = ir.Pattern{Nodes: []ir.Node{
		{Op: ir.Gap, Next: 1},
		{Op: ir.Split, Alts: []int{2, 4}},
		{Op: ir.AnyRun, Next: 3},
		{Op: ir.Gap, Next: 4},
		{Op: ir.Literal, Text: "tea", Next: 5},
		{Op: ir.Accept},
	}}
	// a pattern that goes round
	loop = ir.Pattern{Nodes: []ir.Node{
		{Op: ir.Literal, Text: "x", Next: 1},
		{Op: ir.Split, Alts: []int{0, 2}},
		{Op: ir.Accept},
	}}
)

// TestRemembering: nodes that are reached in several ways, for L-TRIG-13.
func TestRemembering(t *testing.T) {
	for _, tt := range []struct {
		name string
		p    ir.Pattern
		want []int
	}{
		{"one way", teaStar, nil},
		{"behind alternatives", cups, []int{3}},
		{"behind gaps", anyTea, []int{1, 4}},
		{"a loop", loop, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []int
			for i, ways := range remembering(&tt.p) {
				if ways > 1 {
					got = append(got, i)
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("nodes (-want +got):\n%s", d)
			}
		})
	}
}

func TestStopOf(t *testing.T) {
	for _, tt := range []struct {
		name string
		p    ir.Pattern
		node int
		want uint32
	}{
		{"a literal behind the end of a capture", cups, 6, ' '},
		{"a gap", anyTea, 3, StopAtBorder},
		{"a choice", anyTea, 1, 0},
		{"the end", teaStar, 4, 0},
	} {
		if got := stopOf(&tt.p, tt.node); got != tt.want {
			t.Errorf("%s: stop %d, want %d", tt.name, got, tt.want)
		}
	}
}

func TestEndsAfter(t *testing.T) {
	for _, tt := range []struct {
		name string
		p    ir.Pattern
		node int
		want bool
	}{
		{"a capture closes", teaStar, 3, true},
		{"more text", cups, 6, false},
	} {
		if got := endsAfter(&tt.p, tt.node); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
