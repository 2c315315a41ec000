package lower_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/lower"
	"github.com/footlight-bots/footlight/host/script/link"
)

var update = flag.Bool("update", false, "write the goldens anew")

// offered are the directions that the scripts of these tests can call.
var offered = []link.Direction{
	{Plugin: "polite", Name: "greet", Parameters: []link.Parameter{{Name: "to", Required: true}, {Name: "loud", Kind: "boolean"}}},
	{Plugin: "shop", Name: "cart", Block: true, Parameters: []link.Parameter{{Name: "add", Kind: "integer"}}},
}

// build lowers a bot of one document.
func build(t testing.TB, s link.Settings, name, text string) *ir.Program {
	t.Helper()
	checked, _ := link.BuildFiles(link.Files(map[string][]byte{name: []byte(text)}), s, offered)
	return lower.Program(checked)
}

// Each testdata/*.rive or *.topic has its program beside it.
func TestGoldens(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range scripts {
		if strings.HasSuffix(script, ".golden") {
			continue
		}
		t.Run(filepath.Base(script), func(t *testing.T) {
			text, err := os.ReadFile(script)
			if err != nil {
				t.Fatal(err)
			}
			p := build(t, link.Settings{}, filepath.Base(script), string(text))
			var got bytes.Buffer
			if err := ir.Print(&got, p); err != nil {
				t.Fatal(err)
			}
			golden := script + ".golden"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("the program of %s changed (-want +got):\n%s", script, diff)
			}
		})
	}
}

func TestMeta(t *testing.T) {
	punctuation := "."
	p := build(t, link.Settings{UTF8: true, Punctuation: &punctuation}, "a.rive", `
! var shop = Tiny Teas
! global mode = quiet
! sub What's = What Is
! person I am = you are
+ Hello Bot
- hi
# punc nostrip
+ a.b
- hi
> topic t
+ x
- y
`)
	m := p.Meta
	if m.Dialect != "rivescript" || m.Message.Mode != 2 || *m.Message.Punctuation != "." || !m.Kept {
		t.Errorf("settings: %+v", m)
	}
	if diff := cmp.Diff([]string{"random", "t"}, m.Topics); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"a.rive"}, m.Files); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]ir.Definition{{Name: "shop", Value: "Tiny Teas"}}, m.BotVars); diff != "" {
		t.Error(diff)
	}
	if got := m.Message.Subs[0]; got.From != "what's" || got.To != "what is" {
		t.Errorf("L-DEF-7: substitution %+v", got)
	}
	if got := m.Message.Person[0]; got.From != "i am" || got.To != "you are" {
		t.Errorf("L-DEF-7: person %+v", got)
	}
	want := ir.TriggerInfo{Text: "Hello Bot", Topic: 0, Class: 1, Loc: ir.Loc{File: 0, Line: 6}, Replies: []int{7}}
	if diff := cmp.Diff(want, m.Triggers.At(0)); diff != "" {
		t.Error(diff)
	}
}

// Every number of a program leads somewhere, whatever the script.
func TestNumbersAreSound(t *testing.T) {
	for name, text := range scripts {
		t.Run(name, func(t *testing.T) { checkNumbers(t, build(t, link.Settings{}, "a.topic", text)) })
	}
}

var scripts = map[string]string{
	"empty":        "",
	"broken":       "+ a (b\n- x\n+\n- y\n* nonsense\n+ c\n* <get x> => d\n- {random}{/random}<raw></raw>",
	"array cycles": "! array a = (@b)|x\n! array b = (@a)|y\n! array none = <undef>\n+ a @a @none\n- (@a)(@b)(@none)(@zz)",
	"begin":        "> begin\n+ request\n- {random}{ok}<set a={ok}>|{topic=t}{random}x|y{/random}{/random}{formal}<set b=1>{random}p|{ok}{/random}{/formal}\n% x\n- y\n< begin\n+ *\n- x",
	"directions":   "+ a\n- <nosuch x=<get y>>in{ok}<set z=1></nosuch> <delay seconds=<get s> nocancel>",
	"shortcodes":   "+ a\n- ^buttons(A, <get b>, \"<get c>\") ^template({\"a\":\"<get x>\",\"b\":<get y>}) ^nosuch(1) ^reminder(a, <raw>{@ b}</raw>, 1 day)",
	"requests":     "+ a\n$ GET https://x.example {\"headers\":{}}\n- b\n+ c\n$ NOPE x\n@ d",
}

func checkNumbers(t *testing.T, p *ir.Program) {
	t.Helper()
	fn := func(n int, what string) {
		if n < 0 || n >= len(p.Funcs) {
			t.Errorf("%s leads to func %d of %d", what, n, len(p.Funcs))
		}
	}
	for _, f := range p.Funcs {
		for _, op := range f.Ops {
			for _, n := range op.F {
				fn(n, f.Name)
			}
			for _, a := range op.Args {
				for _, piece := range a.Pieces {
					if piece.Func != ir.None {
						fn(piece.Func, f.Name)
					}
				}
			}
			if (op.Kind == ir.ChooseBlock || op.Kind == ir.ChosenBlock) && op.N >= p.Choices {
				t.Errorf("%s: choice %d of %d", f.Name, op.N, p.Choices)
			}
		}
	}
	for i := range p.Triggers {
		tr := &p.Triggers[i]
		for _, c := range tr.Conditions {
			fn(c.Left, "condition")
			fn(c.Right, "condition")
			fn(c.Reply, "condition")
		}
		for _, r := range tr.Replies {
			fn(r.Func, "reply")
			if r.Weight < 1 {
				t.Errorf("trigger %d has a reply of weight 0", i)
			}
		}
		if tr.Captures != p.Patterns[tr.Pattern].Slots {
			t.Errorf("trigger %d: %d captures, its pattern has %d", i, tr.Captures, p.Patterns[tr.Pattern].Slots)
		}
	}
	for _, f := range p.Deferred {
		fn(f, "deferred")
	}
	if len(p.Deferred) != len(p.Meta.Deferred) {
		t.Errorf("%d deferred scripts, %d keys", len(p.Deferred), len(p.Meta.Deferred))
	}
	if want := len(p.Meta.Topics) + 1; p.Begin == ir.None && len(p.Views) != want || p.Begin != ir.None && p.Begin != want {
		t.Errorf("%d topics, %d views, begin %d", want, len(p.Views), p.Begin)
	}
}
