package repertoire

import (
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/lull"
)

// TestLull: who waits for others leaves the place to whoever comes, takes it back afterwards, and has not computed meanwhile.
func TestLull(t *testing.T) {
	h := open(t, 1, Config{Most: 1})
	h.run(t)
	s := h.seats[0]
	var inside []*Visit
	var ends []func()
	for range places() {
		v := enter(t, s)
		ctx := v.Context(t.Context())
		first, second := lull.Begin(ctx), lull.Begin(ctx)
		first()
		inside, ends = append(inside, v), append(ends, second)
	}
	for range 100 * paceTurns { // there is room for others
		enter(t, s).Leave()
		h.clock.Advance(SlowTurn)
	}
	for _, end := range ends {
		end()
	}
	if len(s.places) != places() {
		t.Errorf("%d places are taken after the lulls", len(s.places))
	}
	for _, v := range inside {
		v.Leave()
	}
	if len(s.places) != 0 || s.slow() {
		t.Errorf("%d places are taken when all have left; slow %v", len(s.places), s.slow())
	}
}

// waiting is a clock that tells until when somebody rests.
type waiting struct {
	*clock.Virtual
	rests chan<- time.Time
}

func (w waiting) At(t time.Time) (<-chan struct{}, func()) {
	reached, stop := w.Virtual.At(t)
	if !t.After(w.Now().Add(maxRest)) {
		w.rests <- t
	}
	return reached, stop
}

// dozing is a clock by which rests are over at once, and end so late.
type dozing struct {
	*clock.Virtual
	late time.Duration
}

func (d dozing) At(t time.Time) (<-chan struct{}, func()) {
	if !t.After(d.Now().Add(maxRest)) {
		d.Set(t.Add(d.late))
	}
	return d.Virtual.At(t)
}

// TestBreathe: a long turn rests while others are there, for as long as it has computed and longer when processors are
// scarce, and that is no time of its own; one that is alone goes on at once, and so does a swift one.
func TestBreathe(t *testing.T) {
	h := open(t, 2, Config{Most: 2})
	rests := make(chan time.Time)
	h.config.Clock = waiting{h.clock, rests}
	h.run(t)
	v := enter(t, h.seats[0])
	rest := func(computed, late time.Duration) time.Duration {
		t.Helper()
		h.clock.Advance(computed)
		done := make(chan time.Duration, 1)
		go func() { done <- v.Breathe() }()
		select {
		case until := <-rests:
			h.clock.Set(until.Add(late))
			return <-done
		case rested := <-done:
			return rested
		}
	}
	var computed, rested time.Duration
	for _, row := range []struct {
		name                 string
		others               bool
		computed, late, want time.Duration
	}{
		{"a swift turn", true, SlowTurn / 2, 0, 0},
		{"a long one", true, SlowTurn, 0, SlowTurn},
		{"too soon to look", true, breathGap / 2, 0, 0},
		{"a little late to go on", true, 2 * breathGap, lateWake / 2, 2*breathGap + breathGap/2 + lateWake/2},
		{"too late", true, 2 * breathGap, lateWake, 2*breathGap + lateWake},
		{"while processors are scarce", true, 2 * breathGap, 0, scarceTimes * 2 * breathGap},
		{"for long at a time", true, swiftTime - time.Millisecond, 0, maxRest},
		{"alone", false, scarceTime, 0, 0},
		{"when they are scarce no more", true, 2 * breathGap, 0, 2 * breathGap},
	} {
		if row.others {
			enter(t, h.seats[1]).Leave()
		}
		got := rest(row.computed, row.late)
		if got != row.want {
			t.Errorf("%s: rested for %s, want %s", row.name, got, row.want)
		}
		computed += row.computed
		rested += got
	}
	v.Leave()
	if v.spent != computed || v.rested != rested {
		t.Errorf("computed for %s, rested for %s, want %s, %s", v.spent, v.rested, computed, rested)
	}
}

// TestOwed: what a turn of a slow bot has computed since it rested, the next one rests for before it begins.
func TestOwed(t *testing.T) {
	h := open(t, 2, Config{Most: 2})
	rests := make(chan time.Time)
	h.config.Clock = waiting{h.clock, rests}
	h.run(t)
	h.slow(t, h.seats[0])
	for _, row := range []struct {
		name             string
		computed, passed time.Duration
		others           bool
		want             time.Duration
	}{
		{"at once", 2 * time.Millisecond, 0, true, 2 * time.Millisecond},
		{"some of it has passed", 4 * time.Millisecond, 3 * time.Millisecond, true, time.Millisecond},
		{"all of it has", 2 * time.Millisecond, 2 * time.Millisecond, true, 0},
		{"more than is owed at a time", 2 * maxRest, 0, true, maxRest},
		{"nobody else is there", 2 * time.Millisecond, 0, false, 0},
		{"the clock was set back", 2 * time.Millisecond, -time.Hour, true, maxRest},
	} {
		h.clock.Advance(2 * swiftTime) // nobody was there
		h.stay(t, h.seats[0], row.computed)
		h.clock.Advance(row.passed)
		if row.others {
			enter(t, h.seats[1]).Leave()
		}
		began, done := h.clock.Now(), make(chan error, 1)
		go func() {
			v, err := h.seats[0].Enter(t.Context())
			if err == nil {
				v.Leave()
			}
			done <- err
		}()
		var err error
		select {
		case until := <-rests:
			h.clock.Set(until)
			err = <-done
		case err = <-done:
		}
		if got := h.clock.Now().Sub(began); err != nil || got != row.want {
			t.Errorf("%s: rested for %s, %v, want %s", row.name, got, err, row.want)
		}
	}
}

// TestYields: a bot that takes all that it can get, in turns of any shape, computes no longer than it rests while
// others are there, and much less when processors are scarce. It goes by the lane all the time.
func TestYields(t *testing.T) {
	for _, row := range []struct {
		name     string
		computes time.Duration // until it breathes
		breathes int           // how often
		ends     time.Duration // computed after that
	}{
		{"short turns", 0, 0, time.Millisecond / 2},
		{"long turns", 2 * time.Millisecond, 3, time.Millisecond / 10},
		{"turns that compute long after their last breath", time.Millisecond, 1, 6 * time.Millisecond},
		{"turns that never breathe", 0, 0, 7 * time.Millisecond},
	} {
		for name, late := range map[string]time.Duration{"": 0, ", while processors are scarce": lateWake} {
			t.Run(row.name+name, func(t *testing.T) {
				h := open(t, 2, Config{Most: 2})
				h.config.Clock = dozing{h.clock, late}
				h.seats[0].places = make(chan struct{}, 1) // that one turn after the other uses up
				h.run(t)
				others := func() { enter(t, h.seats[1]).Leave() }
				turns := func() (computed time.Duration) {
					others()
					v := enter(t, h.seats[0])
					for range row.breathes {
						h.clock.Advance(row.computes)
						others()
						v.Breathe()
					}
					h.clock.Advance(row.ends)
					v.Leave()
					return time.Duration(row.breathes)*row.computes + row.ends
				}
				for began := h.clock.Now(); h.clock.Now().Sub(began) < 3*shareTime; {
					turns()
				}
				times := time.Duration(1)
				if late > 0 {
					times = scarceTimes
				}
				began, computed := h.clock.Now(), time.Duration(0)
				for range 200 {
					computed += turns()
					if !h.seats[0].slow() {
						t.Fatal("it does not count as slow")
					}
				}
				if rested := h.clock.Now().Sub(began) - computed; rested < times*computed*99/100 {
					t.Errorf("computed for %s, rested for %s", computed, rested)
				}
			})
		}
	}
}
