package simulator

import (
	"errors"
	"net/http"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/simulator/speech"
	"github.com/footlight-bots/footlight/host/simulator/weather"
)

var (
	errStore = errors.New("connection to the store is broken")
	errCut   = errors.New("the store cannot be reached")
)

// strike lets misfortune befall the host of a call; taken tells that the call will not be
// answered now.
func (w *world) strike(c *call) (taken bool) {
	h, f := c.host, w.weather
	switch {
	case w.chance(f.Crash):
		w.fault("crash", c)
		if w.chance(0.5) {
			w.note(c, "happens before the crash")
			w.effect(c)
		}
		w.remove(c)
		w.crash(h)
		return true
	case w.chance(f.Pause):
		w.fault("pause", c)
		d := w.between(100*time.Millisecond, 5*time.Second)
		if w.chance(0.5) {
			d = w.between(delivery.LeaseFor, 3*delivery.LeaseFor)
		}
		w.stop(h, d)
		return true
	case !h.quits && w.chance(f.Quit):
		w.fault("stop", c)
		w.quit(h)
	case w.chance(f.Jump):
		w.fault("clock jump", c)
		h.machine.off.Store(w.skewDraw())
		h.hurt("clock jump", 0)
	case w.chance(f.StoreCut):
		w.fault("store cut", c)
		h.storeCut = time.Now().Add(w.cutFor())
		h.hurt("store cut", time.Until(h.storeCut))
	case w.chance(f.Outage):
		w.fault("outage of the platform", c)
		w.graphAway = time.Now().Add(w.between(time.Minute, 15*time.Minute))
	case w.chance(f.GraphCut):
		w.fault("platform cut", c)
		h.graphCut = time.Now().Add(w.cutFor())
	}
	return false
}

func (w *world) cutFor() time.Duration {
	if w.rand.IntN(2) == 0 {
		return w.between(0, 5*time.Second)
	}
	return w.between(0, 3*delivery.LeaseFor)
}

// skewDraw draws how far a clock is from the right time.
func (w *world) skewDraw() int64 {
	return int64(time.Duration((2*w.rand.Float64() - 1) * float64(w.weather.Skew)).Truncate(time.Millisecond))
}

// effect lets a call happen, whoever hears of it.
func (w *world) effect(c *call) {
	if c.kind == toGraph {
		w.carried(c)
		return
	}
	_ = c.do()
}

// keep gives a call to the store its fate.
func (w *world) keep(c *call) {
	h, f := c.host, w.weather
	if w.strike(c) {
		return
	}
	if len(w.marks) > 0 && w.chance(f.Power) {
		w.blackout(c)
		return
	}
	switch {
	case time.Now().Before(h.storeCut):
		if w.chance(0.1) {
			w.note(c, "happens, the answer is cut off")
			_ = c.do()
		}
		w.note(c, "the store is cut off")
		w.reply(c, errCut, min(w.between(0, 2*time.Second), time.Until(h.storeCut)))
	case w.chance(f.StoreErr):
		w.fault("store error", c)
		h.hurt("store error", 0)
		if w.chance(0.5) {
			w.note(c, "happens, the answer is lost")
			_ = c.do()
		}
		w.reply(c, errStore, 0)
	case !c.slowed && w.chance(f.StoreSlow):
		w.fault("slow store", c)
		d := w.between(time.Millisecond, 2*time.Second)
		if w.chance(0.02) {
			d = w.between(delivery.LeaseFor, 2*delivery.LeaseFor)
		}
		h.hurt("slow store", d)
		c.slowed, c.ready = true, time.Now().Add(d)
	default:
		err := c.do()
		if err != nil {
			w.note(c, err.Error())
		} else {
			w.note(c, "")
		}
		w.reply(c, err, 0)
	}
}

// transmit gives a call to the platform its fate.
func (w *world) transmit(c *call) {
	h, f := c.host, w.weather
	if w.strike(c) {
		return
	}
	switch {
	case time.Now().Before(w.graphAway) && w.chance(0.5): // a gateway answers for it
		w.note(c, "the platform is away")
		c.answer = speech.NewAnswer(http.StatusServiceUnavailable, 0)
		c.sends.ended("away")
		w.reply(c, nil, w.between(0, time.Second))
	case time.Now().Before(h.graphCut), time.Now().Before(w.graphAway):
		w.note(c, "the platform is cut off")
		c.sends.ended("not sent")
		w.reply(c, errDial, w.between(0, time.Second))
	case w.chance(f.Lose):
		w.fault("answer of the platform lost", c)
		if w.chance(0.5) {
			w.note(c, "happens")
			w.halve(c)
			w.carried(c)
		}
		c.sends.ended("lost")
		w.reply(c, errReset, w.between(0, time.Second))
	case w.chance(f.Hang):
		w.fault("platform hangs", c)
		if w.chance(0.5) {
			w.note(c, "happens")
			w.carried(c)
		}
		c.sends.ended("lost")
		w.remove(c)
	case len(c.sends) > 0 && w.chance(f.Refuse):
		w.refuse(c)
	case w.chance(f.DeadToken):
		w.fault("dead token", c)
		w.killToken(c.page)
	case !c.slowed && w.chance(f.Slow):
		w.fault("slow platform", c)
		c.slowed, c.ready = true, time.Now().Add(w.between(time.Millisecond, 8*time.Second))
	default:
		w.carried(c)
		w.note(c, "")
		var after time.Duration
		if !c.slowed && w.chance(f.Slow/2) {
			after = w.between(time.Millisecond, 8*time.Second)
		}
		c.sends.done(after)
		w.reply(c, nil, after)
	}
}

// refuse has the platform refuse the message of a call. Of several it refuses some, each in its own way, or leaves one of
// them out of the answer, or refuses all of them.
func (w *world) refuse(c *call) {
	several := len(c.sends) > 1
	switch kind := w.rand.IntN(3); {
	case several && kind == 0:
		r := weather.Draw(w.rand, weather.Whole)
		w.arm(r.Fault, "batch", "")
		for _, a := range c.sends {
			a.asked = r.Means
		}
		w.fault("platform refuses a batch: "+r.Means, c)
	case several && kind == 1:
		w.befall(c.sends[w.rand.IntN(len(c.sends))], weather.Missing)
		w.fault("platform leaves an answer out of a batch", c)
	default:
		one := w.rand.IntN(len(c.sends))
		for i, a := range c.sends {
			if i == one || several && w.chance(0.3) {
				w.fault("platform refuses: "+w.befall(a, weather.Refusals), c)
			}
		}
	}
	w.carried(c)
	c.sends.done(0)
	w.reply(c, nil, 0)
}

// befall asks the platform for one of several refusals of a message, and tells what it means.
func (w *world) befall(a *attempt, from []weather.Refusal) string {
	r := weather.Draw(w.rand, from)
	w.arm(r.Fault, "messages", a.key.Person)
	a.asked = r.Means
	return r.Means
}

// halve keeps some of several messages from arriving, of whose call there will be no answer.
func (w *world) halve(c *call) {
	if len(c.sends) < 2 || w.chance(0.5) {
		return
	}
	w.fault("platform takes a part of a batch", c)
	for _, a := range c.sends {
		if w.chance(0.5) {
			w.arm(weather.Missing[0].Fault, "messages", a.key.Person)
			a.asked = "lost"
		}
	}
}

func (w *world) arm(f emulator.Fault, endpoint, person string) {
	f.Endpoint, f.Recipient = endpoint, person
	if _, err := w.emulator.Arm(f); err != nil {
		w.violate("arm a fault: %v", err)
	}
}

// killToken makes all calls of a Page fail until an operator has mended it.
func (w *world) killToken(page string) {
	for _, p := range w.pages {
		if p.ID != page {
			continue
		}
		if err := w.emulator.KillToken(p.Token, 460); err != nil {
			w.violate("kill a token: %v", err)
		}
	}
	w.later(w.between(5*time.Second, 90*time.Second), "mend "+page, func() { w.mend(page) })
}
