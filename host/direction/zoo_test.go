package direction_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/direction/zoo"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/host/turn"
)

// cage is a runtime that the sets of a test share.
func cage(tb testing.TB) *plugin.Runtime {
	tb.Helper()
	base, err := sandbox.New(sandbox.Config{})
	if err != nil {
		tb.Fatal(err)
	}
	r, err := plugin.New(tb.Context(), base)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := errors.Join(r.Close(context.Background()), base.Close(context.Background())); err != nil {
			tb.Error(err)
		}
	})
	return r
}

// caged loads one module into a runtime.
func caged(tb testing.TB, r *plugin.Runtime, name string, wasm []byte, g direction.Grants, private bool) (*direction.Set, error) {
	tb.Helper()
	var watch clock.Clock // of those whose steps take long; the others end at the same step everywhere
	if name == "straight" {
		watch = clock.Real{}
	}
	return direction.Load(tb.Context(), direction.Config{
		Runtime: r, Clock: watch, Private: private, Grants: map[string]direction.Grants{name: g},
		Dir: fstest.MapFS{"plugins/" + name + "/" + name + ".wasm": {Data: wasm}},
	})
}

// minute is a call of a plug-in at a minute of the day; after each that went wrong it
// has rested long enough. It returns what was said, or what went wrong.
func minute(set *direction.Set, name string, n int) (said string, log []string) {
	done := set.Direct(context.Background(), turn.Cue{
		Direction: world.Direction{Name: name},
		Person:    turn.Person{ID: "person of " + name, PageID: "page"},
		Now:       time.Date(2026, 1, 5, 9, n, 0, 0, time.UTC),
		Seed:      1,
		Variable:  func(string) (string, bool) { return "Ann", true },
		Kept:      func(string) map[string]string { return nil },
	})
	for _, line := range done.Log {
		if line.Level != "stack" {
			log = append(log, line.Text)
		}
	}
	if done.Failure != "" {
		return done.Failure + ": " + done.Problem, log
	}
	for _, e := range done.Effects {
		if e.Token != nil {
			said += e.Token.Text
		}
	}
	return said, log
}

// animals are those that are let in, and what is said of them: of their calls in a
// row, the last one again and again, and in their log.
func animals(tb testing.TB) (names []string, said map[string][]string, logged map[string]string, urls map[string]string) {
	tb.Helper()
	urls = zoo.URLs(tb)
	steps, hello := "limit: it used more than 2,400,000 steps; time in bot.toml sets that limit", "hello"
	pointer := "trap: it crashed: an address that it gave the host is not in its memory"
	deep := "limit: it used more than 2,000 calls inside of calls"
	said = map[string][]string{
		"hello": {hello}, "loop": {steps}, "straight": {"limit: it used more than 20ms; time in bot.toml sets that limit"}, "recursion": {deep}, "around": {deep}, "bomb": {steps}, "leak": {hello},
		"gigantic": {"limit: it used more than 65,536 bytes of output"}, "logs": {steps},
		"emits": {"limit: it used more than 65536 bytes of what it says"},
		"utf8":  {"error: its result is not UTF-8"}, "pointer": {pointer}, "pointers": {pointer}, "buffer": {pointer},
		"ungranted": {"permission: silence is not granted"}, "unwritten": {"permission: write name is not granted"},
		"redirect": {hello}, "rebinding": {hello},
		"third":  {"trap: it crashed: unreachable", hello, hello},
		"divide": {"trap: it crashed: integer overflow"},
	}
	logged = map[string]string{
		"redirect":  "the host lies in a private network",
		"rebinding": "the host lies in a private network",
	}
	for name := range said {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, said, logged, urls
}

// grantsOf are those of an animal.
func grantsOf(url string) direction.Grants {
	return direction.Grants{Grant: zoo.Grants, Hosts: zoo.Hosts(url), Time: zoo.Time}
}

// TestZoo: whatever a stranger's module does, it is told in plain words what it was, the
// host goes on, and the conversations beside it get their answers.
func TestZoo(t *testing.T) {
	names, said, logged, urls := animals(t)
	r := cage(t)
	neighbour, err := caged(t, r, "hello", zoo.Animal(t, "hello", ""), direction.Grants{}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, neighbour)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			set, err := caged(t, r, name, zoo.Animal(t, name, urls[name]), grantsOf(urls[name]), zoo.Private(name))
			if err != nil {
				t.Fatal(err)
			}
			defer closed(t, set)
			ended := make(chan struct{})
			var beside sync.WaitGroup
			beside.Go(func() {
				for n := 0; ; n++ {
					if got, _ := minute(neighbour, "hello", n); got != "hello" {
						t.Errorf("the neighbour got %q", got)
						return
					}
					select {
					case <-ended:
						return
					default:
					}
				}
			})
			for n := range 7 {
				want := said[name][n%len(said[name])]
				got, log := minute(set, name, n)
				if got != want {
					t.Errorf("call %d: %q, want %q", n, got, want)
				}
				if !strings.Contains(strings.Join(log, "\n"), logged[name]) {
					t.Errorf("call %d: %q, want %q", n, log, logged[name])
				}
			}
			close(ended)
			beside.Wait()
		})
	}
}

func closed(tb testing.TB, set *direction.Set) {
	tb.Helper()
	if err := set.Close(context.Background()); err != nil {
		tb.Error(err)
	}
}

// TestZooKeptOut: what would hurt before it is ever called is not let in, and the
// sentence says why.
func TestZooKeptOut(t *testing.T) {
	r := cage(t)
	for name, want := range map[string]string{
		"table":    "the table section asks for 134217728 entries, more than 10000: use fewer functions by reference, or give the table a smaller maximum",
		"branches": "the functions are too branchy for this server, above all function 13 (run): split them into functions of a few hundred branches",
		"start":    "the start section names a function that would run before its limits are set: export it as _initialize instead",
		"initial":  "it used more than",
	} {
		set, err := caged(t, r, name, zoo.Animal(t, name, ""), direction.Grants{}, false)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
		if err == nil {
			closed(t, set)
		}
	}
}

// version is the module that says its number: five digits in place of hello.
func version(wasm []byte, n int) []byte {
	return []byte(strings.Replace(string(wasm), `{"text":"hello"}`, fmt.Sprintf(`{"text":"%05d"}`, n), 1))
}

// TestReloads: a plug-in is replaced a thousand times while it is called, and every call
// is answered by a version that was in service during it; memory stays flat.
func TestReloads(t *testing.T) {
	reloads := 1000
	if testing.Short() {
		reloads = 100
	}
	r, wasm := cage(t), zoo.Animal(t, "hello", "")
	load := func(n int) *direction.Set {
		set, err := caged(t, r, "hello", version(wasm, n), direction.Grants{}, false)
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
	var mu sync.RWMutex // held for reading by calls: a set is closed when they have ended
	var serving atomic.Int64
	set, calls := load(0), atomic.Int64{}
	ended := make(chan struct{})
	var callers sync.WaitGroup
	for range 3 {
		callers.Go(func() {
			for {
				select {
				case <-ended:
					return
				default:
				}
				mu.RLock()
				got, _ := minute(set, "hello", 0)
				want := fmt.Sprintf("%05d", serving.Load())
				mu.RUnlock()
				if got != want {
					t.Errorf("got %q in the time of %s", got, want)
					return
				}
				calls.Add(1)
			}
		})
	}
	var before, after footprint
	for n := 1; n <= reloads; n++ {
		next := load(n)
		mu.Lock()
		old := set
		set = next
		serving.Store(int64(n))
		mu.Unlock()
		closed(t, old)
		if n == reloads/10 {
			before = measure()
		}
	}
	after = measure()
	close(ended)
	callers.Wait()
	closed(t, set)
	t.Logf("%d calls, all answered right; after %d reloads %s, after %d %s", calls.Load(), reloads/10, before, reloads, after)
	if after.heap > before.heap+(4<<20) || after.resident > before.resident+(16<<20) {
		t.Errorf("memory grew from %s to %s", before, after)
	}
	if after.goroutines > before.goroutines {
		t.Errorf("goroutines grew from %s to %s", before, after)
	}
}

// footprint is what the process takes: bytes of the heap that are in use after a collection, bytes
// that it has of the machine's memory, with modules and their machine code (0: not to be known), and goroutines.
type footprint struct {
	heap, resident uint64
	goroutines     int
}

func (f footprint) String() string {
	return fmt.Sprintf("%d KiB heap, %d KiB resident, %d goroutines", f.heap>>10, f.resident>>10, f.goroutines)
}

func measure() footprint {
	runtime.GC() // what the first collection has left to be finalised, the next one frees
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f := footprint{heap: m.HeapInuse, goroutines: runtime.NumGoroutine()}
	if statm, err := os.ReadFile("/proc/self/statm"); err == nil {
		var size uint64
		if _, err := fmt.Sscan(string(statm), &size, &f.resident); err == nil {
			f.resident *= uint64(os.Getpagesize())
		}
	}
	return f
}

// BenchmarkBesideZoo tells how much slower the slowest hundredth of other conversations
// is while an animal runs all the time: p99-ratio.
func BenchmarkBesideZoo(b *testing.B) {
	names, _, _, urls := animals(b)
	r := cage(b)
	neighbour, err := caged(b, r, "hello", zoo.Animal(b, "hello", ""), direction.Grants{}, false)
	if err != nil {
		b.Fatal(err)
	}
	defer closed(b, neighbour)
	p99 := func() time.Duration {
		times := make([]time.Duration, 20_000)
		for n := range times {
			began := time.Now()
			minute(neighbour, "hello", n)
			times[n] = time.Since(began)
		}
		slices.Sort(times)
		return times[len(times)*99/100]
	}
	for _, name := range names {
		b.Run(name, func(b *testing.B) {
			set, err := caged(b, r, name, zoo.Animal(b, name, urls[name]), grantsOf(urls[name]), zoo.Private(name))
			if err != nil {
				b.Fatal(err)
			}
			defer closed(b, set)
			var alone, beside time.Duration
			for b.Loop() {
				alone += p99()
				ended := make(chan struct{})
				var wild sync.WaitGroup
				wild.Go(func() {
					for n := 0; ; n++ {
						minute(set, name, n)
						select {
						case <-ended:
							return
						default:
						}
					}
				})
				beside += p99()
				close(ended)
				wild.Wait()
			}
			b.ReportMetric(float64(beside)/float64(alone), "p99-ratio")
			b.ReportMetric(float64(beside.Nanoseconds())/float64(b.N), "p99-ns")
		})
	}
}
