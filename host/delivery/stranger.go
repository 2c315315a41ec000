package delivery

import (
	"context"
	"fmt"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
)

// Some people are known to the platform by something else than a page-scoped id: a checkbox
// that they ticked, or what they wrote in public (messenger.md section 6). Each of these is a
// conversation of its own, and ends when the person writes to the Page.

// inherit is the session of somebody new who ticked a checkbox before: what the bot has
// learned of them by then. Reminders stay behind: they are the other conversation's.
func (w *work) inherit(ctx context.Context, prior string, s session.State) (session.State, error) {
	if prior == "" || s.Turns > 0 {
		return s, nil
	}
	key := store.Key{Page: w.key.Page, Person: messenger.Checkbox(prior)}
	if key.Check() != nil {
		return s, nil // nothing can have been stored of it
	}
	before, err := w.store.Read(ctx, key)
	if err != nil {
		return s, fmt.Errorf("before the first message: %w", err)
	}
	if len(before.Session) == 0 {
		return s, nil
	}
	old, err := session.Decode(before.Session)
	if err != nil {
		return s, err
	}
	old.Trials, old.Absence, old.Reminders = s.Trials, s.Absence, nil
	return old, nil
}

// onlyOne keeps the first message of a reply to somebody who can be told one thing only, and
// tells of the others.
func (w *work) onlyOne(ctx context.Context, taken *Taken, sends []store.Send) []store.Send {
	kept, more := sends[:0], 0
	for _, s := range sends {
		c, err := unload(s.Body)
		switch {
		case err != nil || c.Message == nil: // an indicator or a hand-over: nobody is there yet
		case len(kept) > 0:
			more++
		default:
			kept = append(kept, s)
		}
	}
	if more > 0 {
		problem := fmt.Sprintf("a private reply is one message, %d more are left out", more)
		taken.Problems = append(taken.Problems, problem)
		w.log().WarnContext(ctx, problem, "turn", taken.ID)
	}
	return kept
}
