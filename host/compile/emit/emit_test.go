package emit

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/emit/data"
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
			Triggers: ir.ListTriggers(
				ir.TriggerInfo{Text: "*", Class: 7, Loc: ir.Loc{Line: 1}},
				ir.TriggerInfo{Text: "tea", Class: 1, Loc: ir.Loc{Line: 6}},
			),
		},
		Groups: []ir.Group{{Order: []int{1, 0}}},
		Views:  []ir.View{{{Group: 0}}},
		Patterns: []ir.Pattern{
			{Slots: 1, Bare: true, Nodes: []ir.Node{{Op: ir.Open, Next: 1}, {Op: ir.AnyRun, Next: 2}, {Op: ir.Close, Next: 3}, {Op: ir.Accept}}},
			{Nodes: []ir.Node{{Op: ir.Literal, Text: "tea", Next: 1}, {Op: ir.Accept}}},
		},
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

// TestGolden compares the bodies of the triggers of a small bot, step by step.
func TestGolden(t *testing.T) {
	e, err := new(Memory).compiled(small())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range e.p.Triggers {
		fmt.Fprintf(&b, "trigger %d\n", i)
		listing{e, &b}.row(e.word(e.trigger(i)+triggerBody), "  ")
	}
	golden := filepath.Join("testdata", "small.steps")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), b.String()); d != "" {
		t.Errorf("steps differ (-want +got; -update rewrites them):\n%s", d)
	}
}

// listing writes the rows of a program for people.
type listing struct {
	e *emitter
	b *strings.Builder
}

// operand says what stands behind a step.
type operand int

const (
	number   operand = iota
	text             // the step's number is its length
	template         // written below the step
	many             // templates, as many as the step's number says
)

// shapes are the steps with their operands.
var shapes = map[uint32]struct {
	name     string
	operands []operand
}{
	stepNothing: {"nothing", nil}, stepText: {"text", []operand{text}}, stepStar: {"star", nil},
	stepInner: {"inner", []operand{template}}, stepMark: {"mark", nil},
	stepRefuse: {"refuse", []operand{text}}, stepWhen: {"when", []operand{number, template, template, template}},
	stepAlias: {"alias", []operand{template}}, stepOnly: {"only", nil},
	stepDraw: {"draw", []operand{many}}, stepWeighed: {"weighed", []operand{number, many}},
}

func (l listing) row(at uint32, indent string) {
	for last := false; !last; {
		word := l.e.word(int(at))
		last = word&stepLast != 0
		shape, n := shapes[word&(stepLast-1)], int(word>>8)
		loc, _ := ir.PlaceOf(l.e.lines.Encode(), int(at))
		fmt.Fprintf(l.b, "%s%s %d (line %d)\n", indent, shape.name, n, loc.Line)
		for at += 4; len(shape.operands) > 0; at += 4 {
			x := l.e.word(int(at))
			switch shape.operands[0] {
			case number:
			case text:
				fmt.Fprintf(l.b, "%s  %q\n", indent, l.e.data.Bytes()[x-data.Base:][:n])
			case many:
				if n--; n > 0 {
					l.row(x, indent+"  ")
					continue
				}
				fallthrough
			case template:
				l.row(x, indent+"  ")
			}
			shape.operands = shape.operands[1:]
		}
	}
}

// word reads a word of the data.
func (e *emitter) word(at int) uint32 {
	return binary.LittleEndian.Uint32(e.data.Bytes()[at-data.Base:])
}

func TestMetaTravels(t *testing.T) {
	p := small()
	wasm, err := Module(p)
	if err != nil {
		t.Fatal(err)
	}
	section := func(name string) []byte {
		data, ok, err := wasmbin.CustomSection(wasm, name)
		if err != nil || !ok {
			t.Fatalf("section %s: %v, %v", name, ok, err)
		}
		return data
	}
	var got ir.Meta
	if err := json.Unmarshal(section(SectionMeta), &got); err != nil {
		t.Fatal(err)
	}
	if got.Triggers, err = ir.DecodeTriggers(section(SectionTriggers), len(got.Files), len(got.Topics)); err != nil {
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

// TestLarge has rows far longer than authors write; no function grows with them.
func TestLarge(t *testing.T) {
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
