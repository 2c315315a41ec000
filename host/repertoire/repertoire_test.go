package repertoire

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// part is a bot that notes what is done with it.
type part struct {
	t                       *testing.T
	loads, rests, following atomic.Int32
	loaded                  atomic.Bool
	gate                    chan struct{} // Load waits for it; nil: it does not
	news                    chan struct{} // receives after every change
}

func (p *part) Load(ctx context.Context) {
	if p.gate != nil {
		select {
		case <-p.gate:
		case <-ctx.Done():
		}
	}
	if p.loaded.Swap(true) {
		p.t.Error("loaded twice")
	}
	p.loads.Add(1)
	p.ring()
}

func (p *part) Follow(ctx context.Context) {
	p.following.Add(1)
	p.ring()
	<-ctx.Done()
	p.following.Add(-1)
}

func (p *part) Rest(context.Context) error {
	if p.following.Load() != 0 {
		p.t.Error("put to rest while it is followed")
	}
	if !p.loaded.Swap(false) {
		p.t.Error("put to rest twice")
	}
	p.rests.Add(1)
	p.ring()
	return nil
}

func (p *part) ring() {
	select {
	case p.news <- struct{}{}:
	default:
	}
}

// until waits for something to hold.
func (p *part) until(what string, holds func() bool) {
	p.t.Helper()
	late := time.After(10 * time.Second)
	for !holds() {
		select {
		case <-p.news:
		case <-late:
			p.t.Fatalf("waited for %s", what)
		}
	}
}

// house is a repertoire that runs.
type house struct {
	*Repertoire
	clock *clock.Virtual
	parts []*part
	seats []*Seat
}

func open(t *testing.T, bots int, c Config) *house {
	t.Helper()
	h := &house{clock: clock.NewVirtual(time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC))}
	c.Clock, c.Log = h.clock, slog.New(slog.DiscardHandler)
	h.Repertoire = New(c)
	for range bots {
		p := &part{t: t, news: make(chan struct{}, 1)}
		h.parts, h.seats = append(h.parts, p), append(h.seats, h.Add(p))
	}
	return h
}

// run lets the house run until the test ends.
func (h *house) run(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		for i, p := range h.parts {
			if p.following.Load() != 0 {
				t.Errorf("bot %d is followed after the end", i)
			}
		}
	})
}

func enter(t *testing.T, s *Seat) *Visit {
	t.Helper()
	for {
		v, err := s.Enter(t.Context())
		if err == nil {
			return v
		}
		if !errors.Is(err, ErrBusy) { // Run has yet to begin
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
}

// TestRest: a bot that nobody enters rests after a time, and is loaded again for whoever enters; one that
// somebody is in never rests.
func TestRest(t *testing.T) {
	h := open(t, 2, Config{Idle: time.Minute, Most: 2})
	h.run(t)
	enter(t, h.seats[0]).Leave(0)
	inside := enter(t, h.seats[1])
	rests := func(p *part) {
		t.Helper()
		for late := time.Now().Add(10 * time.Second); p.rests.Load() == 0; runtime.Gosched() { // Run looks when it comes to it
			if h.clock.Advance(LookEvery); time.Now().After(late) {
				t.Fatal("a bot does not rest")
			}
		}
	}
	rests(h.parts[0])
	if !h.seats[0].Resting() || h.seats[1].Resting() || h.parts[1].rests.Load() != 0 {
		t.Error("the wrong bot rests")
	}
	enter(t, h.seats[0]).Leave(0)
	if h.parts[0].loads.Load() != 2 {
		t.Errorf("%d loads", h.parts[0].loads.Load())
	}
	inside.Leave(0)
	rests(h.parts[1])
}

// TestMost: of more loaded bots than there is room for the longest idle one rests; before anybody has said a
// word as many as have room are loaded, and no more.
func TestMost(t *testing.T) {
	h := open(t, 4, Config{Most: 2})
	h.seats[0].Load(t.Context())
	h.run(t)
	h.parts[1].until("two loaded bots", func() bool { return h.Loaded() == 2 && h.parts[1].loads.Load() == 1 })
	h.clock.Advance(time.Second)
	enter(t, h.seats[0]).Leave(0)
	h.clock.Advance(time.Second)
	enter(t, h.seats[3]).Leave(0)
	h.parts[1].until("the rest of the longest idle", func() bool { return h.parts[1].rests.Load() == 1 })
	if h.parts[0].rests.Load() != 0 || h.parts[2].loads.Load() != 0 || h.Loads() != 3 {
		t.Errorf("rests %d, loads %d, %d", h.parts[0].rests.Load(), h.parts[2].loads.Load(), h.Loads())
	}
}

// TestLoadOnce: however many enter a bot at rest, it is loaded once; of those that come while too many wait
// some are told to come again; others are not kept from a bot that is loaded.
func TestLoadOnce(t *testing.T) {
	h := open(t, 2, Config{Most: 1})
	h.parts[1].gate = make(chan struct{})
	h.run(t)
	enter(t, h.seats[0]).Leave(0)
	var all sync.WaitGroup
	var inside, busy atomic.Int32
	for range 3 * MaxWaiting {
		all.Go(func() {
			switch v, err := h.seats[1].Enter(t.Context()); {
			case err == nil:
				inside.Add(1)
				v.Leave(0)
			case errors.Is(err, ErrBusy):
				busy.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	for busy.Load() < 2*MaxWaiting {
		enter(t, h.seats[0]).Leave(0)
	}
	close(h.parts[1].gate)
	all.Wait()
	if inside.Load() != MaxWaiting || h.parts[1].loads.Load() != 1 {
		t.Errorf("%d are in, %d were told to come again, %d loads", inside.Load(), busy.Load(), h.parts[1].loads.Load())
	}
}

// TestLane: bots whose turns are slow share a lane, and leave the others their ways.
func TestLane(t *testing.T) {
	h := open(t, 2, Config{Most: 2})
	h.run(t)
	for range 4 * paceTurns {
		enter(t, h.seats[0]).Leave(10 * SlowTurn)
		enter(t, h.seats[1]).Leave(SlowTurn / 10)
	}
	var inside []*Visit
	for range cap(h.lane) {
		inside = append(inside, enter(t, h.seats[0]))
	}
	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan error, 2*MaxInLane)
	for range 2 * MaxInLane {
		go func() {
			_, err := h.seats[0].Enter(ctx)
			waiting <- err
		}()
	}
	for range MaxInLane {
		if err := <-waiting; !errors.Is(err, ErrBusy) {
			t.Errorf("one too many in the lane: %v", err)
		}
	}
	for range 100 { // a swift bot is entered all the same
		enter(t, h.seats[1]).Leave(0)
	}
	cancel()
	for range MaxInLane {
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Errorf("in the lane: %v", err)
		}
	}
	for _, v := range inside {
		v.Leave(0)
	}
	for range 20 * paceTurns { // who gets swift again leaves the lane
		enter(t, h.seats[0]).Leave(0)
	}
	for range 2 * MaxInLane {
		inside = append(inside, enter(t, h.seats[0]))
	}
	for _, v := range inside[cap(h.lane):] {
		v.Leave(0)
	}
}

// TestShare: a bot of swift turns that takes much of the machine goes by the lane, until it takes little.
func TestShare(t *testing.T) {
	h := open(t, 1, Config{Most: 1})
	h.run(t)
	slow := func() bool {
		v := enter(t, h.seats[0])
		defer v.Leave(0)
		return v.slow
	}
	take := func(percent time.Duration) {
		t.Helper()
		turns := percent * shareTime * time.Duration(runtime.GOMAXPROCS(0)) / 100 / time.Millisecond
		for range turns {
			enter(t, h.seats[0]).Leave(time.Millisecond)
		}
		h.clock.Advance(shareTime)
		enter(t, h.seats[0]).Leave(0)
	}
	take(1) // the first share is of the time since ever
	for _, row := range []struct {
		percent time.Duration
		want    bool
	}{{MaxShare - 10, false}, {MaxShare + 10, true}, {lightShare + 5, true}, {lightShare - 5, false}, {MaxShare + 10, true}} {
		take(row.percent)
		if got := slow(); got != row.want {
			t.Errorf("after %d %%: slow %v", row.percent, got)
		}
	}
}

// TestBeforeAndAfter: outside of Run nothing is loaded, and nobody waits.
func TestBeforeAndAfter(t *testing.T) {
	h := open(t, 1, Config{Most: 1})
	if _, err := h.seats[0].Enter(t.Context()); !errors.Is(err, ErrBusy) {
		t.Errorf("before: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := h.Run(ctx); err != nil {
		t.Error(err)
	}
	if _, err := h.seats[0].Enter(t.Context()); !errors.Is(err, ErrBusy) || h.parts[0].loads.Load() != 0 {
		t.Errorf("after: %v", err)
	}
}
