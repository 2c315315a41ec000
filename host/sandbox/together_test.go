package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

// How BenchmarkTogether measures: so long, so often in turns with the other.
const (
	timeTogether   = 200 * time.Millisecond
	roundsTogether = 7
)

// BenchmarkTogether has two people talk to one bot at the same time, and one of them
// alone, in turns: "x" is how much more is said by both than by one. "machine" is what
// two cores of this machine give to work that shares nothing.
func BenchmarkTogether(b *testing.B) {
	m := loaded(b, openEngines(b).compiler, emitted(b, front(b, map[string]string{"default.topic": benchBot}, link.Settings{})))
	said := func(text string) func() func() { return func() func() { return turnMaker(b, m, text) } }
	for _, s := range []struct {
		name string
		make func() func()
	}{
		{"machine", alone},
		{"plain", said("Hello!")},
		{"get and set", said("My name is Ann!")},
		{"miss", said("No trigger knows what to do with this sentence.")},
	} {
		b.Run(s.name, func(b *testing.B) {
			var ratios []float64
			for b.Loop() {
				for range roundsTogether {
					one := talk(1, s.make)
					ratios = append(ratios, float64(talk(2, s.make))/float64(one))
				}
			}
			slices.Sort(ratios)
			b.ReportMetric(ratios[len(ratios)/2], "x")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// talk counts the turns that people take at the same time.
func talk(people int, make func() func()) int64 {
	var all sync.WaitGroup
	var turns atomic.Int64
	begin := time.Now()
	for range people {
		all.Go(func() {
			turn, n := make(), int64(0)
			for time.Since(begin) < timeTogether {
				for range 100 {
					turn()
				}
				n += 100
			}
			turns.Add(n)
		})
	}
	all.Wait()
	return turns.Load()
}

// alone works about as long as a turn and shares nothing with anybody: it normalises
// a text that is normal.
func alone() func() {
	var scratch message.Scratch
	words, text := message.New(message.Options{}), strings.Repeat("tea and cake ", 20)
	return func() { _ = scratch.LastReply(words, text) }
}

// TestTogether has people talk to one bot at the same time; each hears what is meant
// for nobody else.
func TestTogether(t *testing.T) {
	m := loaded(t, openEngines(t).compiler, emitted(t, front(t, map[string]string{
		"default.topic": "+ i am *\n- <set name=<star>>Hello <get name>.\n\n+ again\n- {@ i am <get name>}\n\n+ who\n% hello *\n- You are <get name>, and said <input1>.\n\n+ *\n- I heard <star>.\n",
	}, link.Settings{})))
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			name := fmt.Sprintf("person%d", n)
			p := newPerson(m.Program(), uint64(n))
			say := func(text string) string {
				tokens, err := m.Answer(t.Context(), p, forms(m, text))
				if err != nil {
					t.Error(err)
					return ""
				}
				p.turn(uint64(n))
				said := ""
				for _, token := range tokens {
					said += token.Text
				}
				p.heard(text, tokens)
				return said
			}
			for range 300 {
				for _, step := range [][2]string{
					{"i am " + name, "Hello " + name + "."},
					{"again", "Hello " + name + "."},
					{"who", "You are " + name + ", and said again."},
					{name + " says no", "I heard " + name + " says no."},
				} {
					if got := say(step[0]); got != step[1] {
						t.Errorf("%s says %q and hears %q, want %q", name, step[0], got, step[1])
						return
					}
				}
				p.inputs, p.replies = p.inputs[:min(len(p.inputs), 10)], p.replies[:min(len(p.replies), 10)]
			}
		})
	}
	all.Wait()
}
