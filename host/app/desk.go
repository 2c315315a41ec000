package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/footlight-bots/footlight/host/bell"
	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/draft"
	"github.com/footlight-bots/footlight/host/foyer"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
)

// maxTurns is how many turns the desk can explain; older ones are forgotten.
const maxTurns = 200

// Desk is one person in the emulator who talks to the bot, and what an author
// wants to know about it. It shows and does; the messages take the same way as
// those of Messenger. It is safe for concurrent use.
type Desk struct {
	delivery.Silent
	emulator *emulator.Emulator
	bot      *bot.Bot
	store    store.Store
	clock    *clock.Running
	page     string
	draft    *draft.Draft // nil: nobody looks at what is published
	unnamed  string       // why nothing can be published under the folder's name; empty: it can
	order    string       // the command that publishes

	mu       sync.Mutex
	person   emulator.Person
	turns    []delivery.Taken     // of person, oldest first
	setbacks map[string][]setback // by turn
	changes  bell.Bell            // rung when what is shown has changed
}

var (
	_ console.Desk      = (*Desk)(nil)
	_ delivery.Observer = (*Desk)(nil)
)

// key names the person's conversation.
func (d *Desk) key() store.Key {
	d.mu.Lock()
	defer d.mu.Unlock()
	return store.Key{Page: d.page, Person: d.person.ID}
}

// Watch implements console.Desk.
func (d *Desk) Watch() (changed <-chan struct{}, stop func()) { return d.changes.Watch() }

// follow passes on the changes of emulator and bot until ctx ends.
func (d *Desk) follow(ctx context.Context) {
	phone, stopPhone := d.emulator.Watch()
	defer stopPhone()
	scripts, stopScripts := d.bot.Watch()
	defer stopScripts()
	var published <-chan struct{}
	if d.draft != nil {
		watch, stop := d.draft.Watch()
		defer stop()
		published = watch
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-phone:
		case <-scripts:
		case <-published:
		}
		d.changes.Ring()
	}
}

// Taken implements delivery.Observer.
func (d *Desk) Taken(t delivery.Taken) {
	d.mu.Lock()
	if t.Key.Person == d.person.ID {
		d.turns = append(d.turns, t)
		if len(d.turns) > maxTurns {
			for _, old := range d.turns[:len(d.turns)-maxTurns] {
				delete(d.setbacks, old.ID)
			}
			d.turns = d.turns[len(d.turns)-maxTurns:]
		}
	}
	d.mu.Unlock()
	d.changes.Ring()
}

// Sent implements delivery.Observer.
func (d *Desk) Sent(s delivery.Sent) {
	d.mu.Lock()
	if s.Key.Person == d.person.ID {
		d.mark(s)
	}
	d.mu.Unlock()
	d.changes.Ring()
}

// Say implements console.Desk.
func (d *Desk) Say(ctx context.Context, text string) error {
	return d.act(ctx, emulator.Action{Kind: "say", Text: text})
}

// Tap implements console.Desk.
func (d *Desk) Tap(ctx context.Context, title string) error {
	return d.act(ctx, emulator.Action{Kind: "tap", Text: title})
}

// Event implements console.Desk.
func (d *Desk) Event(ctx context.Context, kind, payload string) error {
	a := emulator.Action{Kind: kind}
	switch kind {
	case "get_started": // the button is on offer to newcomers only; an author may tap it at any time
		a.Kind, a.Text, a.Payload = "postback", "Get Started", foyer.StartPayload
	case "postback":
		a.Payload, a.Text = payload, payload
	case "referral", "optin":
		a.Ref = payload
	case "image", "audio", "video", "file":
		a.Kind, a.Type, a.URL = "attachment", kind, payload
	default:
		return fmt.Errorf("%q is nothing a person can do here", kind)
	}
	return d.act(ctx, a)
}

func (d *Desk) act(ctx context.Context, a emulator.Action) error {
	k := d.key()
	a.Page, a.Person = k.Page, k.Person
	return d.emulator.Act(ctx, a)
}

// Reset implements console.Desk: somebody new takes the phone, and what was kept
// of the person before is erased.
func (d *Desk) Reset(ctx context.Context) error {
	before := d.key()
	if err := d.arrive(); err != nil {
		return err
	}
	if before.Person != "" {
		if err := d.store.Erase(ctx, before); err != nil {
			return err
		}
	}
	return d.act(ctx, emulator.Action{Kind: "get_started", Payload: foyer.StartPayload})
}

// arrive puts somebody new in front of the phone.
func (d *Desk) arrive() error {
	person, err := d.emulator.AddPerson(emulator.Person{Page: d.page, FirstName: "Ann", LastName: "Author"})
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.person, d.turns, d.setbacks = person, nil, map[string][]setback{}
	d.mu.Unlock()
	d.changes.Ring()
	return nil
}

// Skip implements console.Desk: the clock of host and emulator jumps to when the
// next message is due.
func (d *Desk) Skip(ctx context.Context) error {
	pending, err := d.pending(ctx)
	if err != nil {
		return err
	}
	if pending == nil {
		return errors.New("nothing waits: there is no delay to skip")
	}
	d.clock.Advance(pending.Due.Sub(d.clock.Now()))
	return nil
}

// pending looks up what waits for its time; nil when nothing does.
func (d *Desk) pending(ctx context.Context) (*console.Pending, error) {
	talk, err := d.store.Read(ctx, d.key())
	if err != nil {
		return nil, err
	}
	var p *console.Pending
	for _, s := range talk.Sends {
		_, reminder := delivery.ReminderOf(s)
		if !s.Due.After(d.clock.Now()) || reminder && p != nil && !p.Reminder {
			continue
		}
		if p == nil || p.Reminder && !reminder { // what the bot is about to say goes before what it will say some day
			p = &console.Pending{Due: s.Due, Reminder: reminder}
		}
		p.Count++
	}
	return p, nil
}

// Idle tells whether all that the person did has been answered, and nothing is on
// its way but what waits for its time.
func (d *Desk) Idle(ctx context.Context) (bool, error) {
	if err := d.emulator.Settle(ctx); err != nil {
		return false, err
	}
	talk, err := d.store.Read(ctx, d.key())
	if err != nil {
		return false, err
	}
	for _, e := range talk.Events {
		// Echoes of what the bot said are settled by the way; nobody is told.
		if !strings.HasPrefix(e.ID, string(messenger.KindEcho)+"|") {
			return false, nil
		}
	}
	now := d.clock.Now()
	for _, s := range talk.Sends {
		if !s.Due.After(now) {
			return false, nil
		}
	}
	return true, nil
}

// Source implements console.Desk.
func (d *Desk) Source(path string) (string, bool) {
	text, ok := d.bot.Status().Files[path]
	return text, ok
}

// state is the person's session as it is kept.
func (d *Desk) state(ctx context.Context) (session.State, error) {
	talk, err := d.store.Read(ctx, d.key())
	if err != nil {
		return session.State{}, err
	}
	return session.Decode(talk.Session)
}
