package bot

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/direction/zoo"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/turn"
)

// hostile are the animals of the zoo that are let in; hello does no harm.
var hostile = []string{
	"hello", "loop", "straight", "recursion", "around", "bomb", "leak", "gigantic", "logs", "emits", "utf8", "pointer", "pointers", "buffer",
	"ungranted", "unwritten", "third", "divide", "redirect", "rebinding",
}

// BenchmarkBeside is what the people of a bot feel while two people of another one on
// the same host use a hostile direction: whole turns, by people who write again and
// again with a pause. p99-ratio is how much longer the slowest hundredth of turns takes
// than in the windows of the same run without them.
func BenchmarkBeside(b *testing.B) {
	runtime, urls := openSandbox(b, b.TempDir()), zoo.URLs(b)
	guests := cagedBot(b, runtime, "hello", "")
	say := func(stage *Bot, person, text string) time.Duration {
		in := turn.Input{Event: turn.Event{Kind: turn.Text, Text: text}, Session: session.State{Topic: "default"}, Person: turn.Person{ID: person}}
		began := time.Now()
		in.Now = began
		if _, err := stage.Turn(b.Context(), in); err != nil {
			b.Error(err)
		}
		return time.Since(began)
	}
	for _, name := range hostile {
		b.Run(name, func(b *testing.B) {
			others := cagedBot(b, runtime, name, urls[name])
			var alone, beside windows
			for b.Loop() {
				for range rounds {
					alone.add(window(func(guest string) time.Duration { return say(guests, guest, "hello") }))
					ended := make(chan struct{})
					var wild sync.WaitGroup
					for p := range 2 {
						wild.Go(func() {
							for {
								select {
								case <-ended:
									return
								case <-time.After(time.Millisecond):
									say(others, fmt.Sprint("other ", p), name)
								}
							}
						})
					}
					beside.add(window(func(guest string) time.Duration { return say(guests, guest, "hello") }))
					close(ended)
					wild.Wait()
				}
			}
			b.ReportMetric(0, "ns/op") // of both, which says nothing
			b.ReportMetric(beside.p99()/alone.p99(), "p99-ratio")
			b.ReportMetric(beside.p99(), "p99-µs")
			b.ReportMetric(alone.p99(), "alone-µs")
		})
	}
}

// rounds are how many windows alone and beside follow each other, in turns: what a
// machine does to some of them by itself, it does to both kinds.
const rounds = 11

// windows are the slowest hundredths of some windows, in microseconds.
type windows []float64

func (w *windows) add(p99 time.Duration) { *w = append(*w, float64(p99.Nanoseconds())/1000) }

// p99 is that of the window in the middle: one that the machine has spoilt counts as one.
func (w windows) p99() float64 {
	sorted := slices.Sorted(slices.Values(w))
	return sorted[len(sorted)/2]
}

// window is the slowest hundredth of the turns of four people who write again and again.
func window(turn func(guest string) time.Duration) time.Duration {
	const people, turns, pause = 4, 150, time.Millisecond
	var times [people][]time.Duration
	var all sync.WaitGroup
	for p := range times {
		all.Go(func() {
			for range turns {
				times[p] = append(times[p], turn(fmt.Sprint("guest ", p)))
				time.Sleep(pause)
			}
		})
	}
	all.Wait()
	sorted := slices.Sorted(slices.Values(slices.Concat(times[:]...)))
	return sorted[len(sorted)*99/100]
}

// cagedBot is a bot with one animal, which answers whatever is said.
func cagedBot(b *testing.B, runtime *sandbox.Runtime, name, url string) *Bot {
	settings := fmt.Sprintf("[plugins.%s]\ngrant = [\"%s\"]\ntime = %q\n", name, strings.Join(zoo.Grants, `", "`), zoo.Time)
	if hosts := zoo.Hosts(url); len(hosts) > 0 {
		settings += fmt.Sprintf("hosts = [\"%s\"]\n", strings.Join(hosts, `", "`))
	}
	return pluginBot(b, runtime, zoo.Private(name), fstest.MapFS{
		"default.topic":                          {Data: fmt.Appendf(nil, "+ *\n- Hello <%s>\n", name)},
		"bot.toml":                               {Data: []byte(settings)},
		"plugins/" + name + "/" + name + ".wasm": {Data: zoo.Animal(b, name, url)},
	})
}
