package delivery

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/trace"
	"github.com/footlight-bots/footlight/host/turn"
)

// Reminders live in the session, and that is where they are true. For each of them
// a send stands in the store, which is never sent: it makes the conversation due
// when the reminder is, on whatever host is there then.

// reminderMark begins the id of the send of a reminder. It holds no dot, so that
// the id is no intent.
const reminderMark = "reminder:"

// ReminderOf tells whether a send stands for a reminder, and for which.
func ReminderOf(s store.Send) (name string, ok bool) { return strings.CutPrefix(s.ID, reminderMark) }

// isReminder tells it without the name.
func isReminder(s store.Send) bool { return strings.HasPrefix(s.ID, reminderMark) }

// keepReminders makes the sends of a conversation follow what a turn did to its reminders.
func keepReminders(c *store.Change, before, after session.State) error {
	for _, name := range slices.Sorted(maps.Keys(before.Reminders)) {
		if _, left := after.Reminders[name]; !left {
			c.Settled = append(c.Settled, reminderMark+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after.Reminders)) {
		due := after.Reminders[name].Due
		if old, known := before.Reminders[name]; known && old.Due.Equal(due) {
			continue
		}
		body, err := cargo{Reminder: name}.encode()
		if err != nil {
			return err
		}
		c.Sends = append(c.Sends, store.Send{ID: reminderMark + name, Due: due, Stay: true, Body: body})
	}
	return nil
}

// remind lets a reminder come due (L-REM-4): a turn that nobody began. One that
// cannot be taken is tried again like the turn of an event, and dropped in the end.
func (w *work) remind(ctx context.Context, head store.Send, name string) error {
	w.marks.stop(w.key)
	started := w.now()
	e := store.Event{Key: w.key, ID: head.ID + "@" + strconv.FormatInt(head.Due.UnixMilli(), 10)}
	id, seed := draw(e)
	taken := Taken{ID: id, Key: w.key, Name: head.ID, Lag: started.Sub(head.Due), Tries: w.tries(e)}
	taken.Event = turn.Event{Kind: turn.Reminder, Text: name}
	change, err := w.safely(ctx, func() (store.Change, error) {
		state, err := session.Decode(w.conv.Session)
		if err != nil {
			return store.Change{}, err
		}
		closed := !started.Before(state.Heard.Add(messenger.Window))
		c, err := w.enact(ctx, turn.Input{Session: state, Now: started, Closed: closed, Seed: seed}, state.Heard, &taken)
		c.Settled = append([]string{head.ID}, c.Settled...)
		return c, err
	})
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err != nil:
		taken.Took, taken.Err = w.now().Sub(started), err
		return w.fumble(ctx, e, taken, head, name)
	}
	if err := w.commit(ctx, change, false); err != nil {
		return err
	}
	w.known = true
	w.taken(ctx, e, taken, started)
	if taken.Result.Ran {
		return nil
	}
	for _, step := range taken.Result.Trace {
		if step.Kind == trace.Problem {
			w.log.WarnContext(ctx, "reminder not sent", "turn", taken.ID, "reminder", name, "reason", step.Text)
		}
	}
	return nil
}

// fumble puts a reminder off whose turn could not be taken.
func (w *work) fumble(ctx context.Context, e store.Event, taken Taken, head store.Send, name string) error {
	aside := store.Change{Settled: []string{head.ID}, Hold: w.conv.Hold}
	if state, err := session.Decode(w.conv.Session); err == nil {
		state.Reminders = maps.Clone(state.Reminders)
		delete(state.Reminders, name)
		if aside.Session, err = session.Encode(state); err != nil {
			return err
		}
	}
	if errors.Is(taken.Err, ErrNotReady) {
		return w.await(ctx, e, taken, aside)
	}
	return w.stumble(ctx, e, taken, aside)
}

// messages are the sends that are messages or other calls, without reminders.
func messages(sends []store.Send) []store.Send {
	return slices.DeleteFunc(slices.Clone(sends), isReminder)
}

// firstMessage is the first of them.
func firstMessage(sends []store.Send) (s store.Send, ok bool) {
	i := slices.IndexFunc(sends, func(s store.Send) bool { return !isReminder(s) })
	if i < 0 {
		return store.Send{}, false
	}
	return sends[i], true
}
