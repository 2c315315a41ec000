package simulator

import (
	"fmt"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/simulator/crowd"
	"github.com/footlight-bots/footlight/host/store"
)

// person is somebody with a phone.
type person struct {
	crowd.Person
	key  store.Key
	said int // how many lines

	humans, spoken int // how many humans are to write to the person, and have
	moves, passed  int // how often the thread is to change hands, and has
}

// live says a person's lines, each in its time.
func (w *world) live(p *person) {
	for i, l := range p.Lines {
		if !w.rest(l.Wait) {
			return
		}
		text := fmt.Sprintf("%s %d", l.Form, i+1)
		a := emulator.Action{Page: p.key.Page, Person: p.key.Person, Kind: "say", Text: text}
		if l.Tap {
			a.Kind, a.Payload = "postback", text
		}
		w.act(p.key.Person+" says "+text, func() {
			p.said++
			w.perform(a)
			if l.Rest {
				w.perform(emulator.Action{Page: p.key.Page, Person: p.key.Person, Kind: "read"})
			}
		})
		if l.Human > 0 {
			p.humans++
			w.later(l.Human.Truncate(time.Millisecond), "a human writes to "+p.key.Person, func() {
				w.report.Faults["human takes the word"]++
				p.spoken++
				w.perform(emulator.Action{Page: p.key.Page, Person: p.key.Person, Kind: "inbox", Text: fmt.Sprintf("human %d", i+1)})
			})
		}
		if l.Taken > 0 {
			p.moves += 2
			w.later(l.Taken.Truncate(time.Millisecond), "the inbox gets the thread of "+p.key.Person, func() { w.route(p, "human") })
			w.later((l.Taken + l.Given).Truncate(time.Millisecond), "the bot gets the thread of "+p.key.Person, func() { w.route(p, "bot") })
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
		if t, err := w.emulator.Thread(p.key.Page, p.key.Person); p.Routed && err == nil && t.Owner == emulator.InboxApp {
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
