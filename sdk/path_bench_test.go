package sdk_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/turn"
	"github.com/footlight-bots/footlight/host/workshop"
)

// small are the plug-ins that `footlight direction new` writes, built as their authors
// build them: two attributes, a line in the log, a text.
func small(b *testing.B, language string) []byte {
	b.Helper()
	for _, l := range builders {
		if l.language != language {
			continue
		}
		if missing := missing(l.dir, l.needs); missing != "" {
			// A benchmark that is skipped says so to nobody, and looks as if it had been forgotten.
			fmt.Fprintf(os.Stderr, "%s is left out: sdk/%s: %s is missing\n", b.Name(), l.dir, missing)
			b.Skip()
		}
	}
	folder := filepath.Join(b.TempDir(), "hello")
	if err := workshop.New(folder, language); err != nil {
		b.Fatal(err)
	}
	commands := workshop.Commands(language, "hello")
	build := commands[len(commands)-1]
	if language == "as" {
		tools, err := filepath.Abs("as/node_modules")
		if err == nil {
			err = os.Symlink(tools, filepath.Join(folder, "node_modules"))
		}
		if err != nil {
			b.Fatal(err)
		}
		build = "node_modules/.bin/asc index.ts --config direction/asconfig.json -o hello.wasm"
	}
	cmd := exec.Command("sh", "-c", build)
	cmd.Dir, cmd.Env = folder, append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s: %v\n%s", build, err, out)
	}
	wasm, err := os.ReadFile(filepath.Join(folder, "hello.wasm"))
	if err != nil {
		b.Fatal(err)
	}
	return wasm
}

// BenchmarkPath is the way of a small direction through the host, in microseconds:
//
//   - pool: the module's own call, its memory cleaned (plugin.Pool.Call)
//   - direct: with attributes checked, grants, clock, breaker, outcome read (direction.Set.Direct)
//   - tag: what the tag costs a whole turn: the turn with it less the same turn without,
//     so with what the script does to call it, and trace, log and record of the turn
//   - host: tag less pool
//   - turn: the whole turn with the tag
//   - alone-…: the same where nothing else was at work on the core
//   - shared-%: how many of the batches had to share it
//   - allocs: what the tag takes from the collector's memory, in pieces
//
// They are measured in turns, batch by batch; each figure is the median of its batches.
// Most machines that can be rented are halves of cores: whenever the other half works, for
// whomever, everything here takes up to twice as long. A little work in registers before
// and after each batch tells whether it did.
func BenchmarkPath(b *testing.B) {
	for _, language := range []string{"c", "rust", "as", "go"} {
		b.Run(language, func(b *testing.B) {
			wasm := small(b, language)
			input := []byte(`{"name":"hello","attributes":{"to":"Ann","times":1}}`)
			pool := tried(b, wasm, plugin.Options{Try: func([]byte) ([]byte, error) { return input, nil }}, false)
			grants := direction.Grants{Grant: []string{"log"}}
			set := load(b, "hello", wasm, grants, clock.Real{})
			house := staged(b, wasm)
			tag := cue("ann", "hello", "to=Ann")
			kinds := []func(){
				func() {
					if _, _, err := pool.Call(b.Context(), input, stage{}, plugin.Budget{Time: time.Second, Clock: clock.Real{}}); err != nil {
						b.Fatal(err)
					}
				},
				func() {
					if d := set.Direct(b.Context(), tag); d.Failure != "" {
						b.Fatal(d.Problem)
					}
				},
				answering(b, house, "with", "Hello, Ann!"),
				answering(b, house, "without", "Hello, Ann!"),
			}
			for name, us := range inTurns(b, kinds) {
				b.ReportMetric(us[0], name+"pool-µs")
				b.ReportMetric(us[1], name+"direct-µs")
				b.ReportMetric(us[2], name+"turn-µs")
				b.ReportMetric(us[2]-us[3], name+"tag-µs")
				b.ReportMetric(us[2]-us[3]-us[0], name+"host-µs")
			}
			b.ReportMetric(testing.AllocsPerRun(1000, kinds[2])-testing.AllocsPerRun(1000, kinds[3]), "allocs")
		})
	}
}

// batched are the times of a batch, and of the work in registers that took longer of that
// before it and that behind it.
type batched struct{ took, registers time.Duration }

// inTurns takes the times of each kind of work in microseconds: "" of all batches, and
// "alone-" of those that had a core for themselves, if there were some.
func inTurns(b *testing.B, kinds []func()) map[string][]float64 {
	b.Helper()
	timed := func(do func()) time.Duration {
		const batch = 10
		began := time.Now()
		for range batch {
			do()
		}
		return time.Since(began) / batch
	}
	batches := make([][]batched, len(kinds))
	best := time.Hour
	for b.Loop() {
		for k, do := range kinds {
			before := timed(registers)
			took := timed(do)
			longer := max(before, timed(registers))
			batches[k], best = append(batches[k], batched{took, longer}), min(best, longer)
		}
	}
	b.ReportMetric(0, "ns/op") // of all kinds, which says nothing
	median := func(of []batched) float64 {
		slices.SortFunc(of, func(a, b batched) int { return cmp.Compare(a.took, b.took) })
		return float64(of[len(of)/2].took.Nanoseconds()) / 1000
	}
	medians, all, shared := map[string][]float64{}, 0, 0
	for _, of := range batches {
		medians[""] = append(medians[""], median(of))
		alone := slices.DeleteFunc(slices.Clone(of), func(x batched) bool { return x.registers > best+best/20 })
		all, shared = all+len(of), shared+len(of)-len(alone)
		if len(alone) > 0 {
			medians["alone-"] = append(medians["alone-"], median(alone))
		}
	}
	if len(medians["alone-"]) < len(kinds) {
		delete(medians, "alone-")
	}
	b.ReportMetric(100*float64(shared)/float64(all), "shared-%")
	return medians
}

// registers keeps as many parts of a core busy as it can without any memory, for a
// microsecond: it takes up to twice as long when another thread wants them as well.
func registers() {
	var a, b, c, d, e, f uint64
	for range 700 {
		a, b, c = a+(a>>3^1), b+(b>>5^1), c+(c>>7^3)
		d, e, f = d+(d>>9^5), e+(e>>11^9), f+(f>>13^2)
	}
	runtime.KeepAlive(a ^ b ^ c ^ d ^ e ^ f)
}

// staged is a bot with two triggers: one answers by the tag, the other by its text.
func staged(b *testing.B, wasm []byte) *bot.Bot {
	b.Helper()
	ctx := context.Background()
	runtime, err := sandbox.New(sandbox.Config{})
	if err != nil {
		b.Fatal(err)
	}
	plugins := bot.NewPlugins(bot.PluginsConfig{Runtime: runtime, Clock: clock.Real{}})
	house := bot.New(bot.Config{
		Dir: fstest.MapFS{
			"default.topic":            {Data: []byte("+ with\n- <hello to=Ann>\n\n+ without\n- Hello, Ann!\n")},
			"bot.toml":                 {Data: []byte("[plugins.hello]\ngrant = [\"log\"]\n")},
			"plugins/hello/hello.wasm": {Data: wasm},
		},
		Loader: bot.Sandboxed{Runtime: runtime}, Plugins: plugins, Clock: clock.Real{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	b.Cleanup(func() {
		if err := errors.Join(house.Close(ctx), plugins.Close(ctx), runtime.Close(ctx)); err != nil {
			b.Error(err)
		}
	})
	if built, err := house.Reload(ctx); err != nil {
		b.Fatal(built, err)
	}
	return house
}

// answering is a turn that has to end with an answer.
func answering(b *testing.B, house *bot.Bot, text, answer string) func() {
	in := turn.Input{
		Event:   turn.Event{Kind: turn.Text, Text: text},
		Session: session.State{Topic: "default"},
		Person:  turn.Person{ID: "ann", PageID: "page"},
		Now:     time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC),
	}
	return func() {
		if r, err := house.Turn(b.Context(), in); err != nil || r.Reply.Text != answer {
			b.Fatalf("%q, %v", r.Reply.Text, err)
		}
	}
}
