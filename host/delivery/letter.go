package delivery

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// The kinds of letters: what is kept for people to look at.
const (
	LetterEvent = "event" // an event that has no answer, as it was heard
	LetterSend  = "send"  // a message that the person does not get, as it was to be sent
	LetterWish  = "wish"  // the script asks for a human (^notifyAgent)
)

// fallbackNumber is the number of the send that stands for a turn's answer; no turn has
// so many.
const fallbackNumber = 2 * MaxQueued

// letter keeps what was given up.
func (w *work) letter(kind, id, reason string, body []byte) store.Letter {
	reason = strings.ToValidUTF8(reason[:min(len(reason), store.MaxReason)], "")
	return store.Letter{ID: id, At: w.now(), Kind: kind, Reason: reason, Body: body}
}

// letters are the letters of messages that are given up; what is only courtesy leaves none.
func (w *work) letters(sends []store.Send, reason string) []store.Letter {
	var out []store.Letter
	for _, s := range sends {
		if c, err := unload(s.Body); err == nil && c.Typing {
			continue
		}
		out = append(out, w.letter(LetterSend, s.ID, reason, s.Body))
	}
	return out[max(0, len(out)-store.MaxLetters):]
}

// posted tells of letters that have been committed.
func (w *work) posted(letters []store.Letter) {
	for _, l := range letters {
		w.observer.Aside(w.key, l)
	}
}

// fallback is what the person is told when an event has no answer in time (messenger.md
// section 9, rule 20), at most once for each event; nil: nothing is to be said.
func (w *work) fallback(s session.State, e store.Event, t Taken) ([]store.Send, error) {
	now := w.now()
	heard := spoke(e, now)
	line := w.rulesOf(w.key.Page).Fallback
	if line == "" || told(s, e.ID) || e.At.IsZero() || away(s, now) || !now.Before(heard.Add(messenger.Window)) {
		return nil, nil
	}
	body, err := cargo{Heard: heard, Message: &messenger.Outgoing{Text: line}}.encode()
	if err != nil {
		return nil, err
	}
	return []store.Send{{ID: intent(t.ID, fallbackNumber), Due: now, Body: body}}, nil
}

// stumble puts an event off whose turn failed, and sets it aside when that was the last
// try, so that it does not stand in the person's way for ever.
func (w *work) stumble(ctx context.Context, e store.Event, s session.State, taken Taken, counted bool, aside store.Change) error {
	n := tries(s, e.ID)
	if !counted {
		n++
	}
	if n >= MaxTurnTries {
		return w.aside(ctx, e, s, taken, aside)
	}
	log := w.log().With("turn", taken.ID, "tries", n, "error", taken.Err)
	wait := max(time.Second, pause(n-1, w.chance()))
	trial := session.Trial{Tries: n, Told: told(s, e.ID)}
	var c store.Change
	if !w.now().Add(wait).Before(e.At.Add(FallbackBy)) {
		var err error
		if c.Sends, err = w.fallback(s, e, taken); err != nil {
			return err
		}
		trial.Told = trial.Told || len(c.Sends) > 0
	}
	if err := w.note(ctx, w.tried(s, e.ID, trial), c); err != nil {
		return err
	}
	log.ErrorContext(ctx, "turn failed, it will be tried again", "wait", wait)
	w.observer.Taken(taken)
	if len(c.Sends) > 0 {
		w.later = w.clock.Elapsed() + wait // the person is told first
		return nil
	}
	return w.putOff(ctx, wait)
}

// aside gives an event up: it is kept as a letter, and the person is told.
func (w *work) aside(ctx context.Context, e store.Event, s session.State, taken Taken, c store.Change) error {
	reason := "its turn was begun in vain too often"
	if taken.Err != nil {
		reason = taken.Err.Error()
	}
	kind := LetterEvent
	if name := taken.Event.Text; taken.Event.Kind == turn.Reminder {
		kind = LetterSend
		s.Reminders = maps.Clone(s.Reminders)
		delete(s.Reminders, name)
	}
	c.Aside = append(c.Aside, w.letter(kind, e.ID, reason, e.Body))
	line, err := w.fallback(s, e, taken)
	if err != nil {
		return err
	}
	c.Sends = append(c.Sends, line...)
	if err := w.note(ctx, settled(s, e.ID), c); err != nil {
		return err
	}
	taken.Aside = true
	w.log().ErrorContext(ctx, "event set aside without an answer", "turn", taken.ID, "tries", taken.Tries+1, "error", taken.Err)
	w.observer.Taken(taken)
	w.posted(c.Aside)
	return nil
}
