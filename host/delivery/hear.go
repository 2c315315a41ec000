package delivery

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// hear takes the turn of an event and commits what came of it in one step.
func (w *work) hear(ctx context.Context, e store.Event) error {
	w.marks.stop(w.key)
	started := w.now()
	id, seed := draw(e)
	taken := Taken{ID: id, Key: w.key, Name: e.ID, Lag: started.Sub(e.At), Tries: w.tries(e)}
	change, err := w.safely(ctx, func() (store.Change, error) { return w.take(ctx, e, started, seed, &taken) })
	aside := store.Change{Consumed: []string{e.ID}, Hold: w.conv.Hold}
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, ErrNotReady):
		taken.Err = err
		return w.await(ctx, e, taken, aside)
	case err != nil:
		taken.Took, taken.Err = w.now().Sub(started), err
		return w.stumble(ctx, e, taken, aside)
	}
	if err := w.commit(ctx, change, false); err != nil {
		return err
	}
	w.known = true
	w.taken(ctx, e, taken, started)
	return nil
}

// taken tells of a turn that has been committed.
func (w *work) taken(ctx context.Context, e store.Event, t Taken, started time.Time) {
	w.forgive(e)
	t.Took = w.now().Sub(started)
	for _, a := range t.Result.Reply.Actions {
		w.log.InfoContext(ctx, "action of a script", "turn", t.ID, "action", a.Name)
	}
	w.observer.Taken(t)
}

// take runs the turn of an event and makes the change of it. What it yields hangs
// only on the store, the script and the time.
func (w *work) take(ctx context.Context, e store.Event, now time.Time, seed uint64, taken *Taken) (store.Change, error) {
	n, err := readNote(e.Body)
	if err != nil {
		return store.Change{}, err
	}
	state, err := session.Decode(w.conv.Session)
	if err != nil {
		return store.Change{}, err
	}
	if bot, ok := w.bots.Bot(w.key.Page); ok {
		taken.Event = turnEvent(n.Event, bot.StartPayload())
	}
	change, err := w.enact(ctx, turn.Input{Session: state, Now: now, Seed: seed}, spoke(e, now), taken)
	change.Consumed = []string{e.ID}
	return change, err
}

// enact runs the turn of taken's event and makes the change of what it leads to.
// heard is when the person spoke.
func (w *work) enact(ctx context.Context, in turn.Input, heard time.Time, taken *Taken) (store.Change, error) {
	bot, ok := w.bots.Bot(w.key.Page)
	if !ok {
		return store.Change{}, ErrNotReady
	}
	in.Event = taken.Event
	in.Person = turn.Person{ID: w.key.Person, PageID: w.key.Page, Platform: w.platform, Profile: w.profile(ctx)}
	var err error
	if taken.Result, err = w.turn(ctx, bot, in); err != nil {
		return store.Change{}, err
	}
	encoded, err := session.Encode(taken.Result.Session)
	if err != nil {
		return store.Change{}, err
	}
	sends, err := w.plan(ctx, taken, messenger.RenderOptions{HideErrors: bot.HideErrors()}, heard)
	if err != nil {
		return store.Change{}, err
	}
	sends = w.bounded(ctx, taken.ID, sends)
	taken.Sends = len(sends)
	change := store.Change{Session: encoded, Sends: sends, Hold: w.conv.Hold}
	if in.Event.Kind != turn.Reminder {
		w.interrupt(&change, taken.Result.Cancel, heard)
	}
	if err := keepReminders(&change, in.Session, taken.Result.Session); err != nil {
		return store.Change{}, err
	}
	return change, change.Check()
}

// safely takes a turn; a panic in it is the turn's failure and not the host's end:
// one person's message must not stop everybody's.
func (w *work) safely(ctx context.Context, take func() (store.Change, error)) (c store.Change, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("turn: panic: %v", p)
			w.log.ErrorContext(ctx, "panic in a turn", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	return take()
}

func (w *work) turn(ctx context.Context, bot Bot, in turn.Input) (turn.Result, error) {
	ctx, done := w.within(ctx, TurnTime)
	defer done()
	return bot.Turn(ctx, in)
}

func (w *work) profile(ctx context.Context) map[string]string {
	if w.profiles == nil {
		return nil
	}
	return w.profiles.Lookup(ctx, w.key.Page, w.key.Person)
}

// plan makes the sends of a reply. Each is due by what stands before it (L-DELAY-1).
func (w *work) plan(ctx context.Context, taken *Taken, o messenger.RenderOptions, heard time.Time) ([]store.Send, error) {
	var sends []store.Send
	due := w.now()
	for _, part := range taken.Result.Reply.Parts {
		rendered := messenger.Render(part, o)
		for _, problem := range rendered.Problems {
			w.log.WarnContext(ctx, "messenger would refuse a part of a reply", "turn", taken.ID, "problem", problem)
		}
		taken.Problems = append(taken.Problems, rendered.Problems...)
		due = due.Add(part.Delay)
		wait := part.Delay
		for _, c := range pack(rendered, heard) {
			body, err := c.encode()
			if err != nil {
				return nil, err
			}
			sends = append(sends, store.Send{ID: intent(taken.ID, len(sends)), Due: due, Wait: wait, Stay: part.NoCancel, Body: body})
			wait = 0
		}
	}
	return sends, nil
}

// bounded cuts off, loudly, what would make a person's queue longer than MaxQueued.
func (w *work) bounded(ctx context.Context, id string, sends []store.Send) []store.Send {
	room := max(0, MaxQueued-len(messages(w.conv.Sends)))
	if len(sends) <= room {
		return sends
	}
	w.log.ErrorContext(ctx, "queue of the person is full, messages dropped", "turn", id, "limit", MaxQueued, "dropped", len(sends)-room)
	return sends[:room]
}

// interrupt is L-DELAY-5: with cancel it drops the sends that were waiting when
// the person spoke. Kept ones whose time came meanwhile go after the reply.
func (w *work) interrupt(c *store.Change, cancel bool, at time.Time) {
	now := w.now()
	for i, late := range waiting(w.conv.Sends, at) {
		s := w.conv.Sends[i]
		switch {
		case late && cancel && !s.Stay:
			c.Settled = append(c.Settled, s.ID)
		case late && !s.Due.After(now):
			s.Due = now.Add(time.Millisecond)
			c.Sends = append(c.Sends, s)
		}
	}
}

// await leaves an event to be taken when its bot is there, for a day at most; then
// the change aside is all that comes of it.
func (w *work) await(ctx context.Context, e store.Event, taken Taken, aside store.Change) error {
	if taken.Lag > BotWait {
		return w.aside(ctx, e, taken, aside)
	}
	if w.loud(w.key.Page) {
		w.log.WarnContext(ctx, "events wait: the page has no bot with a script")
	}
	return w.putOff(ctx, BotRetry)
}

// stumble puts an event off whose turn failed, and sets it aside when that was
// the last try, so that it does not stand in the person's way for ever.
func (w *work) stumble(ctx context.Context, e store.Event, taken Taken, aside store.Change) error {
	if taken.Tries+1 >= MaxTurnTries {
		return w.aside(ctx, e, taken, aside)
	}
	w.blame(e)
	w.log.ErrorContext(ctx, "turn failed, it will be tried again", "turn", taken.ID, "tries", taken.Tries+1, "error", taken.Err)
	w.observer.Taken(taken)
	return w.putOff(ctx, max(time.Second, pause(taken.Tries, w.chance())))
}

func (w *work) aside(ctx context.Context, e store.Event, taken Taken, change store.Change) error {
	if err := w.commit(ctx, change, false); err != nil {
		return err
	}
	w.forgive(e)
	taken.Aside = true
	w.log.ErrorContext(ctx, "event set aside without an answer", "turn", taken.ID, "tries", taken.Tries+1, "error", taken.Err)
	w.observer.Taken(taken)
	return nil
}

func dropEvents(events []store.Event, ids []string) []store.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e store.Event) bool { return slices.Contains(ids, e.ID) })
}
