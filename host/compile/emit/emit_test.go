package emit

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// small is a bot with a condition, a weighted choice and an alias.
func small() *ir.Program {
	text := func(name, s string) ir.Func {
		return ir.Func{Name: name, Loc: ir.Loc{Line: 2}, Ops: []ir.Op{{Kind: ir.EmitText, Text: s}}}
	}
	return &ir.Program{
		Meta: ir.Meta{
			Dialect: "dexter", Files: []string{"order.topic"}, Topics: []string{"default"},
			Triggers: []ir.TriggerInfo{
				{Text: "tea *", Class: 5, Loc: ir.Loc{Line: 1}},
				{Text: "(tea|green tea) # cups", Class: 4, Loc: ir.Loc{Line: 6}},
			},
		},
		Groups:   []ir.Group{{Order: []int{1, 0}}},
		Views:    []ir.View{{{Group: 0}}},
		Patterns: []ir.Pattern{teaStar, cups},
		Triggers: []ir.Trigger{
			{
				Pattern: 0, Previous: ir.None, Alias: ir.None,
				Conditions: []ir.Condition{{Loc: ir.Loc{Line: 2}, Op: ir.Equal, Left: 0, Right: 1, Before: ir.None, Reply: 2}},
				Replies: []ir.Reply{
					{Loc: ir.Loc{Line: 3}, Weight: 1, Before: ir.None, Func: 3},
					{Loc: ir.Loc{Line: 4}, Weight: 2, Before: ir.None, Func: 4},
				},
			},
			{Pattern: 1, Previous: ir.None, Alias: 5},
		},
		Funcs: []ir.Func{
			{Name: "left", Ops: []ir.Op{{Kind: ir.EmitStar, N: 1}}},
			text("right", "please"),
			text("order.topic:2 reply", "With pleasure."),
			{Name: "order.topic:3 reply", Loc: ir.Loc{Line: 3}, Ops: []ir.Op{
				{Kind: ir.FormatBlock, Format: reply.Uppercase, F: []int{1}},
				{Kind: ir.EmitSend},
			}},
			text("order.topic:4 reply", "Tea."),
			text("target", "tea please"),
		},
		Begin:  ir.None,
		Errors: ir.ErrorTexts("dexter"),
	}
}

// TestGolden compares the functions of a small bot with how wabt reads them.
func TestGolden(t *testing.T) {
	tool, err := exec.LookPath("wasm2wat")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("wasm2wat is not here: apt-get install wabt")
		}
		t.Skip("wasm2wat is not here: apt-get install wabt")
	}
	wasm, err := Module(small())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "m.wasm")
	if err := os.WriteFile(path, wasm, 0o600); err != nil {
		t.Fatal(err)
	}
	wat, err := exec.Command(tool, path).Output()
	if err != nil {
		t.Fatal(err)
	}
	got := scriptFunctions(string(wat))
	golden := filepath.Join("testdata", "small.wat")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("functions differ (-want +got; -update rewrites them):\n%s", d)
	}
}

// scriptFunctions cuts out of a module's text the functions that come from the script.
func scriptFunctions(wat string) string {
	var out strings.Builder
	keep := false
	for line := range strings.Lines(wat) {
		if strings.HasPrefix(line, "  (") {
			keep = strings.HasPrefix(line, "  (func $order.topic:") || strings.HasPrefix(line, "  (func $left")
		}
		if keep {
			out.WriteString(line)
		}
	}
	return out.String()
}

func TestMetaTravels(t *testing.T) {
	p := small()
	wasm, err := Module(p)
	if err != nil {
		t.Fatal(err)
	}
	section, ok, err := wasmbin.CustomSection(wasm, HostModule)
	if err != nil || !ok {
		t.Fatalf("section %v, %v", ok, err)
	}
	var got ir.Meta
	if err := json.Unmarshal(section, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(p.Meta, got); d != "" {
		t.Errorf("description (-want +got):\n%s", d)
	}
}

func TestSameBytes(t *testing.T) {
	a, err := Module(small())
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if b, err := Module(small()); err != nil || !bytes.Equal(a, b) {
			t.Fatalf("another module, %v", err)
		}
	}
}

// TestSplits has bodies that are too large for one function: the encoder refuses
// functions with too many branches or bytes.
func TestSplits(t *testing.T) {
	for _, tt := range []struct {
		name string
		grow func(p *ir.Program)
	}{
		{"steps", func(p *ir.Program) {
			for range 20_000 {
				p.Funcs[3].Ops = append(p.Funcs[3].Ops, ir.Op{Kind: ir.EmitStar, N: 1})
			}
		}},
		{"conditions", func(p *ir.Program) {
			for range 2_000 {
				p.Triggers[0].Conditions = append(p.Triggers[0].Conditions, p.Triggers[0].Conditions[0])
			}
		}},
		{"replies", func(p *ir.Program) {
			for range 20_000 {
				p.Triggers[0].Replies = append(p.Triggers[0].Replies, p.Triggers[0].Replies[0])
			}
		}},
		{"alternatives", func(p *ir.Program) {
			f := make([]int, 20_000)
			p.Funcs[3].Ops = append(p.Funcs[3].Ops, ir.Op{Kind: ir.RandomBlock, F: f})
		}},
		{"arguments of a shortcode", func(p *ir.Program) {
			op := ir.Op{Kind: ir.EmitCall, Text: "buttons"}
			for range 10_000 {
				op.Args = append(op.Args, ir.Arg{JSON: true, Pieces: []ir.Piece{{Text: `"`, Func: ir.None}, {Func: 0, InString: true}, {Text: `"`, Func: ir.None}}})
			}
			p.Funcs[3].Ops = append(p.Funcs[3].Ops, op)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := small()
			tt.grow(p)
			if _, err := Module(p); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestUnknownStep(t *testing.T) {
	p := small()
	p.Funcs[3].Ops = append(p.Funcs[3].Ops, ir.Op{Kind: 200})
	if _, err := Module(p); err == nil || !strings.Contains(err.Error(), "a step of unknown kind 200") {
		t.Errorf("error %v", err)
	}
}

func BenchmarkModule(b *testing.B) {
	p := small()
	for i := range 1000 {
		p.Funcs = append(p.Funcs, ir.Func{Name: "reply", Ops: []ir.Op{{Kind: ir.EmitText, Text: fmt.Sprint(i)}}})
		p.Triggers[0].Replies = append(p.Triggers[0].Replies, ir.Reply{Weight: 1, Before: ir.None, Func: len(p.Funcs) - 1})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Module(p); err != nil {
			b.Fatal(err)
		}
	}
}
