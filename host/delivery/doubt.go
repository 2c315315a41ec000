package delivery

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/delivery/pace"
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
	c := store.Change{Hold: w.conv.Hold}
	if err := rewrite(&c, head, sent.doubt(head.Due, false, false)); err != nil {
		return err
	}
	return w.commit(ctx, c, false)
}

// blindness is what is done about a send in doubt when the conversation does not tell whether it
// has arrived.
type blindness uint8

const (
	trust   blindness = iota // it is sent again: better twice than not at all
	require                  // it is given up: the platform has most likely taken it
	last                     // it is given up, also when it has surely not arrived: there were tries enough
)

// doubt marks a send as one that may have arrived since a time.
func (c cargo) doubt(since time.Time, arrived, final bool) cargo {
	if c.Doubt.IsZero() {
		c.Doubt = since
	}
	if arrived {
		c.Blind = max(c.Blind, require)
	}
	if final {
		c.Blind = last
	}
	return c
}

// readBack looks for a send in the conversation and settles it when it is there; over tells
// that there is nothing to send now, done that the lease was given back.
func (w *work) readBack(
	ctx context.Context, client Client, s store.Send, c cargo, since time.Time,
) (over, done bool, err error) {
	if wait, err := w.queue(ctx, pace.Reads); wait || err != nil {
		return wait, wait, err
	}
	list, err := client.Said(ctx, w.key.Person)
	if ctx.Err() != nil {
		return false, false, context.Cause(ctx)
	}
	if err != nil {
		over, err = w.unread(ctx, s, c, since, err)
		return over, false, err
	}
	found, ok := arrived(list, c, since)
	switch {
	case !ok && c.Blind == last:
		return true, false, w.forgo(ctx, s, "tried too often, and it is not in the conversation")
	case !ok:
		return false, false, nil
	}
	came := later(found.At.Add(time.Second), since) // the platform tells whole seconds: not before their end
	if now := w.now(); came.After(now) {
		came = now
	}
	w.last = found.ID
	if done, err = w.settle(ctx, s, came); err != nil {
		return true, done, err
	}
	w.observer.Sent(Sent{ID: s.ID, Key: w.key, Outcome: Delivered, Message: found.ID, Tries: s.Tries, Echo: true})
	return true, done, nil
}

// unread decides about a send in doubt whose conversation could not be read; over tells that it is
// not sent now. While the platform is away nothing could be sent either, so it is asked again and
// not a try is lost; another passing failure is given some time.
func (w *work) unread(ctx context.Context, s store.Send, c cargo, since time.Time, cause error) (over bool, err error) {
	v := messenger.Judge(cause)
	passing := v.Class == messenger.ClassTransient || v.Class == messenger.ClassAmbiguous || v.Class == messenger.ClassRate
	log := w.log().With("intent", s.ID, "error", cause)
	open, err := w.open(c)
	switch {
	case err != nil:
		return false, err
	case open && passing && (v.Away || w.now().Sub(since) < GiveUpAfter):
		// A question is no try of the message: it must not look as if its delay had passed. So the pauses
		// grow with the time since the doubt.
		most := min(max(w.now().Sub(since), schedule[0]), schedule[len(schedule)-1])
		wait := max(v.Wait, time.Duration(w.chance()*float64(most)).Round(time.Millisecond))
		log.WarnContext(ctx, "conversation not read back, it will be tried again", "wait", wait)
		return true, w.commit(ctx, store.Change{Hold: w.now().Add(wait)}, false)
	case c.Blind != trust:
		return true, w.forgo(ctx, s, "it may have arrived, but the conversation could not be read: "+cause.Error())
	}
	log.WarnContext(ctx, "conversation not read back, the message is sent again")
	return false, nil
}

// forgo gives a send in doubt up.
func (w *work) forgo(ctx context.Context, s store.Send, reason string) error {
	reason = fmt.Sprintf("class %s: %s", messenger.ClassAmbiguous, reason)
	w.log().ErrorContext(ctx, "message dropped", "intent", s.ID, "reason", reason)
	if err := w.drop(ctx, []store.Send{s}, reason); err != nil {
		return err
	}
	w.observer.Sent(Sent{
		ID: s.ID, Key: w.key, Outcome: Dropped, Class: messenger.ClassAmbiguous, Tries: s.Tries, Err: errors.New(reason),
	})
	return nil
}

// arrived finds a message among those of a conversation, newest first. Of the messages that
// look alike since the person spoke, those of the same reply that went before it do not count; none does
// that stands before what stood before it. Where the id of that is known, its looks do not matter: a host that
// was stopped in the middle of a send can have shown it once more since.
func arrived(list []messenger.Said, c cargo, since time.Time) (found messenger.Said, ok bool) {
	n, before := 0, c.Same
	named := slices.ContainsFunc(list, func(one messenger.Said) bool { return one.Page && one.ID == c.Behind && one.ID != "" })
	for _, one := range list {
		if !one.Page && glance(one.ID) == c.To {
			break
		}
		if one.Page && (named && one.ID == c.Behind || !named && glance(said(one)) == c.After) {
			before = 0
			break
		}
		if !one.Page || one.At.Before(c.Heard.Add(-ReadSkew)) || said(one) != looks(*c.Message) {
			continue
		}
		if n++; n == 1 {
			found = one
		}
	}
	return found, n > before && !found.At.Before(since.Add(-ReadSkew))
}

// answered names the message that an event tells of, where it is one.
func answered(event string) string {
	kind, id, _ := strings.Cut(event, "|")
	if kind != string(messenger.KindMessage) && kind != string(messenger.KindPostback) {
		return ""
	}
	return glance(id)
}

// echoed is the id of the message that an echo tells of; an overlong one is not known.
func echoed(echo store.Event) string {
	id, _ := strings.CutPrefix(echo.ID, string(messenger.KindEcho)+"|")
	return id
}

// glance is a short name of what is longer.
func glance(long string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(long)) // a hash takes everything
	return strconv.FormatUint(h.Sum64(), 36)
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
