package simulator

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/store"
)

// person is somebody with a phone.
type person struct {
	key   store.Key
	lines []line
	said  int // how many lines
}

// line is something that a person says, and when.
type line struct {
	form string
	wait time.Duration // after the line before
	tap  bool          // by a button
	rest bool          // followed by a mark that starts no turn
}

// invent draws what a person will say.
func invent(r *rand.Rand, k store.Key, most int) *person {
	p := &person{key: k}
	gaps := []time.Duration{0, 300 * time.Millisecond, 8 * time.Second, 40 * time.Second}
	favourite := gaps[r.IntN(len(gaps))]
	for i := range 1 + r.IntN(most) {
		gap := favourite
		if i == 0 {
			gap = 10 * time.Second
		} else if r.IntN(3) == 0 {
			gap = gaps[r.IntN(len(gaps))]
		}
		p.lines = append(p.lines, line{
			form: formNames[r.IntN(len(formNames))], wait: time.Duration(r.Float64() * float64(gap)).Truncate(time.Millisecond),
			tap: r.IntN(5) == 0, rest: r.IntN(10) == 0,
		})
	}
	return p
}

// live says a person's lines, each in its time.
func (w *world) live(p *person) {
	for i, l := range p.lines {
		if !w.rest(l.wait) {
			return
		}
		text := fmt.Sprintf("%s %d", l.form, i+1)
		a := emulator.Action{Page: p.key.Page, Person: p.key.Person, Kind: "say", Text: text}
		if l.tap {
			a.Kind, a.Payload = "postback", text
		}
		w.act(p.key.Person+" says "+text, func() {
			p.said++
			w.perform(a)
			if l.rest {
				w.perform(emulator.Action{Page: p.key.Page, Person: p.key.Person, Kind: "read"})
			}
		})
	}
}

func (w *world) perform(a emulator.Action) {
	if err := w.emulator.Act(w.ctx, a); err != nil {
		w.violate("%s cannot act: %v", a.Person, err)
	}
}

// act does something when the schedule lets it.
func (w *world) act(label string, do func()) {
	_ = w.park(w.ctx, &call{kind: ofStage, label: label, do: func() error {
		do()
		return nil
	}}) // when the run has ended it is not done
}

// rest waits; it returns false when the run has ended.
func (w *world) rest(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-w.ctx.Done():
		return false
	}
}

// later does something after a while.
func (w *world) later(d time.Duration, label string, do func()) {
	w.extras.Go(func() {
		if w.rest(d) {
			w.act(label, do)
		}
	})
}
