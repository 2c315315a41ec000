package dialogue

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/turn"
)

// calledBuilds are the two engines with bots whose core directions are calls of the
// plug-in that defines them. called counts those calls.
func calledBuilds(t *testing.T, called map[string]int) map[string]Build {
	t.Helper()
	runtime, err := sandbox.New(sandbox.Config{CacheDir: filepath.Join(os.TempDir(), "footlight-test-cache")})
	if err != nil {
		t.Fatal(err)
	}
	plugins := bot.NewPlugins(bot.PluginsConfig{Runtime: runtime})
	set, err := plugins.Load(t.Context(), fstest.MapFS{}, bot.Settings{Intrinsics: new(bool)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, closed := range []func(context.Context) error{set.Close, plugins.Close, runtime.Close} {
			if err := closed(context.Background()); err != nil {
				t.Error(err)
			}
		}
	})
	core := counted{set, called}
	out := map[string]Build{}
	for engine, build := range map[string]Build{
		"interpreter": built(compile.Front, bot.Interpreted{Runtime: runtime}),
		"module":      built(compile.Build, bot.Sandboxed{Runtime: runtime}),
	} {
		out[engine+", core directions called"] = func(ctx context.Context, dir fs.FS, s bot.Settings, directions ...link.Direction) (*Cast, error) {
			s.Intrinsics = new(bool)
			cast, err := build(ctx, dir, s, directions...)
			if err == nil {
				cast.Core = core
			}
			return cast, err
		}
	}
	return out
}

// counted counts calls by name.
type counted struct {
	turn.Directions
	calls map[string]int
}

func (c counted) Direct(ctx context.Context, cue turn.Cue) turn.Directed {
	c.calls[cue.Name]++
	return c.Directions.Direct(ctx, cue)
}

// TestCoreDirections: the directions of the language, run as the plug-in that defines
// them, make every case come out as they do when they are compiled.
func TestCoreDirections(t *testing.T) {
	called := map[string]int{}
	builds := calledBuilds(t, called)
	for _, file := range []string{
		filepath.Join("testdata", "rules.jsonl"),
		filepath.Join(shared, "footlight-core.jsonl"), filepath.Join(shared, "third-party-open.jsonl"),
	} {
		t.Run(filepath.Base(file), func(t *testing.T) { runCases(t, openCases(t, file), builds) })
	}
	if _, err := os.Stat(shared); err != nil {
		return // the own cases alone need not know every direction
	}
	for _, name := range []string{"send", "delay", "noreply", "set", "get", "add", "sub", "mult", "div", "id"} {
		if called[world.Core+":"+name] == 0 {
			t.Errorf("no case calls <%s>", name)
		}
	}
}

// TestCoreDirectionsAreCalled: nothing of the kind is left in a program that calls them.
func TestCoreDirectionsAreCalled(t *testing.T) {
	dir := fstest.MapFS{"default.topic": {Data: []byte(
		"> begin\n+ request\n- <set met=1>{ok}\n< begin\n\n+ *\n- <get x> <set x=1> <add x=1> <sub x=1> <mult x=2> <div x=2> <set x> a <send> b <chat> c <delay seconds=1.5 nocancel> <id> <noreply>\n")}}
	result, err := compile.Front(dir, link.Settings{Called: true})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range result.Program.Funcs {
		for _, op := range f.Ops {
			switch op.Kind {
			case ir.EmitSend, ir.EmitDelay, ir.EmitNoReply, ir.EmitVar, ir.SetVar, ir.ClearVar, ir.Math, ir.EmitID:
				t.Errorf("%s still has a step of kind %d", f.Name, op.Kind)
			case ir.CallDirection:
				seen[op.Text] = true
			}
		}
	}
	if len(seen) != 10 {
		t.Errorf("called are %v", seen)
	}
}
