package reach

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/lower"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/source"
)

// linked is a bot of some triggers.
func linked(triggers ...string) *link.Program {
	in, _ := link.BuildFiles(link.Files(map[string][]byte{"default.rive": []byte("+ " + strings.Join(triggers, "\n- x\n+ ") + "\n- x\n")}), link.Settings{}, nil)
	return in
}

// Where a limit of the build is met, the memory changes nothing either.
func TestMemoryAtALimit(t *testing.T) {
	pieces := []string{"*", "[*]", "[a]", "(a|b)", "(b|a)", "a", "b", "_"}
	drawn := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 3).Draw(t, "pattern"), " ") + rapid.SampledFrom([]string{"", "{weight=1}"}).Draw(t, "weight")
	})
	rapid.Check(t, func(t *rapid.T) {
		most := cost{rapid.IntRange(0, 200).Draw(t, "tries"), rapid.IntRange(0, 300).Draw(t, "pairs")}
		triggers := rapid.SliceOfN(drawn, 1, 40).Draw(t, "triggers")
		var patterns lower.Memory
		var memory Memory
		for range 4 {
			in := linked(triggers...)
			want := new(Memory).check(in, lower.Program(in), most)
			got := memory.check(in, patterns.Program(in), most)
			if diff := cmp.Diff(want, got, cmpopts.IgnoreTypes(source.File{}), cmp.Comparer(func(a, b *source.File) bool { return a == b })); diff != "" {
				t.Fatalf("at %v: %s\n%q", most, diff, triggers)
			}
			at := rapid.IntRange(0, len(triggers)-1).Draw(t, "at")
			triggers = slices.Replace(slices.Clone(triggers), at, at+rapid.IntRange(0, 1).Draw(t, "gone"), drawn.Draw(t, "new"))
		}
	})
}

// What a free trigger costs may be less than it was, as one of those before it is gone:
// then the limit is that of a program without memory.
func TestMemoryKnowsNoMoreThanTheCost(t *testing.T) {
	var patterns lower.Memory
	var memory Memory
	rest := []string{"tea *{weight=2}", "* tea", "[*] tea [*]{weight=1}", "some tea"}
	before, now := linked(append([]string{"something _{weight=3}"}, rest...)...), linked(rest...)
	memory.Check(before, patterns.Program(before))
	program := patterns.Program(now)
	var most cost
	list, _ := newChecker(now, program, new(Memory)).lookAll(cost{maxTries, maxPairs})
	for i := range list {
		most.add(list[i].cost)
	}
	want := new(Memory).check(now, program, most)
	if len(want.Diagnostics) != 2 {
		t.Fatalf("%d triggers are dead, want 2", len(want.Diagnostics))
	}
	if got := memory.check(now, program, most); len(got.Diagnostics) != 2 {
		t.Errorf("%d triggers are dead with the memory, want 2", len(got.Diagnostics))
	}
}

// A memory holds what the last program has, and nothing of those before.
func TestMemoryIsBounded(t *testing.T) {
	var patterns lower.Memory
	var memory Memory
	for i := range 20 {
		in := linked(fmt.Sprintf("[*] a%d [*]", i), fmt.Sprintf("b%d", i), "c")
		memory.Check(in, patterns.Program(in))
		if len(memory.patterns) != 3 || len(memory.facts) != 3 {
			t.Fatalf("%d patterns and %d triggers are held for 3", len(memory.patterns), len(memory.facts))
		}
	}
}

// What is known of a trigger is used: only the new one is compared with the others.
func TestMemorySpares(t *testing.T) {
	var patterns lower.Memory
	var memory Memory
	triggers := []string{"*"}
	for i := range 200 {
		triggers = append(triggers, fmt.Sprintf("[*] word [*] other%d", i))
	}
	in := linked(triggers...)
	memory.Check(in, patterns.Program(in))
	in = linked(append(triggers, "[*] word [*] another")...)
	c := newChecker(in, patterns.Program(in), &memory)
	looked := 0
	for n := range c.triggers {
		if c.recalled[n] == nil {
			looked++
		}
	}
	if looked != 1 || len(c.fresh[0].all.members) != 1 {
		t.Errorf("%d triggers have to be looked at, and %d are new", looked, len(c.fresh[0].all.members))
	}
}

func TestAscending(t *testing.T) {
	for _, tt := range []struct{ row, want []int }{
		{nil, nil},
		{[]int{0, 1, 2}, []int{0, 1, 2}},
		{[]int{2, 0, 1}, []int{1, 2}},
		{[]int{ir.None, 0, ir.None, 1}, []int{1, 3}},
		{[]int{4, 0, 3, 1, 2}, []int{1, 3, 4}},
		{[]int{0, 0}, []int{1}},
	} {
		if got := ascending(tt.row); !slices.Equal(got, tt.want) {
			t.Errorf("%v: %v, want %v", tt.row, got, tt.want)
		}
	}
	row := rand.New(rand.NewPCG(1, 1)).Perm(1000)
	got := ascending(row)
	for i := 1; i < len(got); i++ {
		if got[i] <= got[i-1] || row[got[i]] <= row[got[i-1]] {
			t.Fatalf("%v do not ascend", got)
		}
	}
}
