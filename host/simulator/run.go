package simulator

import (
	"fmt"
	"time"
)

const (
	// drainFor is how long everything may take to come to rest once the sky is clear.
	drainFor = 45 * time.Minute
	// restFor is how long it must be quiet to be at rest.
	restFor = 12 * time.Second
	// operatorEvery is how often an operator looks for paused Pages.
	operatorEvery = 20 * time.Second
	// stormFor is for how long misfortune lasts after the last person has spoken, at most.
	stormFor = time.Minute
)

// run lets the run happen: the storm, the calm after it, the end of the hosts; then the audit.
func (w *world) run() {
	w.horizon = w.start.Add(24 * time.Hour)
	w.print()
	for i := range w.weather.Hosts {
		m := &machine{name: fmt.Sprintf("h%d", i+1)}
		m.off.Store(w.skewDraw())
		w.machines = append(w.machines, m)
		w.boot(m)
	}
	for _, p := range w.people {
		w.extras.Go(func() { w.live(p) })
	}
	w.play(w.silence(w.stormFor()))
	w.calm()
	deadline := time.Now().Add(drainFor)
	w.play(func() bool { return w.atRest() || time.Now().After(deadline) })
	if what := w.unrest(); what != "" {
		w.violate("not at rest %s after the storm: %s", drainFor, what)
	}
	w.farewell()
	w.audit()
}

func (w *world) stormFor() time.Duration {
	if w.weather.Calm() {
		return 0
	}
	return w.between(0, stormFor)
}

// silence tells whether everybody has said everything, some time ago.
func (w *world) silence(ago time.Duration) func() bool {
	var since time.Time
	return func() bool {
		for _, p := range w.people {
			if p.said < len(p.Lines) {
				return false
			}
		}
		if since.IsZero() {
			since = time.Now()
			w.horizon = since.Add(ago)
		}
		return !time.Now().Before(w.horizon)
	}
}

// calm ends all misfortune: machines run again, tokens are mended, and an operator looks
// after paused Pages from now on.
func (w *world) calm() {
	w.tell("the storm is over")
	blackouts := w.weather.Power > 0
	w.weather, w.graphAway = w.weather.Clear(), time.Time{}
	for _, h := range w.hosts {
		h.storeCut, h.graphCut = time.Time{}, time.Time{}
	}
	for _, m := range w.machines {
		if m.host == nil {
			w.boot(m)
		}
	}
	for _, p := range w.pages {
		w.mend(p.ID)
	}
	if w.publishes() && blackouts { // who has lost orders gives them again
		w.extras.Go(func() { w.act("the press orders again", w.order) })
	}
	w.horizon = time.Now().Add(24 * time.Hour)
	if blackouts {
		w.extras.Go(func() { w.act("humans pass threads again", w.repass) })
	}
	w.extras.Go(func() {
		for w.rest(operatorEvery) {
			w.act("operator", func() {
				for _, p := range w.pages {
					w.resume(p.ID)
				}
				w.fetch()
				w.reorder()
			})
		}
	})
}

// unrest is what keeps the run from being at rest.
func (w *world) unrest() string {
	if n := w.carriers.Load(); n > 0 {
		return fmt.Sprintf("%d posts are on their way", n)
	}
	for _, h := range w.hosts {
		if h.alive() && time.Now().Before(h.stopped) {
			return h.name + " is stopped"
		}
	}
	if slow := w.waiting(func(c *call) bool { return c.slowed && !c.orphan }); len(slow) > 0 { // it may be to take in what the platform tells no more
		return slow[0].label + " takes its time"
	}
	for _, p := range w.people {
		t := w.ledger.talk(p.key)
		if arrivals(t.heard, t.lost) < len(p.Lines) {
			return fmt.Sprintf("%s has said %d things, %d have arrived", p.key.Person, len(p.Lines), arrivals(t.heard, t.lost))
		}
		if p.spoken < p.humans || arrivals(t.humans, t.unheeded) < p.spoken {
			return fmt.Sprintf("humans write %d things to %s, %d have, %d have arrived", p.humans, p.key.Person, p.spoken, len(t.humans))
		}
		if moves := p.passed + t.given; p.passed < p.moves || t.controls() < moves {
			return fmt.Sprintf("the thread of %s changes hands %d times or more, it has %d times, %d are known", p.key.Person, p.moves, moves, t.controls())
		}
	}
	if left := w.ledger.quiet(); left != "" {
		return "work is left for " + left
	}
	if w.report.Orders < len(w.press.gaps) {
		return fmt.Sprintf("%d orders of %d were given", w.report.Orders, len(w.press.gaps))
	}
	return w.astray()
}

// atRest tells whether nothing has been left to do for a while.
func (w *world) atRest() bool {
	if w.unrest() != "" {
		w.quietSince = time.Time{}
		return false
	}
	if w.quietSince.IsZero() {
		w.quietSince = time.Now()
	}
	return time.Since(w.quietSince) >= restFor
}

// farewell stops all hosts, which must end by themselves.
func (w *world) farewell() {
	deadline := time.Now().Add(time.Minute)
	for _, h := range w.hosts {
		if h.alive() {
			h.quits = true // it takes no more posts
			h.cancel()
		}
	}
	ended := func() bool {
		for _, h := range w.hosts {
			select {
			case <-h.ended:
			default:
				if h.alive() {
					return false
				}
			}
		}
		return true
	}
	w.play(func() bool { return ended() || time.Now().After(deadline) })
	if !ended() {
		w.violate("a host does not stop")
	}
}
