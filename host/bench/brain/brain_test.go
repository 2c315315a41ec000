package brain

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

// listener is somebody who says a message and remembers nothing.
type listener struct {
	world.World // what is not asked in these brains
	vars, bot   map[string]string
	last        string
}

func (l *listener) Get(scope world.Scope, name string) (string, bool) {
	vars := l.vars
	if scope == world.Bot {
		vars = l.bot
	}
	value, ok := vars[name]
	return value, ok
}
func (l *listener) LastReply() (part, whole string, ok bool) { return l.last, l.last, l.last != "" }
func (l *listener) Topic() int                               { return 0 }

func built(t *testing.T, script string, dialect link.Dialect) *compile.Result {
	t.Helper()
	dir := fstest.MapFS{"brain.rive": {Data: []byte(script)}}
	r, err := compile.Build(dir, link.Settings{Dialect: dialect})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Diagnostics {
		if d.Code.IsError() || d.Code == "W109" {
			t.Errorf("%s: %s", d.Code, d.Message)
		}
	}
	return r
}

// TestWinners: in all brains, in both dialects, the module finds the trigger that the
// naive scan finds, and messages find triggers of the class that they are for.
func TestWinners(t *testing.T) {
	runtime, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = runtime.Close(context.Background()) }()
	brains := map[string]*Brain{}
	for _, kind := range []Kind{Realistic, Adversarial, Keyword} {
		brains[string(kind)] = Write(kind, 200, 7)
	}
	for i := range Breakings {
		brains[Breakings[i].Name] = Breakings[i].Brain()
	}
	for name, brain := range brains {
		for _, dialect := range []link.Dialect{link.Dexter, link.RiveScript} {
			t.Run(name+"/"+string(dialect), func(t *testing.T) { winners(t, runtime, brain, dialect) })
		}
	}
}

func winners(t *testing.T, runtime *sandbox.Runtime, brain *Brain, dialect link.Dialect) {
	ctx := context.Background()
	r := built(t, brain.Script, dialect)
	if n := len(r.Program.Triggers) - 1; n != brain.Triggers {
		t.Errorf("%d triggers, want %d", n, brain.Triggers)
	}
	module, err := runtime.Load(ctx, r.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = module.Close(ctx) }()
	naive, words := interp.New(r.Program), message.New(r.Program.Meta.Message)
	who := &listener{vars: brain.Vars, bot: map[string]string{}}
	for _, d := range r.Program.Meta.BotVars {
		who.bot[d.Name] = d.Value
	}
	for _, class := range brain.Classes {
		fallbacks := 0
		for _, m := range class.Messages {
			who.last = m.Last
			forms := words.Forms(m.Text, false)
			want, err := naive.Probe(ctx, who, forms)
			if err != nil {
				t.Fatal(err)
			}
			got, err := module.Probe(ctx, who, forms)
			if err != nil || got != want {
				t.Errorf("%s: %q: trigger %d, %v, want %d", class.Name, m.Text, got, err, want)
			}
			if want == ir.None || r.Program.Patterns[r.Program.Triggers[want].Pattern].Bare {
				fallbacks++
			}
		}
		all := len(class.Messages)
		switch class.Name {
		case Exact, Pattern, Array, Condition, Variable, Previous, KeywordClass(200):
			if fallbacks > 0 {
				t.Errorf("%s: %d of %d messages find no trigger", class.Name, fallbacks, all)
			}
		case Alien, "A", "B", "C", "D", "E":
			if fallbacks < all {
				t.Errorf("%s: %d of %d messages find a trigger", class.Name, all-fallbacks, all)
			}
		}
	}
}

// TestShares: a realistic brain is made of what its comment says, and a brain is the
// same whenever its seed is.
func TestShares(t *testing.T) {
	const n = 1000
	for _, kind := range []Kind{Realistic, Adversarial, Keyword} {
		one, two := Write(kind, n, 1), Write(kind, n, 1)
		if one.Script != two.Script || fmt.Sprint(one.Classes) != fmt.Sprint(two.Classes) {
			t.Errorf("%s: one seed wrote two brains", kind)
		}
		if Write(kind, n, 2).Script == one.Script {
			t.Errorf("%s: two seeds wrote one brain", kind)
		}
		if got := strings.Count(one.Script, "\n+ "); got != n+1 {
			t.Errorf("%s: %d triggers", kind, got)
		}
	}
	plain, wild, other := 0, 0, 0
	for block := range strings.SplitSeq(Write(Realistic, n, 1).Script, "\n\n") {
		lines := strings.Split(block, "\n")
		switch {
		case !strings.HasPrefix(block, "+ ") || lines[0] == "+ *" && strings.HasPrefix(lines[1], "-"):
		case strings.Contains(block, "<get ") || strings.Contains(block, "<bot ") || strings.Contains(block, "@") || strings.HasPrefix(lines[1], "%"):
			other++
		case strings.ContainsAny(lines[0], "*#_[("):
			wild++
		default:
			plain++
		}
	}
	if plain != 600 || wild != 300 || other != 100 {
		t.Errorf("%d sentences, %d patterns, %d others", plain, wild, other)
	}
}
