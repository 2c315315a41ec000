package graph

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/emit/data"
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
	// black [*] tea [*], as a whole and with a second way to a part of the first [*]
	skips = ir.Pattern{Nodes: []ir.Node{
		{Op: ir.Literal, Text: "black", Next: 1},
		{Op: ir.Split, Alts: []int{2, 5}},
		{Op: ir.Gap, Next: 3},
		{Op: ir.AnyRun, Next: 4},
		{Op: ir.Gap, Next: 6},
		{Op: ir.Gap, Next: 6},
		{Op: ir.Literal, Text: "tea", Next: 7},
		{Op: ir.Split, Alts: []int{8, 11}},
		{Op: ir.Gap, Next: 9},
		{Op: ir.AnyRun, Next: 10},
		{Op: ir.Gap, Next: 12},
		{Op: ir.Gap, Next: 12},
		{Op: ir.Accept},
	}}
	shared = ir.Pattern{Nodes: append([]ir.Node{{Op: ir.Split, Alts: []int{1, 5}}}, skips.Nodes[1:]...)}
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
		want byte
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

// TestSkips: [*] is one node, the last one takes all that is left, and what can be
// reached in another way stays as it is.
func TestSkips(t *testing.T) {
	for _, tt := range []struct {
		name string
		p    ir.Pattern
		want []string
	}{
		{"two", skips, []string{"literal", "skip 116", "remember", "literal", "tail", "accept"}},
		{"a part is shared", shared, []string{"split", "split", "gap", "run 1", "gap", "jump", "remember", "gap", "remember", "literal", "tail", "accept"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var d data.Segment
			w := NewWriter(&d)
			at := w.Write(&tt.p)
			if d := cmp.Diff(tt.want, names(d.Bytes()[at+Nodes-data.Base:])); d != "" {
				t.Errorf("nodes (-want +got):\n%s", d)
			}
		})
	}
}

// names reads the nodes up to the one that accepts, as people read them: with the stop of those
// that have one.
func names(b []byte) []string {
	var list []string
	for {
		name, size, stops := "", 1, false
		switch b[0] {
		case Accept:
			return append(list, "accept")
		case Literal:
			name, size = "literal", LiteralSize
		case Run:
			name, size, stops = "run", RunSize, true
		case Gap:
			name = "gap"
		case Skip:
			name, size, stops = "skip", SkipSize, true
		case Tail:
			name = "tail"
		case Split:
			name, size = "split", SplitSize+4*int(binary.LittleEndian.Uint32(b)>>8)
		case Jump:
			name, size = "jump", JumpSize
		case Remember:
			name, size = "remember", RememberSize
		default:
			return append(list, fmt.Sprintf("operation %d", b[0]))
		}
		if stops {
			name = fmt.Sprintf("%s %d", name, b[AtNumber])
		}
		list, b = append(list, name), b[size:]
	}
}
