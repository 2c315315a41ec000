package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// Accept takes in what one webhook POST told. When it returns without error,
// all that will lead to a turn is durable, notices of the platform are obeyed, and the POST may be acknowledged; after an
// error the whole batch may come again, what was stored already is left out then.
// Echoes of our own sends settle what was in doubt; those of others tell that somebody
// else has the word. Marks and what names no person go no further than the observer.
//
// It may outlast ctx for as long as the store takes to answer, while Run runs: whoever cannot wait
// leaves it behind. What comes of it is good all the same.
func (d *Delivery) Accept(ctx context.Context, events []messenger.Event) error {
	fates := make([]Fate, len(events))
	var keep []store.Event
	for i := range events {
		e, f, err := d.sort(ctx, &events[i])
		if err != nil {
			return fmt.Errorf("delivery: accept: %w", err)
		}
		fates[i] = f
		if e != nil {
			keep = append(keep, *e)
		}
	}
	if len(keep) > 0 {
		fresh, err := d.take(ctx, keep)
		if err != nil {
			return fmt.Errorf("delivery: accept: %w", err)
		}
		if len(fresh) < len(keep) {
			mark(events, fates, fresh)
		}
	}
	var failed error
	for i := range events {
		failed = errors.Join(failed, d.tell(ctx, &events[i], fates[i]))
	}
	return failed
}

// sort says what is to become of an event, and makes of it what is to be stored, if
// anything. What no store takes is set aside: to refuse the POST would bring it back, and all
// that came with it, until the platform gives us up.
func (d *Delivery) sort(ctx context.Context, e *messenger.Event) (*store.Event, Fate, error) {
	n := note{}
	f, id := d.fate(e), e.ID
	switch f {
	case Kept:
		n.Event = e
	case Echo:
		doubt, err := d.awaited(ctx, e)
		if err != nil || !doubt {
			return nil, f, err
		}
		n.Echo = e.Message.Metadata
	case Human, Moved:
		n.Move = d.moved(e)
	case Standby:
		if n.Move = d.moved(e); n.Move == nil {
			return nil, f, nil
		}
		id = "standby|" + id // what comes by both ways is a message still
	default:
		return nil, f, nil
	}
	body, err := n.encode()
	if err != nil {
		return nil, f, err
	}
	out := store.Event{ID: id, Key: store.Key{Page: e.Page, Person: e.Person}, At: e.At, Body: body}
	if n.Echo == "" {
		out.Due = d.ripe(e.At)
	}
	if err := out.Check(); err != nil {
		d.log.ErrorContext(ctx, "event set aside: no store takes it", "page", e.Page, "kind", e.Kind, "error", err)
		return nil, Refused, nil
	}
	return &out, f, nil
}

// fate says what is to become of an event.
func (d *Delivery) fate(e *messenger.Event) Fate {
	switch {
	case e.Person == "":
		return Nobody
	case e.Kind == messenger.KindEcho && e.Message != nil && !d.ours(e.Page, e.Message):
		return Human
	case e.Kind == messenger.KindEcho:
		return Echo
	case d.moved(e) != nil && !e.Standby:
		return Moved
	case e.Standby:
		return Standby
	case !startsTurn(e):
		return NoTurn
	default:
		return Kept
	}
}

// ripe is when an event may be taken that happened at a time: earlier ones may be on
// their way still (messenger.md section 9, rule 4). One that is old enough by the platform's own
// time stamp waits no longer; zero: there is no waiting.
func (d *Delivery) ripe(at time.Time) time.Time {
	now := d.now()
	due := at.Add(d.reorder)
	switch {
	case d.reorder == 0 || !due.After(now):
		return time.Time{}
	case due.After(now.Add(d.reorder)): // a time stamp of the future
		return now.Add(d.reorder)
	default:
		return due
	}
}

// awaited tells whether an echo is of a send that has not been settled. Most echoes
// are of sends that have, and need not be stored.
func (d *Delivery) awaited(ctx context.Context, e *messenger.Event) (bool, error) {
	if e.Message == nil || !IsIntent(e.Message.Metadata) {
		return false, nil
	}
	k := store.Key{Page: e.Page, Person: e.Person}
	if k.Check() != nil {
		return false, nil // we have sent nothing to nobody
	}
	c, err := d.store.Read(ctx, k)
	if err != nil {
		return false, fmt.Errorf("echo: %w", err)
	}
	return slices.ContainsFunc(c.Sends, func(s store.Send) bool { return s.ID == e.Message.Metadata }), nil
}

// mark sets the fate of events that were not fresh to Repeated. In a batch that
// holds an event twice the first one is the fresh one.
func mark(events []messenger.Event, fates []Fate, fresh []store.Event) {
	type name struct {
		key store.Key
		id  string
	}
	left := make(map[name]bool, len(fresh))
	for _, e := range fresh {
		left[name{e.Key, e.ID}] = true
	}
	for i, e := range events {
		n := name{store.Key{Page: e.Page, Person: e.Person}, e.ID}
		if fates[i] != Kept {
			continue
		}
		if !left[n] {
			fates[i] = Repeated
		}
		delete(left, n)
	}
}

// take stores events and hands their conversations to workers at once, as far as there are free ones: that saves the store the search for
// what has just come. Then it hears the store out even if the caller goes away: a lease of which nobody hears would keep everybody waiting.
func (d *Delivery) take(ctx context.Context, events []store.Event) ([]store.Event, error) {
	free := d.crew.take(d.crew.wanted(events))
	if free > 0 {
		ctx = d.crew.hard
	}
	ends := d.clock.Elapsed() + LeaseFor
	fresh, claimed, err := d.store.Accept(ctx, d.now(), events, LeaseFor, free)
	d.crew.give(free, claimed, ends)
	d.announce(fresh)
	return fresh, err
}

// announce makes the claim loop look for new events when they may be taken; for those of
// conversations that are in hand it is to look when these are done with.
func (d *Delivery) announce(fresh []store.Event) {
	for _, e := range fresh {
		if !d.crew.press(e.Key) {
			d.wakeIn(e.Due.Sub(d.now()))
		}
	}
}

// tell passes the fate of an event on, and obeys a notice.
func (d *Delivery) tell(ctx context.Context, e *messenger.Event, f Fate) error {
	d.observer.Heard(*e, f)
	switch {
	case e.Kind == messenger.KindPolicy:
		return d.enforce(ctx, e)
	case e.Control != nil && e.Control.Action == "request":
		d.log.WarnContext(ctx, "another app asks for a thread; scripts hand threads over", "page", e.Page, "app", e.Control.Requested)
	case f == Nobody, e.Kind == messenger.KindUnknown:
		d.log.InfoContext(ctx, "event left aside", "page", e.Page, "kind", e.Kind, "fate", f)
	case f != Kept:
		d.log.DebugContext(ctx, "event without a turn", "page", e.Page, "kind", e.Kind, "fate", f)
	}
	return nil
}

// enforce obeys the platform's policy notices (messenger.md section 9, rule 19):
// a blocked Page is paused, so that its queue is kept, and goes on when it is unblocked.
func (d *Delivery) enforce(ctx context.Context, e *messenger.Event) error {
	if e.Policy == nil {
		return nil
	}
	d.log.ErrorContext(ctx, "the platform has taken action against the page", "page", e.Page, "action", e.Policy.Action, "reason", e.Policy.Reason)
	switch e.Policy.Action {
	case "block":
		return d.pauseUntil(ctx, store.Pause{Page: e.Page, Reason: "blocked by the platform: " + e.Policy.Reason})
	case "unblock":
		defer d.wake()
		return d.store.Resume(ctx, e.Page)
	}
	return nil
}
