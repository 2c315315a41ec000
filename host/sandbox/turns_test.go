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
	"github.com/footlight-bots/footlight/host/script/link"
)

var (
	turns     = flag.Int("turns", 3000, "turns that TestTurns plays, on all cores")
	firstSeed = flag.Uint64("seed", 1, "seed of the first script of TestTurns and TestIndex")
)

const (
	turnsOfScript = 400 // that one random script hears
	maxFinds      = 5   // after which a crew gives up
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
	crew{unit: "turns", want: *turns, play: e.play}.run(t)
}

// crew plays random scripts on all cores until it has played enough.
type crew struct {
	unit string
	want int
	play func(seed uint64) (played int, err error) // the script of a seed
}

func (c crew) run(t *testing.T) {
	began := time.Now()
	var played, scripts, finds atomic.Int64
	next := atomic.Uint64{}
	next.Store(*firstSeed)
	stop := make(chan struct{})
	var workers, reporter sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for played.Load() < int64(c.want) && finds.Load() < maxFinds {
				seed := next.Add(1) - 1
				n, err := c.play(seed)
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
				_, _ = fmt.Fprintf(os.Stderr, "%d %s, %d scripts, %d finds after %v\n", played.Load(), c.unit, scripts.Load(), finds.Load(), time.Since(began).Round(time.Second))
			}
		}
	})
	workers.Wait()
	close(stop)
	reporter.Wait()
	t.Logf("%d %s of %d scripts in %v", played.Load(), c.unit, scripts.Load(), time.Since(began).Round(time.Millisecond))
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

// TestTextOfACircle is what ten minutes of TestTurns once found: what redirects say
// counts towards the text of the reply they stand in, so a circle of long replies ends
// at that limit or at the 51st redirect, whichever is first, on both sides alike.
func TestTextOfACircle(t *testing.T) {
	e := openEngines(t)
	for name, bot := range map[string]string{
		"the text is first":       "+ *\n- <star> <star> {@ <star>}\n",
		"the redirects are first": "+ *\n- <star> {@ a}\n",
		"in an argument":          "+ *\n- <star> <star> <set x={@ <star>}>\n",
		"aside":                   "> begin\n+ request\n- <input> {ok} {ok}\n< begin\n+ *\n- <star> {@ <star>}\n",
	} {
		t.Run(name, func(t *testing.T) {
			x := e.trio(t, front(t, map[string]string{"default.topic": bot}, link.Settings{}))
			x.say(t, strings.Repeat("green tea ", 190), 1)
			x.say(t, "tea", 1)
		})
	}
}
