package sdk_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
)

// BenchmarkFirst is what a host and the first person wait for: load-ms is from the bytes
// of a plug-in to one that is ready, with its machine code kept on disk, cold-ms without;
// first-µs is the first call, and second-µs the next.
func BenchmarkFirst(b *testing.B) {
	for _, language := range []string{"c", "rust", "as", "go", "js"} {
		b.Run(language, func(b *testing.B) {
			file, code := "plugins/newdirection/newdirection.wasm", []byte(nil)
			tag := cue("ann", "hello", "to=Ann")
			if language == "js" {
				var err error
				if code, err = os.ReadFile("js/template/newdirection.js"); err != nil {
					b.Fatal(err)
				}
				file = "plugins/newdirection/newdirection.js"
				tag.Name = "newdirection"
			} else {
				code = small(b, language)
			}
			kept := b.TempDir()
			first(b, kept, file, code, func(*direction.Set) {}) // so that its machine code is there
			var cold, loads, firsts, seconds []time.Duration
			for b.Loop() {
				cold = append(cold, first(b, b.TempDir(), file, code, func(*direction.Set) {}))
				loads = append(loads, first(b, kept, file, code, func(set *direction.Set) {
					for _, times := range []*[]time.Duration{&firsts, &seconds} {
						began := time.Now()
						if d := set.Direct(b.Context(), tag); d.Failure != "" {
							b.Fatal(d.Problem)
						}
						*times = append(*times, time.Since(began))
					}
				}))
			}
			middle := func(times []time.Duration) float64 {
				slices.Sort(times)
				return float64(times[len(times)/2].Nanoseconds()) / 1000
			}
			b.ReportMetric(0, "ns/op") // of all, which says nothing
			b.ReportMetric(middle(cold)/1000, "cold-ms")
			b.ReportMetric(middle(loads)/1000, "load-ms")
			b.ReportMetric(middle(firsts), "first-µs")
			b.ReportMetric(middle(seconds), "second-µs")
		})
	}
}

// first loads a plug-in into a host that has just started, and tells how long it took.
func first(b *testing.B, cache, file string, code []byte, use func(*direction.Set)) time.Duration {
	b.Helper()
	ctx := context.Background()
	base, err := sandbox.New(sandbox.Config{CacheDir: cache})
	if err != nil {
		b.Fatal(err)
	}
	runtime, err := plugin.New(ctx, base)
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	set, err := direction.Load(ctx, direction.Config{
		Runtime: runtime, Sandbox: base, Clock: clock.Real{},
		Dir: fstest.MapFS{file: {Data: code}}, Grants: map[string]direction.Grants{"newdirection": {Grant: []string{"log"}}},
	})
	took := time.Since(began)
	if err != nil {
		b.Fatal(err)
	}
	use(set)
	if err := errors.Join(set.Close(ctx), runtime.Close(ctx), base.Close(ctx)); err != nil {
		b.Fatal(err)
	}
	return took
}
