package delivery

import (
	"context"
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
	started, begun := w.now(), w.clock.Elapsed()
	if wait := w.paces.Turn(w.key.Page); wait > 0 {
		return w.putOff(ctx, wait)
	}
	id, seed := draw(e)
	taken := Taken{ID: id, Key: w.key, Name: e.ID, Lag: started.Sub(e.At)}
	aside := store.Change{Consumed: []string{e.ID}}
	bot, ok := w.bots.Bot(w.key.Page)
	if !ok {
		taken.Err = ErrNotReady
		return w.await(ctx, e, taken, aside)
	}
	state, err := session.Decode(w.conv.Session)
	if err != nil { // of a newer release, perhaps: a host that can read it may come
		taken.Err = err
		return w.await(ctx, e, taken, aside)
	}
	if taken.Tries = tries(state, e.ID); taken.Tries >= MaxTurnTries {
		return w.aside(ctx, e, state, taken, aside)
	}
	if taken.Tries == 0 && !away(state, started) {
		w.marks.seen(w.key) // unless somebody else is to read it
	}
	_, err = w.attempt(ctx, e, &state, &taken, begun, aside, func() (store.Change, error) {
		return w.take(ctx, bot, e, state, started, seed, &taken)
	})
	return err
}

// taken tells of a turn that has been committed.
func (w *work) taken(ctx context.Context, t Taken, begun time.Duration, c store.Change) {
	t.Took = w.clock.Elapsed() - begun
	for _, a := range t.Result.Reply.Actions {
		w.log().InfoContext(ctx, "action of a script", "turn", t.ID, "action", a.Name)
	}
	if w.typed.Swap(false) {
		w.marks.stop(w.key)
		if t.Sends == 0 {
			w.marks.off(w.key)
		}
	}
	w.paces.Said(w.key.Page, soon(c.Sends, w.now()))
	w.observer.Taken(t)
	w.posted(c.Aside)
}

// take runs the turn of an event and makes the change of it. What it yields hangs
// only on the store, the script and the time.
func (w *work) take(
	ctx context.Context, bot Bot, e store.Event, s session.State, now time.Time, seed uint64, taken *Taken,
) (store.Change, error) {
	n, err := readNote(e.Body)
	if err != nil {
		return store.Change{}, err
	}
	taken.Event = turnEvent(n.Event, bot.StartPayload())
	heard := spoke(e, now)
	if s, err = w.inherit(ctx, n.Event.Prior, settled(s, e.ID)); err != nil {
		return store.Change{}, err
	}
	change, err := w.enact(ctx, bot, turn.Input{Session: present(s, e.At, now), Now: now, Seed: seed}, heard, taken)
	change.Consumed = []string{e.ID}
	if after := closing(taken.Result.Session); err == nil && s.Absence != nil && after.Absence == nil {
		for _, r := range pulled(w.conv.Sends, after, now) {
			if !slices.ContainsFunc(change.Sends, func(s store.Send) bool { return s.ID == r.ID }) {
				change.Sends = append(change.Sends, r)
			}
		}
	}
	return change, err
}

// enact runs the turn of taken's event and makes the change of what it leads to.
// heard is when the person spoke.
func (w *work) enact(ctx context.Context, bot Bot, in turn.Input, heard time.Time, taken *Taken) (store.Change, error) {
	in.Event = taken.Event
	in.Person = turn.Person{ID: w.key.Person, PageID: w.key.Page, Platform: w.platform, Profile: w.profile(ctx)}
	var err error
	if taken.Result, err = w.turn(ctx, bot, in); err != nil {
		return store.Change{}, err
	}
	encoded, err := session.Encode(closing(taken.Result.Session))
	if err != nil {
		return store.Change{}, err
	}
	sends, err := w.plan(ctx, taken, messenger.RenderOptions{HideErrors: bot.HideErrors(), Persona: bot.Persona}, heard)
	if err != nil {
		return store.Change{}, err
	}
	if messenger.Once(w.key.Person) {
		sends = w.onlyOne(ctx, taken, sends)
	}
	sends, over := w.bounded(ctx, taken.ID, sends)
	taken.Sends = len(sends)
	change := store.Change{Session: encoded, Sends: sends, Hold: w.conv.Hold, Aside: over}
	change.Aside = append(change.Aside, w.wishes(ctx, taken)...)
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
			w.log().ErrorContext(ctx, "panic in a turn", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	return take()
}

func (w *work) turn(ctx context.Context, bot Bot, in turn.Input) (turn.Result, error) {
	ctx, done := w.within(ctx, TurnTime)
	defer done()
	if in.Event.Kind != turn.Reminder && in.Session.Absence == nil { // somebody waits, and for us
		w.thinking.Store(true)
		defer w.thinking.Store(false)
	}
	return bot.Turn(ctx, in)
}

func (w *work) profile(ctx context.Context) map[string]string {
	if w.profiles == nil || !messenger.Scoped(w.key.Person) {
		return nil
	}
	return w.profiles.Lookup(ctx, w.key.Page, w.key.Person)
}

// plan makes the sends of a reply. Each is due by what stands before it (L-DELAY-1).
func (w *work) plan(ctx context.Context, taken *Taken, o messenger.RenderOptions, heard time.Time) ([]store.Send, error) {
	var sends []store.Send
	due := w.behind(heard)
	alike, last := map[string]int{}, ""
	for _, part := range taken.Result.Reply.Parts {
		rendered := messenger.Render(part, o)
		for _, problem := range rendered.Problems {
			w.log().WarnContext(ctx, "messenger would refuse a part of a reply", "turn", taken.ID, "problem", problem)
		}
		taken.Problems = append(taken.Problems, rendered.Problems...)
		due = due.Add(part.Delay)
		wait := part.Delay
		for _, c := range pack(rendered, heard) {
			if c.Message != nil {
				c.To = answered(taken.Name)
				c.Same = alike[looks(*c.Message)]
				alike[looks(*c.Message)]++
				if now := glance(looks(*c.Message)); now != last {
					c.After, last = last, now
				}
			}
			body, err := c.encode()
			if err != nil {
				return nil, err
			}
			w.packed[string(body)] = c
			sends = append(sends, store.Send{ID: intent(taken.ID, len(sends)), Due: due, Wait: wait, Stay: part.NoCancel, Body: body})
			wait = 0
		}
	}
	return sends, nil
}

// behind is when what is said now can go out: not before what is on its way already, whose times
// may come from a clock ahead of ours.
func (w *work) behind(heard time.Time) time.Time {
	due := w.now()
	for i, late := range waiting(w.conv.Sends, heard) {
		if s := w.conv.Sends[i]; !late && !isReminder(s) && s.Due.After(due) {
			due = s.Due
		}
	}
	return due
}

// bounded cuts off, loudly, what would make a person's queue longer than MaxQueued.
func (w *work) bounded(ctx context.Context, id string, sends []store.Send) ([]store.Send, []store.Letter) {
	room := max(0, MaxQueued-len(messages(w.conv.Sends)))
	if len(sends) <= room {
		return sends, nil
	}
	w.log().ErrorContext(ctx, "queue of the person is full, messages dropped", "turn", id, "limit", MaxQueued, "dropped", len(sends)-room)
	return sends[:room], w.letters(sends[room:], fmt.Sprintf("%d messages wait for the person already", MaxQueued))
}

// wishes are the letters of what a script asks people for.
func (w *work) wishes(ctx context.Context, t *Taken) []store.Letter {
	for _, a := range t.Result.Reply.Actions {
		if a.Name == "notifyAgent" {
			w.log().WarnContext(ctx, "the script asks for a human", "turn", t.ID)
			return []store.Letter{w.letter(LetterWish, t.ID, "the script asks for a human", []byte(t.Name))}
		}
	}
	return nil
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
		aside.Hold = w.conv.Hold
		aside.Aside = []store.Letter{w.letter(LetterEvent, e.ID, taken.Err.Error(), e.Body)}
		if err := w.commit(ctx, aside, false); err != nil {
			return err
		}
		taken.Aside = true
		w.log().ErrorContext(ctx, "event set aside without an answer", "turn", taken.ID, "error", taken.Err)
		w.observer.Taken(taken)
		w.posted(aside.Aside)
		return nil
	}
	if w.loud(w.key.Page) {
		w.log().WarnContext(ctx, "events wait for a bot that can take them", "reason", taken.Err)
	}
	return w.putOff(ctx, BotRetry)
}

func dropEvents(events []store.Event, ids []string) []store.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e store.Event) bool { return slices.Contains(ids, e.ID) })
}
