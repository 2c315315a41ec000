package sandbox

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/trace"
)

// quiet is a person whose deeds cost nothing.
type quiet struct{ person }

func (q *quiet) Trace(trace.Event)               {}
func (q *quiet) Random(n uint64) uint64          { return 0 }
func (q *quiet) SwitchTopic(string)              {}
func (q *quiet) Set(world.Scope, string, string) {}

// benchBot has some triggers of each class.
const benchBot = `
+ hello
- Hi there!

+ my name is *
- <set name=<formal>>Nice to meet you, <get name>.

+ [*] (tea|coffee) [*]
* <get name> == undefined => Who wants <star>?
- One <star> for <get name>, coming up.
- A <star>! {@ hello}

+ i am # years old
- <star>? {random}Young.|Old.|Just right.{/random}

+ *
- I did not get that.
`

// turnMaker returns a whole turn of a person without memory: a text is normalised and
// answered.
func turnMaker(t testing.TB, s world.Script, text string) func() {
	q := &quiet{*newPerson(s.Program(), 1)}
	q.vars[world.User]["name"] = "Ann"
	words, ctx := message.New(s.Program().Message), context.Background()
	var scratch message.Scratch
	return func() {
		tokens, err := s.Answer(ctx, q, scratch.Forms(words, text, s.Program().Kept))
		if err != nil || len(tokens) == 0 {
			t.Fatal(tokens, err)
		}
	}
}

func benchmarkTurn(b *testing.B, s world.Script, text string) {
	turn := turnMaker(b, s, text)
	b.ReportAllocs()
	for b.Loop() {
		turn()
	}
}

func BenchmarkTurn(b *testing.B) {
	p := front(b, map[string]string{"default.topic": benchBot}, link.Settings{})
	e := openEngines(b)
	for _, s := range []struct {
		name   string
		script world.Script
	}{{"interp", interp.New(p)}, {"module", loaded(b, e.compiler, emitted(b, p))}} {
		for _, m := range []struct{ name, text string }{
			{"plain", "Hello!"},
			{"star", "I am 42 years old."},
			{"get and set", "My name is Ann!"},
			{"condition", "We would like some tea, please."},
			{"miss", "No trigger knows what to do with this sentence."},
		} {
			b.Run(s.name+"/"+m.name, func(b *testing.B) { benchmarkTurn(b, s.script, m.text) })
		}
	}
}

// BenchmarkMany shows what the scan of a large view costs.
func BenchmarkMany(b *testing.B) {
	var bot strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&bot, "+ [*] word%d [*] other%d [*]\n- reply %d\n\n", i, i%100, i)
	}
	p := front(b, map[string]string{"default.topic": bot.String()}, link.Settings{})
	m := loaded(b, openEngines(b).compiler, emitted(b, p))
	for _, text := range []string{"we have word9000 and then other0", "nothing of that"} {
		b.Run(text, func(b *testing.B) { benchmarkTurn(b, m, text) })
	}
}

// BenchmarkLoad tells what a host pays for a bot that it has compiled before: from the
// disk cache to ready. size/trigger and memory/trigger are what module and memory hold
// for a trigger, its texts included, in bytes.
func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{100, 1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var bot strings.Builder
			for i := range n {
				fmt.Fprintf(&bot, "+ tell me (something|more) about thing%d\n- Thing %d is fine, <get name>.\n- I like thing %d.\n\n", i, i, i)
			}
			wasm := emitted(b, front(b, map[string]string{"default.topic": bot.String()}, link.Settings{}))
			r, err := New(Config{CacheDir: b.TempDir()})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() {
				if err := r.Close(context.Background()); err != nil {
					b.Error(err)
				}
			})
			var arena uint32
			load := func() {
				m, err := r.Load(context.Background(), wasm)
				if err != nil {
					b.Fatal(err)
				}
				arena = m.pool.bays[0].instance.arena
				if err := m.Close(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
			load() // fills the cache
			for b.Loop() {
				load()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/load")
			b.ReportMetric(float64(len(wasm))/float64(n), "size/trigger")
			b.ReportMetric(float64(arena)/float64(n), "memory/trigger")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkPool lends an instance and takes it back, on each processor at once: with
// -cpu 1,2 it tells what people who talk at the same time cost each other there.
func BenchmarkPool(b *testing.B) {
	m := loaded(b, openEngines(b).compiler, emitted(b, program("one", [2]string{"r", "hi"})))
	b.RunParallel(func(pb *testing.PB) {
		x := uint64(1)
		work := func(*instance) error { // a short turn
			for range 500 {
				x ^= x << 13
				x ^= x >> 7
				x ^= x << 17
			}
			return nil
		}
		for pb.Next() {
			if err := m.with(b.Context(), work); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkHard matches the longest messages against the hardest triggers.
func BenchmarkHard(b *testing.B) {
	p := front(b, map[string]string{"default.topic": hardBot}, link.Settings{})
	m := loaded(b, openEngines(b).compiler, emitted(b, p))
	for _, hard := range hardWords {
		text := hardMessage(message.New(p.Meta.Message), hard.words).Plain.String
		b.Run(hard.name, func(b *testing.B) { benchmarkTurn(b, m, text) })
	}
}
