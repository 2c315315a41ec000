package bot

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/sandbox/wat"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/turn"
)

// hostile are the animals of the zoo that go wrong by themselves.
var hostile = []string{
	"hello", "loop", "recursion", "around", "bomb", "leak", "gigantic", "logs", "emits", "utf8", "pointer", "pointers", "ungranted", "unwritten",
	"third", "divide",
}

// BenchmarkBeside is what the people of a bot feel while two people of another one on
// the same host use a hostile direction: whole turns, by people who write again and
// again with a pause. p99-ratio is how much longer the slowest hundredth of turns takes
// than in the windows of the same run without them.
func BenchmarkBeside(b *testing.B) {
	home, runtime := fstest.MapFS{}, openSandbox(b, b.TempDir())
	for _, name := range hostile {
		text := "(module $" + name
		for _, file := range []string{"frame", name} {
			part, err := os.ReadFile(filepath.Join("../direction/testdata/zoo", file+".wat"))
			if err != nil {
				b.Fatal(err)
			}
			text += "\n" + string(part)
		}
		text = strings.ReplaceAll(text, "NAME", name) + ")"
		home["plugins/"+name+"/"+name+".wasm"] = &fstest.MapFile{Data: wat.Assemble(b, text)}
	}
	grants := ""
	for _, name := range hostile {
		home["default.topic"] = &fstest.MapFile{Data: append(data(home["default.topic"]), fmt.Sprintf("+ %s\n- <%s>\n", name, name)...)}
		grants += fmt.Sprintf("[plugins.%s]\ngrant = [\"log\", \"clock\", \"emit\", \"state\"]\n", name)
	}
	home["bot.toml"] = &fstest.MapFile{Data: []byte(grants)}
	guests := pluginBot(b, runtime, fstest.MapFS{
		"default.topic":            {Data: []byte("+ *\n- Hello <hello>\n")},
		"plugins/hello/hello.wasm": home["plugins/hello/hello.wasm"],
	})
	others := pluginBot(b, runtime, home)
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

func data(f *fstest.MapFile) []byte {
	if f == nil {
		return nil
	}
	return f.Data
}
