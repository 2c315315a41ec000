package person

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
)

// Portrait is what is kept of somebody, as people read it.
type Portrait struct {
	Page      string     `json:"page"`
	Person    string     `json:"person"`
	At        time.Time  `json:"at"` // when it was drawn
	Topic     string     `json:"topic"`
	Human     bool       `json:"human,omitempty"` // a human has the thread: the bot is silent
	Away      time.Time  `json:"away,omitzero"`   // with Human: until then at most
	Muted     bool       `json:"muted,omitempty"` // has unsubscribed
	Turns     uint64     `json:"turns"`
	Since     time.Time  `json:"since,omitzero"`
	Heard     time.Time  `json:"heard,omitzero"`
	Window    Window     `json:"window"`
	Variables []Variable `json:"variables,omitempty"` // the author's first
	Inputs    []string   `json:"inputs,omitempty"`    // newest first
	Replies   []string   `json:"replies,omitempty"`
	Plugins   []string   `json:"plugins,omitempty"` // that keep something about the person
	Events    []Waiting  `json:"events,omitempty"`  // heard and not answered yet
	Sends     []Waiting  `json:"sends,omitempty"`   // to be sent
	Reminders []Reminder `json:"reminders,omitempty"`
	Letters   []Letter   `json:"letters,omitempty"` // given up
	Hold      time.Time  `json:"hold,omitzero"`     // nothing is sent before it
	Paused    *Paused    `json:"paused,omitempty"`  // the Page is
}

// Window is the messaging window (messenger.md section 3.7).
type Window struct {
	Open   bool      `json:"open"`
	Closes time.Time `json:"closes,omitzero"` // closed, when it has passed; zero: never opened
}

// Variable is a variable and what it reads as.
type Variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Waiting is an event or a send.
type Waiting struct {
	ID    string    `json:"id"`
	At    time.Time `json:"at"` // of an event: when it happened; of a send: when it is due
	Kind  string    `json:"kind"`
	Text  string    `json:"text,omitempty"`
	Tries int       `json:"tries,omitempty"` // that failed
	Stay  bool      `json:"stay,omitempty"`  // not cancelled when the person writes
}

// Reminder is something to be said later.
type Reminder struct {
	Name string    `json:"name"`
	Due  time.Time `json:"due"`
	Text string    `json:"text,omitempty"`
}

// Letter is something that was given up.
type Letter struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	What   string    `json:"what"`
	Text   string    `json:"text,omitempty"`
	Reason string    `json:"reason"`
}

// Paused is why and how long a Page sends nothing.
type Paused struct {
	Page   string    `json:"page"`
	Until  time.Time `json:"until,omitzero"` // zero: until it is resumed
	Reason string    `json:"reason"`
}

// Show draws the portrait of somebody.
func (d *Desk) Show(ctx context.Context, k store.Key) (Portrait, error) {
	c, state, err := d.read(ctx, k)
	if err != nil {
		return Portrait{}, err
	}
	pauses, err := d.Paused(ctx)
	if err != nil {
		return Portrait{}, err
	}
	now := d.clock.Now()
	p := draw(c, state, now)
	for _, pause := range pauses {
		if pause.Page == k.Page && (pause.Until.IsZero() || pause.Until.After(now)) {
			p.Paused = &pause
		}
	}
	return p, nil
}

func draw(c store.Conversation, s session.State, now time.Time) Portrait {
	p := Portrait{
		Page: c.Key.Page, Person: c.Key.Person, At: now, Topic: s.Topic, Human: s.Topic == ir.Bypass, Muted: s.Muted,
		Turns: s.Turns, Since: s.Since, Heard: s.Heard, Variables: variables(s), Inputs: s.Inputs, Replies: s.Replies,
		Plugins: slices.Sorted(maps.Keys(s.Kept)),
	}
	if !s.Heard.IsZero() {
		p.Window.Closes = s.Heard.Add(messenger.Window)
		p.Window.Open = now.Before(p.Window.Closes)
	}
	if s.Absence != nil && (s.Absence.Until.IsZero() || now.Before(s.Absence.Until)) {
		p.Human, p.Away = true, s.Absence.Until
	}
	for _, e := range c.Events {
		look := delivery.LookAtEvent(e)
		p.Events = append(p.Events, Waiting{ID: e.ID, At: e.At, Kind: look.Kind, Text: look.Text})
	}
	for _, one := range c.Sends {
		if _, reminder := delivery.ReminderOf(one); reminder {
			continue // it is among the reminders
		}
		look := delivery.LookAtSend(one)
		p.Sends = append(p.Sends, Waiting{ID: one.ID, At: one.Due, Kind: look.Kind, Text: look.Text, Tries: one.Tries, Stay: one.Stay})
	}
	if len(p.Sends) > 0 && c.Hold.After(now) {
		p.Hold = c.Hold
	}
	for name, r := range s.Reminders {
		p.Reminders = append(p.Reminders, Reminder{Name: name, Due: r.Due, Text: textOf(r.Content)})
	}
	slices.SortFunc(p.Reminders, func(a, b Reminder) int {
		if order := a.Due.Compare(b.Due); order != 0 {
			return order
		}
		return strings.Compare(a.Name, b.Name)
	})
	for _, l := range c.Letters {
		look := delivery.LookAtLetter(l)
		p.Letters = append(p.Letters, Letter{ID: l.ID, At: l.At, Kind: l.Kind, What: look.Kind, Text: look.Text, Reason: l.Reason})
	}
	return p
}

// variables are the author's first, then those of the host.
func variables(s session.State) []Variable {
	var list []Variable
	for _, name := range s.Names() {
		list = append(list, Variable{Name: name, Value: session.TextOf(s.Vars[name])})
	}
	return list
}

// textOf is what a reminder says, scripts as they are written.
func textOf(c reply.Content) string {
	var b strings.Builder
	for _, part := range c {
		b.WriteString(part.Text)
		b.WriteString(part.Script)
	}
	return b.String()
}
