package delivery

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
)

// A human, or another app, can take the word in a conversation (messenger.md section 9,
// rule 13). The rule by which the bot stands back and returns:
//
//   - It stands back when an echo comes of something that our app did not send, for
//     Config.HumanFor after the other's last word; and when the platform gives the thread to another app,
//     or tells of the person in standby, for ControlLapse.
//   - What it had not sent by then it does not send any more.
//   - It returns when that time is over; when the platform gives the thread back, or sends to us
//     again what the person writes; when the human writes Config.HumanWord; and when a script,
//     by a trigger that answers even then (L-EV-10), leads the person elsewhere.
//
// Who was first is decided by the platform's time stamps: such an event stands among those of
// the person, and no send goes out before it. One that comes so late that the bot has got the word back since changes
// nothing. Stamps are held against stamps: our clock may be behind the platform's.

// move is a change of who has the word, as it is stored.
type move struct {
	Op string `json:"op"`
	By string `json:"by,omitempty"` // id of the app, where known
}

// The moves.
const (
	moveSpoke   = "spoke"   // somebody else wrote to the person
	moveAway    = "away"    // the thread was given to another app
	moveStandby = "standby" // the person's message came in standby: another app has the thread
	moveBack    = "back"    // the bot has the word again
)

// Handed tells of a change of who has the word.
type Handed struct {
	Key   store.Key
	Away  bool      // somebody else has it now; else the bot
	Until time.Time // with Away: until then at most, unless there are further words
	By    string    // id of the app, where known
}

// ours tells whether an echo is of a message that our app sent. Without knowledge of the
// app's id the metadata decides: the bot sends nothing without.
func (d *Delivery) ours(page string, m *messenger.Message) bool {
	if app := d.rulesOf(page).App; app != "" && m.AppID != "" {
		return m.AppID == app
	}
	return IsIntent(m.Metadata)
}

// moved tells what an event means for who has the word; nil: nothing.
func (d *Delivery) moved(e *messenger.Event) *move {
	switch {
	case e.Kind == messenger.KindEcho && e.Message != nil && !d.ours(e.Page, e.Message):
		if word := strings.TrimSpace(e.Message.Text); word != "" && strings.EqualFold(word, d.rulesOf(e.Page).HumanWord) {
			return &move{Op: moveBack, By: e.Message.AppID}
		}
		return &move{Op: moveSpoke, By: e.Message.AppID}
	case e.Kind == messenger.KindThreadControl && e.Control != nil:
		return d.controlled(d.rulesOf(e.Page).App, e.Control)
	case e.Standby && startsTurn(e):
		return &move{Op: moveStandby}
	default:
		return nil
	}
}

// controlled is moved for the platform's word on who controls the thread. Without
// knowledge of our app's id what we passed on ourselves is known by its metadata.
func (d *Delivery) controlled(app string, c *messenger.ThreadControl) *move {
	if c.Action != "pass" && c.Action != "take" {
		return nil
	}
	back := c.New == "" || c.New == app
	if app == "" && c.New != "" {
		back = c.Action == "pass" && !IsIntent(c.Metadata)
	}
	if back {
		return &move{Op: moveBack, By: c.Previous}
	}
	return &move{Op: moveAway, By: c.New}
}

// away tells whether somebody else has the word.
func away(s session.State, now time.Time) bool {
	return s.Absence != nil && s.Absence.Until.After(now)
}

// present is a session at the beginning of a turn for what a person did at a time: the bot
// has the word again when the other's time is over, and when the platform, that had
// given the thread away, sends us what came later.
func present(s session.State, at, now time.Time) session.State {
	if a := s.Absence; a != nil && (!a.Until.After(now) || a.Owned && at.After(a.Since)) {
		return resumed(s)
	}
	return s
}

// resumed is a session in which the bot has the word again.
func resumed(s session.State) session.State {
	if s.Topic == ir.Bypass {
		s.Topic = s.Absence.Topic
	}
	s.Absence = nil
	return s
}

// closing is a session at the end of a turn: a script that leads the person elsewhere has the word.
func closing(s session.State) session.State {
	if s.Absence != nil && s.Topic != ir.Bypass {
		s.Absence = nil
	}
	return s
}

// absent is a session in which somebody else has the word since an event, now.
func (w *work) absent(s session.State, m move, e store.Event, now time.Time) session.State {
	if !e.At.After(s.Held) {
		return s
	}
	at := e.At
	a := session.Absence{Topic: s.Topic, Since: at, Until: spoke(e, now).Add(w.rulesOf(w.key.Page).HumanFor), By: m.By, Owned: m.Op != moveSpoke}
	if a.Owned {
		a.Until = spoke(e, now).Add(ControlLapse)
	}
	if old := s.Absence; old != nil {
		a.Topic, a.Owned = old.Topic, a.Owned || old.Owned
		if a.By == "" || old.Since.After(at) {
			a.By = old.By
		}
		if old.Since.After(at) {
			a.Since = old.Since
		}
		if old.Until.After(a.Until) {
			a.Until = old.Until
		}
	}
	s.Topic, s.Absence = ir.Bypass, &a
	return s
}

// handOver lets the word change hands.
func (w *work) handOver(ctx context.Context, e store.Event, m move) error {
	now := w.now()
	c := store.Change{Consumed: []string{e.ID}, Hold: w.conv.Hold}
	state, err := session.Decode(w.conv.Session)
	if err != nil {
		return w.await(ctx, e, Taken{Key: w.key, Name: e.ID, Lag: now.Sub(e.At), Err: err}, c)
	}
	before := away(state, now)
	if state.Absence != nil && !before {
		state = resumed(state)
	}
	told := Handed{Key: w.key, By: m.By}
	if m.Op == moveBack {
		state.Held = later(state.Held, e.At)
	}
	switch {
	case m.Op == moveBack && before:
		state, c.Hold = resumed(state), time.Time{}
		c.Sends = pulled(w.conv.Sends, state, now)
	case m.Op == moveBack: // the bot has the word already; what was refused may go now
		c.Hold = time.Time{}
	default:
		if next := w.absent(state, m, e, now); away(next, now) {
			state = next
			told.Away, told.Until = true, next.Absence.Until
		}
	}
	if told.Away && !before {
		for _, s := range messages(w.conv.Sends) {
			c.Settled = append(c.Settled, s.ID)
		}
	}
	if c.Session, err = session.Encode(state); err != nil {
		return err
	}
	if err := w.commit(ctx, c, false); err != nil {
		return err
	}
	w.known = true
	if told.Away == before {
		return nil
	}
	w.marks.stop(w.key)
	w.log().InfoContext(ctx, "the word has changed hands", "bot", !told.Away, "move", m.Op, "app", m.By, "dropped", len(c.Settled))
	w.observer.Handed(told)
	return nil
}

// pulled are the reminders that waited for the end of an absence which is over sooner, due when they should have been,
// or now: by whatever clock that was put off.
func pulled(sends []store.Send, s session.State, now time.Time) []store.Send {
	var out []store.Send
	for _, one := range sends {
		name, ok := ReminderOf(one)
		if r, set := s.Reminders[name]; ok && set && one.Due.After(now) && one.Due.After(r.Due.Add(time.Millisecond)) {
			one.Due = later(r.Due, now)
			out = append(out, one)
		}
	}
	return out
}

// handsWait tells whether an event waits that may give the word to somebody else.
func handsWait(events []store.Event) bool {
	return slices.ContainsFunc(events, func(e store.Event) bool { return isMove(e.Body) })
}
