package match

import (
	"fmt"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

func pattern(t testing.TB, trigger, arrays string) ir.Pattern {
	t.Helper()
	files := link.Files(map[string][]byte{"default.topic": []byte(arrays + "\n+ " + trigger + "\n- x\n")})
	p, _ := link.BuildFiles(files, link.Settings{}, nil)
	if len(p.Topics[0].Triggers) != 1 {
		t.Fatalf("%q is no trigger", trigger)
	}
	return Compile(p.Topics[0].Triggers[0].Pattern, p.Arrays)
}

func TestCompileJoinsLiterals(t *testing.T) {
	p := pattern(t, "hello  big World", "")
	if len(p.Nodes) != 2 || p.Nodes[0].Text != "hello big world" {
		t.Errorf("nodes are %+v", p.Nodes)
	}
}

func TestCompileMarksTheBareStar(t *testing.T) { // L-TRIG-14
	for trigger, want := range map[string]bool{"*": true, "{weight=2} *": true, "* *": false, "[*]": false, "(*)": false} {
		if got := pattern(t, trigger, "").Bare; got != want {
			t.Errorf("%q: bare is %v", trigger, got)
		}
	}
}

// A pattern may name a large array many times, and hold groups behind values:
// its graph stays linear in what is written.
func TestCompileIsLinear(t *testing.T) {
	const entries = 1000
	var array strings.Builder
	array.WriteString("! array big = x")
	for i := range entries - 1 {
		fmt.Fprintf(&array, "\n ^ entry%d", i)
	}
	tests := []struct {
		name, trigger string
		most          int
	}{
		{"one array", "a @big", entries + 10},
		{"an array in an optional", "a [@big] b", entries + 10},
		{"three arrays behind values", "<get x> (@big) <get y> @big <get z> [@big]", 3*entries + 60},
		{"nested groups behind values", strings.Repeat("<get x> (", 60) + "a" + strings.Repeat(")", 60), 1000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(pattern(t, tt.trigger, array.String()).Nodes); got > tt.most {
				t.Errorf("%d nodes, at most %d are allowed", got, tt.most)
			}
		})
	}
}

// Every node leads to nodes of the pattern, and the last of each way is Accept or Fail.
func TestCompiledGraphsAreSound(t *testing.T) {
	for _, trigger := range []string{"*", "a [b|(c d)] <get x> #", "(@nope|a) [@nope]", "<get x><bot y><input2>[<reply>]", "[[[a]]]"} {
		p := pattern(t, trigger, "")
		for i, n := range p.Nodes {
			next := successors(&n)
			if len(next) == 0 && n.Op != ir.Accept && n.Op != ir.Fail {
				t.Errorf("%q: node %d leads nowhere", trigger, i)
			}
			for _, to := range next {
				if to < 0 || to >= len(p.Nodes) {
					t.Errorf("%q: node %d leads to %d of %d", trigger, i, to, len(p.Nodes))
				}
			}
			if (n.Op == ir.Open || n.Op == ir.Close) && (n.Slot < 0 || n.Slot >= p.Slots) {
				t.Errorf("%q: node %d has slot %d of %d", trigger, i, n.Slot, p.Slots)
			}
		}
	}
}

func TestCompileUnknownElement(t *testing.T) {
	p := Compile(&syntax.Pattern{Elements: []syntax.Element{{Kind: syntax.ArrayRef, Text: "gone"}}}, nil)
	if p.Nodes[0].Op != ir.Fail {
		t.Errorf("L-TRIG-5: a reference without entries is %v", p.Nodes[0].Op)
	}
}
