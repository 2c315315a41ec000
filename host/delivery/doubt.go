package delivery

import (
	"context"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// A send of which nobody knows whether it arrived is looked for in the conversation, as the
// platform keeps it, before it is sent again (messenger.md section 9, rule 6). Metadata is not
// there: what looks alike, and came in the time of the try, is it.

// doubtful tells whether a send may have arrived already, and since when that can be: its
// answer was lost, or the host that had the conversation before us did not come to settle it.
func doubtful(c cargo) (since time.Time, ok bool) {
	return c.Doubt, c.Message != nil && !c.Doubt.IsZero()
}

// remember writes the doubt down about a send that a host may have tried that did not come to
// settle it: this lease may end before the conversation is read back.
func (w *work) remember(ctx context.Context) error {
	head, ok := firstMessage(w.conv.Sends)
	if !ok || head.ID != w.lost || head.Due.After(w.now()) {
		w.lost = ""
		return nil
	}
	w.lost = ""
	sent, err := unload(head.Body)
	if err != nil || sent.Message == nil || !sent.Doubt.IsZero() {
		return nil //nolint:nilerr // what cannot be read is given up when it is sent
	}
	sent.Doubt = head.Due
	c := store.Change{Hold: w.conv.Hold}
	if err := doubted(&c, head, sent); err != nil {
		return err
	}
	return w.commit(ctx, c, false)
}

// readBack looks for a send in the conversation and settles it when it is there; over tells
// that there is nothing to send now, done that the lease was given back. Without an answer to
// the question it is sent again.
func (w *work) readBack(
	ctx context.Context, client Client, s store.Send, c cargo, since time.Time,
) (over, done bool, err error) {
	if wait, err := w.queue(ctx, w.rates.read(w.key.Page, w.now())); wait || err != nil {
		return wait, false, err
	}
	list, err := client.Said(ctx, w.key.Person)
	if ctx.Err() != nil {
		return false, false, context.Cause(ctx)
	}
	if err != nil {
		w.log.WarnContext(ctx, "conversation not read back, the message is sent again", "intent", s.ID, "error", err)
		return false, false, nil
	}
	found, ok := arrived(list, c, since)
	if !ok {
		return false, false, nil
	}
	came := later(found.At.Add(time.Second), since) // the platform tells whole seconds: not before their end
	if now := w.now(); came.After(now) {
		came = now
	}
	if done, err = w.settle(ctx, s, came); err != nil {
		return true, done, err
	}
	w.observer.Sent(Sent{ID: s.ID, Key: w.key, Outcome: Delivered, Message: found.ID, Tries: s.Tries, Echo: true})
	return true, done, nil
}

// arrived finds a message among those of a conversation, newest first. Of the messages that
// look alike since the person spoke, those of the same reply that went before it do not count.
func arrived(list []messenger.Said, c cargo, since time.Time) (found messenger.Said, ok bool) {
	n := 0
	for _, one := range list {
		if !one.Page || one.At.Before(c.Heard.Add(-ReadSkew)) || said(one) != looks(*c.Message) {
			continue
		}
		if n++; n == 1 {
			found = one
		}
	}
	return found, n > c.Same && !found.At.Before(since.Add(-ReadSkew))
}

// attached is how all messages look that are no text.
const attached = "\x00"

// looks is how a message looks when it is read back.
func looks(m messenger.Outgoing) string {
	if len(m.Attachment) > 0 {
		return attached
	}
	return strings.TrimSpace(m.Text)
}

// said is looks for one that was read back.
func said(m messenger.Said) string {
	if m.Attachments > 0 && m.Text == "" {
		return attached
	}
	return strings.TrimSpace(m.Text)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
