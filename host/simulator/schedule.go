package simulator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing/synctest"
	"time"
)

// maxSteps is after how many steps a run is given up: then somebody spins.
const maxSteps = 400_000

// play lets everything happen, one thing after the other: when all are quiet, one of those that
// wait is picked; only when nobody waits time passes. It returns when done says so.
func (w *world) play(done func() bool) {
	for {
		synctest.Wait()
		if done() {
			return
		}
		c := w.pick()
		if c == nil {
			w.pass()
			continue
		}
		if w.steps++; w.steps > maxSteps {
			w.violate("no end after %d steps: somebody spins", maxSteps)
			return
		}
		if w.chance(w.weather.Linger) {
			time.Sleep(time.Millisecond)
			synctest.Wait()
		}
		w.happen(c)
	}
}

// pick draws one of the calls that can happen now.
func (w *world) pick() *call {
	now := time.Now()
	ready := w.waiting(func(c *call) bool { return c.eligible(now) })
	if len(ready) == 0 {
		return nil
	}
	if w.chance(w.weather.Throng) {
		if others := slices.DeleteFunc(slices.Clone(ready), func(c *call) bool { return c.kind == toGraph }); len(others) > 0 {
			ready = others
		}
	}
	return ready[w.rand.IntN(len(ready))]
}

// waiting are the calls that wait, some of them, sorted: in which order they came in one instant is the
// runtime's doing and no seed's.
func (w *world) waiting(which func(*call) bool) []*call {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []*call
	for _, c := range w.parked {
		if which(c) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b *call) int {
		return cmp.Or(strings.Compare(a.label, b.label), a.number-b.number)
	})
	return out
}

// pass lets time pass until somebody wants something.
func (w *world) pass() {
	next := w.horizon
	w.mu.Lock()
	for _, c := range w.parked {
		at := c.ready
		if c.host != nil && !c.orphan && !c.through && at.Before(c.host.stopped) {
			at = c.host.stopped
		}
		if at.Before(next) {
			next = at
		}
	}
	w.mu.Unlock()
	for _, h := range w.hosts {
		if now := time.Now(); h.stopped.After(now) && h.stopped.Before(next) {
			next = h.stopped
		}
	}
	timer := time.NewTimer(time.Until(next))
	defer timer.Stop()
	select {
	case <-w.poke:
	case <-timer.C:
	}
	w.wake()
}

// happen gives a call its fate.
func (w *world) happen(c *call) {
	switch {
	case c.answered:
		w.remove(c)
		c.back <- c.err
		return
	case c.orphan:
		w.remove(c)
		if c.kind != toStore && c.kind != toGraph || w.chance(0.5) {
			return
		}
		w.note(c, "happens, though nobody waits for it")
		w.effect(c)
		return
	case c.kind == ofStage:
		w.note(c, "")
		w.reply(c, c.do(), 0)
		return
	case c.kind == toStore:
		w.keep(c)
	case c.kind == toGraph:
		w.transmit(c)
	default:
		w.post(c)
	}
}

// chance draws with a probability. What cannot happen draws nothing.
func (w *world) chance(p float64) bool { return p > 0 && w.rand.Float64() < p }

// between draws a duration.
func (w *world) between(least, most time.Duration) time.Duration {
	return (least + time.Duration(w.rand.Int64N(int64(most-least)+1))).Truncate(time.Millisecond)
}

// note writes a step down, and makes it part of the run's sum.
func (w *world) note(c *call, fate string) {
	line := fmt.Sprintf("%9.3f  %s", time.Since(w.start).Seconds(), c.label)
	if fate != "" {
		line += ": " + fate
	}
	w.tell(line)
}

func (w *world) tell(line string) {
	_, _ = w.sum.Write([]byte(line)) // a hash takes everything
	if w.trace != nil {
		_, _ = fmt.Fprintln(w.trace, strings.TrimRight(line, "\n")) // for people to look at
	}
}

// fault counts a misfortune and writes it down.
func (w *world) fault(name string, c *call) {
	w.report.Faults[name]++
	w.note(c, name)
}
