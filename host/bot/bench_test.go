package bot

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/turn"
)

// sample is the tea shop of the project.
const sample = "../../scripts/tea"

// BenchmarkTurn is one turn of the tea shop: normalisation, search, reply, parts,
// session and trace. "module" is the way bots are served, "interpreter" the oracle
// in plain Go, in the same run.
func BenchmarkTurn(b *testing.B) {
	built, err := Compile(os.DirFS(sample), Settings{})
	if err != nil {
		b.Fatal(err)
	}
	runtime := openSandbox(b, b.TempDir())
	for name, loader := range map[string]Loader{"module": Sandboxed{Runtime: runtime}, "interpreter": Interpreted{}} {
		script, err := loader.Load(b.Context(), built)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = script.Close(context.Background()) }()
		runner := turn.New(script, turn.Settings{})
		for _, say := range []struct{ name, text, topic string }{
			{"captures and sets", "a pot of Earl Grey, please", "default"},
			{"condition", "3 bags", "order"},
			{"falls through", "do you sell bicycles?", "default"},
		} {
			b.Run(name+"/"+say.name, func(b *testing.B) {
				in := turn.Input{
					Event: turn.Event{Kind: turn.Text, Text: say.text}, Session: session.State{Topic: say.topic},
					Person: turn.Person{ID: "1", PageID: "2", Platform: "test"}, Now: time.Unix(1, 0),
				}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := runner.Run(b.Context(), in); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkBuild is the way from a save to a bot on stage, for the tea shop: the
// module alone, and with wazero's compilation, cold and from the disk cache.
func BenchmarkBuild(b *testing.B) {
	dir := os.DirFS(sample)
	b.Run("module", func(b *testing.B) {
		for b.Loop() {
			if _, err := Compile(dir, Settings{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	load := func(b *testing.B, cache func() string) {
		for b.Loop() {
			built, err := Compile(dir, Settings{})
			if err != nil {
				b.Fatal(err)
			}
			runtime, err := sandbox.New(sandbox.Config{CacheDir: cache()})
			if err != nil {
				b.Fatal(err)
			}
			script, err := Sandboxed{Runtime: runtime}.Load(b.Context(), built)
			if err != nil {
				b.Fatal(err)
			}
			_ = script.Close(b.Context())
			_ = runtime.Close(b.Context())
		}
	}
	b.Run("on stage, cold", func(b *testing.B) { load(b, func() string { return "" }) })
	cache := b.TempDir()
	b.Run("on stage, cached", func(b *testing.B) { load(b, func() string { return cache }) })
}

func openSandbox(tb testing.TB, cache string) *sandbox.Runtime {
	tb.Helper()
	runtime, err := sandbox.New(sandbox.Config{CacheDir: cache})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := runtime.Close(context.Background()); err != nil {
			tb.Error(err)
		}
	})
	return runtime
}
