package delivery

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/delivery/pace"
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
// While somebody else has the word it waits.
func (w *work) remind(ctx context.Context, head store.Send, name string) error {
	w.marks.stop(w.key)
	started, begun := w.now(), w.clock.Elapsed()
	e := store.Event{Key: w.key, ID: head.ID + "@" + strconv.FormatInt(head.Due.UnixMilli(), 10), Body: head.Body}
	id, seed := draw(e)
	taken := Taken{ID: id, Key: w.key, Name: head.ID, Lag: started.Sub(head.Due)}
	taken.Event = turn.Event{Kind: turn.Reminder, Text: name}
	aside := store.Change{Settled: []string{head.ID}}
	bot, ok := w.bots.Bot(w.key.Page)
	if !ok {
		taken.Err = ErrNotReady
		return w.await(ctx, e, taken, aside)
	}
	state, err := session.Decode(w.conv.Session)
	switch {
	case err != nil:
		taken.Err = err
		return w.await(ctx, e, taken, aside)
	case away(state, started):
		head.Due = state.Absence.Until
		return w.commit(ctx, store.Change{Sends: []store.Send{head}, Hold: w.conv.Hold}, false)
	}
	if taken.Tries = tries(state, e.ID); taken.Tries >= MaxTurnTries {
		return w.aside(ctx, e, state, taken, aside)
	}
	done, err := w.attempt(ctx, e, &state, &taken, begun, aside, func() (store.Change, error) {
		in := turn.Input{Session: present(settled(state, e.ID), started, started), Now: started, Seed: seed}
		in.Closed = !started.Before(state.Heard.Add(messenger.Window))
		c, err := w.enact(ctx, bot, in, state.Heard, &taken)
		c.Settled = append([]string{head.ID}, c.Settled...)
		return c, err
	})
	if err != nil || !done || taken.Result.Ran {
		return err
	}
	for _, step := range taken.Result.Trace {
		if step.Kind == trace.Problem {
			w.log().WarnContext(ctx, "reminder not sent", "turn", taken.ID, "reminder", name, "reason", step.Text)
		}
	}
	return nil
}

// messages are the sends that are messages or other calls, without reminders.
func messages(sends []store.Send) []store.Send {
	return slices.DeleteFunc(slices.Clone(sends), isReminder)
}

// soon is how many of them go out as soon as they can.
func soon(sends []store.Send, now time.Time) int {
	return len(slices.DeleteFunc(messages(sends), func(s store.Send) bool { return s.Due.After(now.Add(pace.MaxAhead)) }))
}

// firstMessage is the first of them.
func firstMessage(sends []store.Send) (s store.Send, ok bool) {
	i := slices.IndexFunc(sends, func(s store.Send) bool { return !isReminder(s) })
	if i < 0 {
		return store.Send{}, false
	}
	return sends[i], true
}
