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

// begun tells whether Run has begun.
func (h *house) begun() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.ctx != nil
}

// run lets the house run until the test ends.
func (h *house) run(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	for !h.begun() {
		runtime.Gosched()
	}
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
	v, err := s.Enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestRest: a bot that nobody enters rests after a time, and is loaded again for whoever enters; one that
// somebody is in never rests.
func TestRest(t *testing.T) {
	h := open(t, 2, Config{Idle: time.Minute, Most: 2})
	h.run(t)
	enter(t, h.seats[0]).Leave()
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
	enter(t, h.seats[0]).Leave()
	if h.parts[0].loads.Load() != 2 {
		t.Errorf("%d loads", h.parts[0].loads.Load())
	}
	inside.Leave()
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
	enter(t, h.seats[0]).Leave()
	h.clock.Advance(time.Second)
	enter(t, h.seats[3]).Leave()
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
	enter(t, h.seats[0]).Leave()
	var all sync.WaitGroup
	var inside, busy atomic.Int32
	for range 3 * MaxWaiting {
		all.Go(func() {
			switch v, err := h.seats[1].Enter(t.Context()); {
			case err == nil:
				inside.Add(1)
				v.Leave()
			case errors.Is(err, ErrBusy):
				busy.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	for busy.Load() < 2*MaxWaiting {
		enter(t, h.seats[0]).Leave()
	}
	close(h.parts[1].gate)
	all.Wait()
	if inside.Load() != MaxWaiting || h.parts[1].loads.Load() != 1 {
		t.Errorf("%d are in, %d were told to come again, %d loads", inside.Load(), busy.Load(), h.parts[1].loads.Load())
	}
}

// stay enters a bot and computes there for a while.
func (h *house) stay(t *testing.T, s *Seat, long time.Duration) {
	t.Helper()
	v := enter(t, s)
	h.clock.Advance(long)
	v.Leave()
}

// slow makes a bot one whose turns are slow.
func (h *house) slow(t *testing.T, s *Seat) {
	t.Helper()
	for range 2 * paceTurns {
		h.stay(t, s, 10*SlowTurn)
	}
	if !s.slow() {
		t.Fatal("a bot of slow turns does not count as slow")
	}
}

// waits has so many enter a bot whose places are taken, and returns once they all wait there or were told to come again;
// the last may be about to be told.
func (h *house) waits(ctx context.Context, t *testing.T, s *Seat, many int) (busy int, ended <-chan error) {
	t.Helper()
	before := h.queued.Load()
	over := make(chan error, many)
	for range many {
		go func() {
			v, err := s.Enter(ctx)
			if err == nil {
				v.Leave()
			}
			over <- err
		}()
	}
	late := time.After(10 * time.Second)
	for busy+int(h.queued.Load()-before) != many {
		select {
		case err := <-over:
			if !errors.Is(err, ErrBusy) {
				t.Fatalf("one too many was not told to come again: %v", err)
			}
			busy++
		case <-late:
			t.Fatalf("%d of %d were told to come again", busy, many)
		default:
			runtime.Gosched()
		}
	}
	return busy, over
}

// TestLane: bots whose turns are slow share a lane, and leave the others their ways.
func TestLane(t *testing.T) {
	h := open(t, 3, Config{Most: 3})
	h.run(t)
	h.stay(t, h.seats[1], SlowTurn/10)
	h.slow(t, h.seats[0])
	h.slow(t, h.seats[2])
	var inside []*Visit
	for range places() {
		inside = append(inside, enter(t, h.seats[0]))
	}
	ctx, cancel := context.WithCancel(t.Context())
	busy, ended := h.waits(ctx, t, h.seats[2], 2*MaxInLane) // another slow one has no lane of its own
	for range 100 {                                         // a swift bot is entered all the same
		enter(t, h.seats[1]).Leave()
	}
	cancel()
	stood := 0
	for range 2*MaxInLane - busy {
		switch err := <-ended; {
		case errors.Is(err, context.Canceled):
			stood++
		case !errors.Is(err, ErrBusy):
			t.Errorf("in the lane: %v", err)
		}
	}
	if stood == 0 || stood > MaxInLane {
		t.Errorf("%d have stood in the lane", stood)
	}
	for _, v := range inside {
		v.Leave()
	}
	for range 20 * paceTurns { // who gets swift again leaves the lane
		h.stay(t, h.seats[0], 0)
	}
	if h.seats[0].slow() {
		t.Error("a swift bot goes by the lane")
	}
}

// TestPlaces: nobody knows yet what a bot is like, and it has its places and no more of them; of those who wait
// for a turn that takes long too many are told to come again; for one that is swift all wait.
func TestPlaces(t *testing.T) {
	h := open(t, 1, Config{Most: 1})
	h.run(t)
	s := h.seats[0]
	h.stay(t, s, SlowTurn/10)
	take := func() (inside []*Visit) {
		for range places() {
			inside = append(inside, enter(t, s))
		}
		return inside
	}
	leave := func(inside []*Visit) {
		for _, v := range inside {
			v.Leave()
		}
	}
	const many = 4 * MaxInLane
	late := time.After(10 * time.Second)
	hear := func(over <-chan error) error {
		select {
		case err := <-over:
			return err
		case <-late:
			t.Fatal("somebody is neither let in nor told to come again")
			return nil
		}
	}
	enterAll := func() <-chan error {
		over := make(chan error, many)
		for range many {
			go func() {
				v, err := s.Enter(t.Context())
				if err == nil {
					v.Leave()
				}
				over <- err
			}()
		}
		for h.queued.Load() != many {
			select {
			case err := <-over:
				t.Fatalf("somebody has entered a bot whose places are taken, or was told to come again: %v", err)
			case <-late:
				t.Fatalf("%d of %d wait", h.queued.Load(), many)
			default:
				runtime.Gosched()
			}
		}
		return over
	}
	inside := take()
	over := enterAll()
	leave(inside)
	for range many {
		if err := hear(over); err != nil {
			t.Errorf("a swift bot: %v", err)
		}
	}
	inside = take()
	over = enterAll()
	for range many - MaxInLane { // as soon as they look and see that the turn goes on and on
		for began := time.Now(); len(over) == 0 && time.Since(began) < 10*time.Second; {
			h.clock.Advance(queueLook)
			runtime.Gosched()
		}
		if err := hear(over); !errors.Is(err, ErrBusy) {
			t.Errorf("while a turn goes on and on: %v", err)
		}
	}
	leave(inside)
	for range MaxInLane {
		if err := hear(over); err != nil {
			t.Errorf("among the first: %v", err)
		}
	}
}

// TestShare: a bot of swift turns that uses all that it may goes by the lane, until it takes little.
func TestShare(t *testing.T) {
	h := open(t, 1, Config{Most: 1})
	h.config.Clock = dozing{Virtual: h.clock}
	h.run(t)
	take := func(percent time.Duration) {
		t.Helper()
		for i := range shareTime / time.Millisecond {
			var inside []*Visit
			for range places() {
				inside = append(inside, enter(t, h.seats[0]))
			}
			if i >= percent {
				for _, v := range inside {
					v.Leave()
				}
				inside = nil
			}
			h.clock.Advance(time.Millisecond)
			for _, v := range inside {
				v.Leave()
			}
		}
		h.stay(t, h.seats[0], 0)
	}
	h.stay(t, h.seats[0], 0) // the first share is of the time since ever
	for _, row := range []struct {
		percent time.Duration
		want    bool
	}{{MaxShare - 10, false}, {MaxShare + 10, true}, {lightShare + 5, true}, {lightShare - 5, false}, {MaxShare + 10, true}} {
		take(row.percent)
		if got := h.seats[0].slow(); got != row.want {
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
