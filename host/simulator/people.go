package simulator

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/simulator/company"
	"github.com/footlight-bots/footlight/host/simulator/weather"
	"github.com/footlight-bots/footlight/host/store"
)

// person is somebody with a phone.
type person struct {
	key   store.Key
	lines []line
	said  int // how many lines

	humans, spoken int // how many humans are to write to the person, and have

	routed        bool // the thread changes hands
	moves, passed int  // how often it is to do so, and has
}

// line is something that a person says, and when.
type line struct {
	form string
	wait time.Duration // after the line before
	tap  bool          // by a button
	rest bool          // followed by a mark that starts no turn

	human time.Duration // a human writes to the person so much later; 0: nobody does
	taken time.Duration // the Page's inbox gets the thread so much later; 0: it does not
	given time.Duration // and the bot gets it back so much later than that
}

// bad tells whether nobody can answer it.
func (l line) bad() bool { return l.form == company.Poison || l.form == company.Deadly }

// invent draws what a person will say.
func invent(r *rand.Rand, k store.Key, f weather.Weather) *person {
	p := &person{key: k, routed: r.Float64() < f.Route}
	names := company.FormNames
	if p.routed {
		names = company.Routed
	}
	gaps := []time.Duration{0, 300 * time.Millisecond, 8 * time.Second, 40 * time.Second}
	favourite := gaps[r.IntN(len(gaps))]
	for i := range 1 + r.IntN(f.Messages) {
		gap := favourite
		switch {
		case i == 0 && f.Throng > 0:
			gap = 50 * time.Millisecond
		case i == 0:
			gap = 10 * time.Second
		case r.IntN(3) == 0:
			gap = gaps[r.IntN(len(gaps))]
		}
		form := names[r.IntN(len(names))]
		if r.Float64() < f.Poison {
			if form = company.Poison; r.IntN(3) == 0 {
				form = company.Deadly
			}
		}
		var human time.Duration
		if !p.routed && r.Float64() < f.Human {
			human = time.Duration(1+r.Int64N(int64(20*time.Second))) * time.Duration(r.IntN(2)+1) / 2
		}
		var taken, given time.Duration
		if p.routed && r.IntN(4) == 0 {
			taken, given = time.Duration(1+r.Int64N(int64(10*time.Second))), time.Duration(1+r.Int64N(int64(30*time.Second)))
		}
		p.lines = append(p.lines, line{
			human: human, taken: taken, given: given,
			form: form, wait: time.Duration(r.Float64() * float64(gap)).Truncate(time.Millisecond),
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
		if l.human > 0 {
			p.humans++
			w.later(l.human.Truncate(time.Millisecond), "a human writes to "+p.key.Person, func() {
				w.report.Faults["human takes the word"]++
				p.spoken++
				w.perform(emulator.Action{Page: p.key.Page, Person: p.key.Person, Kind: "inbox", Text: fmt.Sprintf("human %d", i+1)})
			})
		}
		if l.taken > 0 {
			p.moves += 2
			w.later(l.taken.Truncate(time.Millisecond), "the inbox gets the thread of "+p.key.Person, func() { w.route(p, "human") })
			w.later((l.taken + l.given).Truncate(time.Millisecond), "the bot gets the thread of "+p.key.Person, func() { w.route(p, "bot") })
		}
	}
}

// route gives a thread to humans in the Page's inbox, or to the bot.
func (w *world) route(p *person, to string) {
	w.report.Faults["thread goes to a "+to]++
	p.passed++
	w.perform(emulator.Action{Page: p.key.Page, Person: p.key.Person, Kind: to})
}

// fetch has the bot get back the threads that its script gave away.
func (w *world) fetch() {
	for _, p := range w.people {
		if t, err := w.emulator.Thread(p.key.Page, p.key.Person); p.routed && err == nil && t.Owner == emulator.InboxApp {
			w.route(p, "bot")
		}
	}
}

// repass has humans take and give back the threads of whose way the store has lost a word: a bot that does not know of it is silent for a day.
func (w *world) repass() {
	for _, p := range w.people {
		if t, err := w.emulator.Thread(p.key.Page, p.key.Person); err == nil && t.Owner != emulator.InboxApp && w.ledger.talk(p.key).robbed() {
			w.route(p, "human")
			w.route(p, "bot")
		}
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
