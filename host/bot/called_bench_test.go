package bot

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/turn"
)

// BenchmarkCalled is a turn with directions of the language, compiled into the script
// and called as the plug-in that defines them, in turns: ratio is how much longer the
// second way takes.
func BenchmarkCalled(b *testing.B) {
	for _, tt := range []struct{ name, reply, text string }{
		{"none", "Hello", "Hello"},
		{"set", "Hello <set tea=green>", "Hello"},
		{"send", "Hello <send> again", "Hello\nagain"},
		{"set and send", "Hello <set tea=green> <send> again", "Hello\nagain"},
	} {
		b.Run(tt.name, func(b *testing.B) {
			compiled, called := calledBot(b, tt.reply, ""), calledBot(b, tt.reply, "intrinsics = false\n")
			in := turn.Input{Event: turn.Event{Kind: turn.Text, Text: "hello"}, Session: session.State{Topic: "default"}, Person: turn.Person{ID: "1"}}
			took := func(stage *Bot) time.Duration {
				const turns = 100
				began := time.Now()
				for range turns {
					if r, err := stage.Turn(b.Context(), in); err != nil || len(r.Reply.Parts) == 0 {
						b.Fatalf("%q %v", r.Reply.Text, err)
					}
				}
				return time.Since(began) / turns
			}
			took(compiled)
			took(called)
			var inline, call time.Duration
			for b.Loop() {
				inline += took(compiled)
				call += took(called)
			}
			b.ReportMetric(0, "ns/op") // of both, which says nothing
			b.ReportMetric(float64(inline.Nanoseconds())/float64(b.N), "compiled-ns")
			b.ReportMetric(float64(call.Nanoseconds())/float64(b.N), "called-ns")
			b.ReportMetric(float64(call)/float64(inline), "ratio")
		})
	}
}

// calledBot is a bot of one reply.
func calledBot(b *testing.B, reply, settings string) *Bot {
	return pluginBot(b, openSandbox(b, b.TempDir()), false, fstest.MapFS{
		"default.topic": {Data: []byte("+ *\n- " + reply + "\n")}, "bot.toml": {Data: []byte(settings)},
	})
}

// pluginBot is a bot that may have plug-ins, on stage; private: they may ask private networks.
func pluginBot(b *testing.B, runtime *sandbox.Runtime, private bool, files fstest.MapFS) *Bot {
	b.Helper()
	plugins := NewPlugins(PluginsConfig{Runtime: runtime, Clock: clock.Real{}, Private: private})
	stage := New(Config{
		Dir: files, Loader: Sandboxed{Runtime: runtime}, Plugins: plugins, Clock: clock.Real{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	b.Cleanup(func() {
		ctx := context.Background()
		if err := errors.Join(stage.Close(ctx), plugins.Close(ctx)); err != nil {
			b.Error(err)
		}
	})
	if built, err := stage.Reload(b.Context()); err != nil {
		b.Fatal(built, err)
	}
	return stage
}
