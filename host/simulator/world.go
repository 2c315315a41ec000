package simulator

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"hash/fnv"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/simulator/crowd"
	"github.com/footlight-bots/footlight/host/simulator/vault"
	"github.com/footlight-bots/footlight/host/simulator/weather"
	"github.com/footlight-bots/footlight/host/store"
)

// world is one run.
type world struct {
	theatre    *Theatre
	seed       uint64
	rand       *rand.Rand
	weather    weather.Weather
	start      time.Time
	horizon    time.Time // nothing is waited for beyond it
	store      store.Store
	emulator   *emulator.Emulator
	graph      http.Handler
	app        emulator.App
	pages      []emulator.Page
	people     []*person
	machines   []*machine
	hosts      []*host // all that ever ran
	ledger     *ledger
	press      press
	ordersLost bool // the store has lost an order
	broken     func(Parts) Parts
	marks      []vault.Mark  // of the store, where its power may be cut
	graphAway  time.Time     // until then the platform is away for everybody
	skewMost   time.Duration // of any clock, ever
	calmly     bool          // nothing delays anything in this run
	ripen      time.Duration // how long events wait for earlier ones
	quietSince time.Time     // in the calm after the storm; zero: not quiet

	ctx      context.Context // ends with the run
	end      context.CancelFunc
	extras   sync.WaitGroup // people, carriers, and what happens later
	carriers atomic.Int64
	poke     chan struct{}
	steps    int
	doubled  map[string]bool // posts that were posted twice, by name
	sum      hash.Hash64
	trace    io.Writer
	report   *Report

	mu      sync.Mutex
	parked  []*call
	counter int
}

// build makes a world. It is called in the bubble.
func (t *Theatre) build(o Options, report *Report) (*world, error) {
	r := rand.New(rand.NewPCG(o.Seed, 0x466f6f746c))
	w := &world{
		theatre: t, seed: o.Seed, rand: r, weather: weather.Forecast(r), start: time.Now(), broken: o.Break, trace: o.Trace,
		poke: make(chan struct{}, 1), sum: fnv.New64a(), report: report, doubled: map[string]bool{},
	}
	w.press = openPress(o.Seed, &w.weather)
	if o.Weather != nil {
		o.Weather(&w.weather)
	}
	w.press.draw(w.weather.Orders)
	w.ctx, w.end = context.WithCancel(context.Background())
	w.ledger = &ledger{w: w, talks: map[store.Key]*talk{}, pictures: map[string]string{}}
	w.skewMost, w.calmly, w.ripen = w.weather.Skew, w.weather.Calm(), w.weather.Ripen
	if err := w.platform(); err != nil {
		return nil, err
	}
	var err error
	t.outside.do(func(ctx context.Context) { w.store, err = t.keeper.Open(ctx, w.weather.Power > 0) })
	if err != nil {
		w.emulator.Close()
		return nil, err
	}
	w.tell(fmt.Sprintf("seed %d: %+v", o.Seed, w.weather))
	return w, nil
}

// platform makes the emulator with its Pages and people.
func (w *world) platform() error {
	var c emulator.Config
	c.Seed, c.Callback = w.seed, "http://host.invalid/webhook"
	c.Client = &http.Client{Transport: &mail{w}}
	c.Switches.EventsPerEntry, c.Switches.ThreadPerSecond = w.weather.PerEntry, w.weather.PerSecond
	c.Switches.RetryGaps = []time.Duration{time.Second, 3 * time.Second, 10 * time.Second}
	c.Apps = []emulator.App{{
		ID: "7", Secret: "of the simulator", RequireProof: true,
		Delivery: emulator.Delivery{Batch: w.weather.Batch, Duplicate: w.weather.Duplicate, Reorder: w.weather.Reorder},
	}}
	for i := range w.weather.Pages {
		c.Pages = append(c.Pages, emulator.Page{ID: strconv.Itoa(100 + i)})
	}
	for i := range w.weather.People {
		page := c.Pages[w.rand.IntN(len(c.Pages))].ID
		id := strconv.FormatUint(2_000_000_000_000_000+uint64(i), 10)
		c.People = append(c.People, emulator.Person{ID: id, Page: page})
		w.people = append(w.people, &person{key: store.Key{Page: page, Person: id}, Person: crowd.Invent(w.rand, w.weather)})
	}
	e, err := emulator.New(c)
	if err != nil {
		return err
	}
	w.emulator, w.graph = e, e.Handler()
	w.app, w.pages = e.Apps()[0], e.Pages()
	return nil
}

// draws are the draws of one host.
func (w *world) draws(name string) func() float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash takes everything
	r := rand.New(rand.NewPCG(w.seed, h.Sum64()))
	var mu sync.Mutex
	return func() float64 {
		mu.Lock()
		defer mu.Unlock()
		return r.Float64()
	}
}

// logger is the log of a host: part of the trace.
func (w *world) logger(h *host) *slog.Logger {
	if w.trace == nil {
		return nil
	}
	return slog.New(slog.NewTextHandler(w.trace, &slog.HandlerOptions{Level: slog.LevelInfo})).With("host", h.name)
}

// violate writes down that a law was broken.
func (w *world) violate(format string, args ...any) { w.violateAt(time.Now(), format, args...) }

// violateAt is violate for what is found out outside of the bubble, where the time is another.
func (w *world) violateAt(at time.Time, format string, args ...any) {
	line := w.clock(at) + ": " + fmt.Sprintf(format, args...)
	w.report.Violations = append(w.report.Violations, line)
	if w.trace != nil {
		_, _ = fmt.Fprintln(w.trace, "VIOLATION", line) // for people to look at
	}
}

// skewed tells whether clocks may be wrong in this run.
func (w *world) skewed() bool { return w.skewMost > 0 }

// mend makes a Page's token good again and lets the Page go on.
func (w *world) mend(page string) {
	for _, p := range w.pages {
		if p.ID == page {
			if err := w.emulator.KillToken(p.Token, 0); err != nil {
				w.violate("mend a token: %v", err)
			}
		}
	}
	w.resume(page)
}

// resume is what an operator does.
func (w *world) resume(page string) {
	var err error
	w.theatre.outside.do(func(ctx context.Context) { err = w.store.Resume(ctx, page) })
	if err != nil {
		w.violate("resume page %s: %v", page, err)
	}
}

// teardown ends everything that is left.
func (w *world) teardown() error {
	for _, h := range w.hosts {
		h.cancel()
		close(h.gone)
		h.clock.End()
	}
	w.end()
	w.emulator.Close()
	for _, h := range w.hosts {
		h.work.Wait()
	}
	w.extras.Wait()
	var err error
	w.theatre.outside.do(func(context.Context) { err = errors.Join(w.store.Close(), w.theatre.keeper.Clean()) })
	return err
}
