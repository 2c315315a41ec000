package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/turn"
)

// manyBots is how many bots the benchmarks put on one host.
const manyBots = 1000

// crowd is a host of many bots, each on a Page of its own, all different; the last one is hostile.
func crowd(b *testing.B, bots int, change func(*Config)) *Host {
	b.Helper()
	root := b.TempDir()
	c := serviceConfig(b, "")
	c.Page, c.HealthEvery = Page{}, Off
	c.Apps = []App{{ID: "7", Secret: "secret", VerifyToken: "verify"}}
	for i := range bots {
		dir := filepath.Join(root, fmt.Sprint("bot", i))
		if err := os.Mkdir(dir, 0o755); err != nil {
			b.Fatal(err)
		}
		var text strings.Builder
		for n := range 50 {
			fmt.Fprintf(&text, "+ [*] question %d about thing%d [*]\n- Answer %d of bot %d, <get name>.\n\n", n, i, n, i)
		}
		fmt.Fprintf(&text, "+ *\n- I am bot %d.\n", i)
		if i == bots-1 { // as many redirects in a turn as it may take, with a long text each
			text.Reset()
			fmt.Fprintf(&text, "+ *\n- <set n=1>{@ b}{@ b}{@ b}{@ b}\n+ b\n- {@ c}{@ c}{@ c}{@ c}\n+ c\n- {random}a|b{/random}<set x=<get x> x>{@ d}{@ d}{@ d}\n+ d\n- %s\n", strings.Repeat("{random}a|b|c|d{/random}", 200))
		}
		write(b, dir, "default.topic", text.String())
		c.Bookings = append(c.Bookings, Booking{Page: fmt.Sprint(1000 + i), Token: "token", App: "7", Dir: dir})
	}
	change(&c)
	h, err := New(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	b.Cleanup(func() {
		stop()
		if err := errors.Join(<-done, h.Close(context.Background())); err != nil {
			b.Error(err)
		}
	})
	return h
}

// say has somebody say something to a bot; false: it is put off.
func say(b *testing.B, p *play, text string) bool {
	_, err := p.turn(context.Background(), turn.Input{
		Event: turn.Event{Kind: turn.Text, Text: text}, Person: turn.Person{ID: "1", PageID: "1"}, Now: time.Now(),
	})
	if err != nil && !errors.Is(err, delivery.ErrNotReady) {
		b.Error(err)
	}
	return err == nil
}

// heap is the memory in use, after a look for what is not.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// BenchmarkManyBots tells what a thousand bots on one host cost while nobody talks to them, what a loaded
// one costs, and how soon one at rest answers (that its module is in the cache already or not).
func BenchmarkManyBots(b *testing.B) {
	const loaded = 100
	for b.Loop() {
		b.StopTimer()
		cache := b.TempDir()
		before := heap()
		h := crowd(b, manyBots, func(c *Config) { c.MaxLoaded, c.CacheDir = "1", cache })
		for !say(b, h.plays[0], "hello") {
			time.Sleep(10 * time.Millisecond) // until Run has begun
		}
		idle := heap()
		first := answers(b, h.plays[1:1+loaded])
		for h.repertoire.Loaded() > 1 {
			time.Sleep(10 * time.Millisecond)
		}
		again := answers(b, h.plays[1:1+loaded])
		b.ReportMetric(float64(idle-before)/manyBots/1024, "KiB/bot_at_rest")
		b.ReportMetric(at(first, 50), "ms/first_compiled_p50")
		b.ReportMetric(at(again, 50), "ms/first_cached_p50")
		b.ReportMetric(at(again, 99), "ms/first_cached_p99")
		b.StartTimer()
	}
}

// BenchmarkLoadedBots tells what a loaded bot costs.
func BenchmarkLoadedBots(b *testing.B) {
	const loaded = 100
	for b.Loop() {
		b.StopTimer()
		h := crowd(b, loaded+2, func(c *Config) { c.MaxLoaded = "1000"; c.IdleAfter = Off })
		before := heap()
		for h.repertoire.Loaded() < loaded+2 {
			time.Sleep(10 * time.Millisecond)
		}
		b.ReportMetric(float64(heap()-before)/(loaded+2-earlyLoads)/1024, "KiB/loaded_bot")
		b.StartTimer()
	}
}

// answers are the times until bots at rest have answered, in milliseconds, one after the other.
func answers(b *testing.B, bots []*play) []float64 {
	var took []float64
	for _, p := range bots {
		began := time.Now()
		say(b, p, "hello")
		took = append(took, float64(time.Since(began).Microseconds())/1000)
	}
	return took
}

// at is a percentile.
func at(all []float64, percent int) float64 {
	slices.Sort(all)
	return all[min(len(all)-1, len(all)*percent/100)]
}

// BenchmarkNeighbours tells how much slower others answer while a hostile bot takes all it can get.
func BenchmarkNeighbours(b *testing.B) {
	const neighbours, people, workers = 20, 16, 64
	for b.Loop() {
		b.StopTimer()
		h := crowd(b, 2*neighbours+200, func(c *Config) { c.MaxLoaded = "1000"; c.IdleAfter = Off })
		for h.repertoire.Loaded() < len(h.plays) {
			time.Sleep(10 * time.Millisecond)
		}
		hostile := h.plays[len(h.plays)-1]
		began := time.Now()
		say(b, hostile, "go")
		b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "ms/hostile_turn")
		alone := talk(b, h.plays[:neighbours], people)
		stop := make(chan struct{})
		var noise sync.WaitGroup
		for range workers {
			noise.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if !say(b, hostile, "go") {
						time.Sleep(delivery.BotRetry)
					}
				}
			})
		}
		time.Sleep(500 * time.Millisecond) // until the hostile bot is known to be slow
		beside := talk(b, h.plays[:neighbours], people)
		close(stop)
		noise.Wait()
		b.ReportMetric(at(alone, 99), "ms/alone_p99")
		b.ReportMetric(at(beside, 99), "ms/beside_p99")
		b.ReportMetric(at(beside, 99)/at(alone, 99), "times_p99")
		b.StartTimer()
	}
}

// talk is how long turns take for people who talk to bots, in milliseconds.
func talk(b *testing.B, bots []*play, people int) []float64 {
	var all []float64
	var mu sync.Mutex
	var talking sync.WaitGroup
	for n := range people {
		talking.Go(func() {
			for i := range 300 {
				began := time.Now()
				say(b, bots[(n+i)%len(bots)], "hello")
				took := float64(time.Since(began).Microseconds()) / 1000
				mu.Lock()
				all = append(all, took)
				mu.Unlock()
				time.Sleep(2 * time.Millisecond)
			}
		})
	}
	talking.Wait()
	return all
}
