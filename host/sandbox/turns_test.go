package sandbox

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/link"
)

var (
	turns     = flag.Int("turns", 3000, "turns that TestTurns plays, on all cores")
	firstSeed = flag.Uint64("seed", 1, "seed of the first script of TestTurns")
)

const (
	turnsOfScript = 400 // that one random script hears
	maxFinds      = 5   // after which TestTurns gives up
	progressEvery = 15 * time.Second
)

// TestTurns has random scripts, all of the language in them, hear random messages on
// the reference interpreter and on the module, for as long as it is told to:
//
//	go test ./host/sandbox -run TestTurns -turns 10000000 -timeout 0
//
// What it finds can be played again with -seed and -turns 1.
func TestTurns(t *testing.T) {
	e := openEngines(t)
	e.interpreter = nil
	began := time.Now()
	var played, scripts, finds atomic.Int64
	next := atomic.Uint64{}
	next.Store(*firstSeed)
	stop := make(chan struct{})
	var workers, reporter sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for played.Load() < int64(*turns) && finds.Load() < maxFinds {
				seed := next.Add(1) - 1
				n, err := e.play(seed)
				played.Add(int64(n))
				scripts.Add(1)
				if err != nil {
					finds.Add(1)
					t.Errorf("seed %d: %v", seed, err)
				}
			}
		})
	}
	reporter.Go(func() {
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				_, _ = fmt.Fprintf(os.Stderr, "%d turns, %d scripts, %d finds after %v\n", played.Load(), scripts.Load(), finds.Load(), time.Since(began).Round(time.Second))
			}
		}
	})
	workers.Wait()
	close(stop)
	reporter.Wait()
	t.Logf("%d turns of %d scripts in %v", played.Load(), scripts.Load(), time.Since(began).Round(time.Millisecond))
}

// difference is how a worker hears of one: as a panic that play catches.
type difference struct{ text string }

type judge struct{}

func (judge) Helper() {}

func (judge) Fatalf(format string, args ...any) { panic(difference{fmt.Sprintf(format, args...)}) }

// play plays the script of a seed, and tells how many turns it had.
func (e engines) play(seed uint64) (played int, err error) {
	chance := rand.New(rand.NewPCG(seed, 2))
	w := writer{draw: chance.IntN, wide: true}
	text := w.bot()
	defer func() {
		if d, ok := recover().(difference); ok {
			err = errors.Join(err, fmt.Errorf("%s\nscript:\n%s", d.text, text))
		}
	}()
	s := link.Settings{Dialect: link.Dialect(w.one([]string{"dexter", "rivescript"})), UTF8: w.maybe(2)}
	r, err := compile.Front(fstest.MapFS{"default.rive": {Data: []byte(text)}}, s, plugins...)
	if err != nil {
		return 0, err
	}
	x := e.quickTrio(judge{}, r.Program)
	defer x.close(judge{})
	for _, p := range x.people {
		p.Outside = &crowd{person: p}
	}
	for ; played < turnsOfScript; played++ {
		if n := len(r.Program.Meta.Deferred); n > 0 && w.maybe(20) {
			x.fire(judge{}, w.draw(n), []string{w.message(), "{@ a}"}, seed+uint64(played))
			continue
		}
		x.say(judge{}, w.message(), seed+uint64(played))
	}
	return played, nil
}

// fire has all run a deferred script, and compares everything.
func (x *trio) fire(t fatal, n int, held []string, seed uint64) {
	var wantTokens, wantState any
	var wantErr error
	for i, s := range x.scripts {
		p := x.people[i]
		p.turn(seed)
		tokens, err := s.Fire(context.Background(), p, n, held)
		if i == 0 {
			wantTokens, wantState, wantErr = tokens, p.state(), err
			continue
		}
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%s: script %d fires: error %v, want %v", x.names[i], n, err, wantErr)
		}
		if d := differ(wantTokens, any(tokens)); d != "" {
			t.Fatalf("%s: script %d fires: tokens (-interp +%s):\n%s", x.names[i], n, x.names[i], d)
		}
		if d := differ(wantState, any(p.state())); wantErr == nil && d != "" {
			t.Fatalf("%s: script %d fires: deeds (-interp +%s):\n%s", x.names[i], n, x.names[i], d)
		}
	}
}

// crowd is an outside world that answers all there is, and writes down what it was
// asked. The same questions get the same answers.
type crowd struct {
	person *person
}

var _ world.Outside = (*crowd)(nil)

// Fetch implements world.Outside.
func (c *crowd) Fetch(requests []world.Request) string {
	c.person.did("fetch %+v", requests)
	for _, r := range requests {
		if strings.Contains(r.URL, "fail") {
			return "[REQ_RESPONSE_ERROR: no answer]"
		}
	}
	return ""
}

// Data implements world.Outside. It writes nothing down: a module whose memory is too
// short for an answer grows it and asks again.
func (c *crowd) Data(path string) string {
	return []string{"", "7", `{"a":[1]}`, "<get x> {@ a}", "a|b"}[len(path)%5]
}

// Macro implements world.Outside.
func (c *crowd) Macro(m world.Macro) (result, problem string, found bool) {
	c.person.did("call %q %q", m.Name, m.Args)
	switch m.Name {
	case "up":
		return strings.ToUpper(strings.Join(m.Args, "-")) + " <send> ^image(u) \\<", "", true
	case "reply":
		tokens, err := m.Reply(strings.Join(m.Args, " "))
		if err != nil {
			return "", "", true
		}
		return reply.Flatten(tokens, strings.ToUpper), "", true
	case "tea":
		return "", "[ERR: Error when executing JavaScript object: no tea]", true
	}
	return "", "", false
}

// Direct implements world.Outside.
func (c *crowd) Direct(d world.Direction) []reply.Token {
	c.person.did("direct %+v", d)
	return []reply.Token{{Kind: reply.Text, Text: d.Name + " " + d.Block}}
}
