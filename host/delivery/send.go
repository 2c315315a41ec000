package delivery

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/delivery/group"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
)

// errWindow is the outcome of a send that would come after the messaging window.
var errWindow = errors.New("the messaging window has closed: the person last spoke more than 24 hours ago")

// send tries the first send of the conversation and commits the outcome; done
// tells that the lease was given back.
func (w *work) send(ctx context.Context) (done bool, err error) {
	head := w.conv.Sends[0]
	if name, ok := ReminderOf(head); ok {
		return false, w.remind(ctx, head, name)
	}
	w.marks.stop(w.key)
	started := w.now()
	client, ok := w.clients(w.key.Page)
	if !ok {
		if w.loud(w.key.Page) {
			w.log().ErrorContext(ctx, "messages wait: there are no credentials for the page")
		}
		return false, w.putOff(ctx, BotRetry)
	}
	c, broken := w.unload(head.Body)
	if since, ok := doubtful(c); ok && broken == nil {
		if over, done, err := w.readBack(ctx, client, head, c, since); over || err != nil {
			return done, err
		}
	}
	ready, wait, err := w.ready(ctx, client, c)
	if wait || err != nil {
		return false, err
	}
	if c.Message != nil {
		if wait, err := w.queue(ctx, c.rate()); wait || err != nil {
			return wait, err
		}
	}
	w.wear(ctx, client, &ready)
	if err := w.holds(ctx); err != nil { // the last thing before the call
		return false, err
	}
	report := Sent{ID: head.ID, Key: w.key, Tries: head.Tries, Lag: started.Sub(head.Due), Outcome: Delivered}
	begun := w.clock.Elapsed()
	receipt, err := w.try(ctx, client, head, ready, broken)
	if w.undressed(ctx, client, &ready, err) {
		if err := w.holds(ctx); err != nil {
			return false, err
		}
		receipt, err = w.try(ctx, client, head, ready, broken)
	}
	if errors.Is(err, group.ErrStayed) {
		return false, nil
	}
	at := w.now()
	report.Message, report.Err, report.Took = receipt.MessageID, err, w.clock.Elapsed()-begun
	if report.Err != nil {
		if refusal := classify(err); refusal.Renew {
			w.renew(ctx, c, ready)
		}
		return w.refused(ctx, head, c, report)
	}
	w.sent++
	w.last = cmp.Or(receipt.MessageID, w.last)
	done, err = w.settle(ctx, head, at)
	w.observer.Sent(report) // even if it could not be settled, it went out
	if heed := w.heed(ctx, receipt.Usage); err == nil {
		err = heed
	}
	return done, err
}

// try makes the call of a send, unless the window has closed.
func (w *work) try(ctx context.Context, client Client, s store.Send, c cargo, broken error) (messenger.Receipt, error) {
	none := messenger.Receipt{}
	if broken != nil {
		return none, broken
	}
	if open, err := w.open(c); err != nil || !open {
		return none, errors.Join(errWindow, err)
	}
	switch {
	case c.Typing:
		_ = client.Type(ctx, w.key.Person, w.marks.mask(ctx, client, w.key.Page, c.Persona, w.log())) // a courtesy: its failure never matters
		return none, nil
	case c.Handover != "":
		return none, client.PassThread(ctx, w.key.Person, c.Handover, s.ID)
	case c.Message == nil:
		return none, errors.New("send: nothing in it that this release knows")
	}
	m := *c.Message
	m.Metadata = s.ID
	if !messenger.Together(w.key.Person, m) {
		return client.Send(ctx, w.key.Person, m)
	}
	return w.groups.Send(ctx, w.key.Page, messenger.Parcel{Person: w.key.Person, Message: m}, w.surely)
}

// open tells whether the window is open for a send (messenger.md section 3.7). The
// session is looked at only when the window has closed that the turn had.
func (w *work) open(c cargo) (bool, error) {
	now := w.now()
	if now.Before(c.Heard.Add(messenger.WindowOf(w.key.Person))) {
		return true, nil
	}
	state, err := session.Decode(w.conv.Session)
	if err != nil {
		return false, err
	}
	return now.Before(state.Heard.Add(messenger.Window)), nil
}

// settle commits that a send is done with, which went out at a time. When nothing
// more is known to be due the lease ends in the same step. While the store does not take
// it, the lease is kept: whoever worked on the conversation now would send again.
func (w *work) settle(ctx context.Context, s store.Send, at time.Time) (done bool, err error) {
	c := store.Change{Settled: []string{s.ID}, Sends: follow(w.conv.Sends, s, at)}
	c.Sends = w.anchor(c.Sends, s)
	if w.sent > 0 && w.sent%MaxBurst == 0 { // a gentle gap (messenger.md section 9, rule 8)
		c.Hold = w.now().Add(PersonGap)
	}
	done = choose(apply(w.conv, c), w.now(), false) == doRest
	err = w.insist(ctx, c, done, "message "+s.ID+" went out, but is not settled yet")
	if err == nil && done {
		w.rest(false)
	}
	return done, err
}

// echoes are the events that tell of sends that came back as echoes.
func (w *work) echoes() map[string]store.Event {
	var out map[string]store.Event
	for _, e := range w.conv.Events {
		if !isEcho(e.Body) {
			continue
		}
		if n, err := readNote(e.Body); err == nil {
			if out == nil {
				out = map[string]store.Event{}
			}
			out[n.Echo] = e
		}
	}
	return out
}

// settleEchoes settles sends whose outcome was in doubt and whose echo came. The
// wait for what failed ends when it had not failed. An echo of what is settled already changes nothing.
func (w *work) settleEchoes(ctx context.Context, echoes map[string]store.Event) error {
	c := store.Change{Hold: w.conv.Hold}
	for _, intent := range slices.Sorted(maps.Keys(echoes)) {
		c.Consumed = append(c.Consumed, echoes[intent].ID)
	}
	var back []store.Send
	last := w.last
	for i, s := range w.conv.Sends {
		e, ok := echoes[s.ID]
		if !ok {
			continue
		}
		if last = echoed(e); i > len(back) {
			last = "" // it has overtaken one that is still to go out
		}
		back = append(back, s)
		c.Settled = append(c.Settled, s.ID)
		c.Sends = append(c.Sends, follow(w.conv.Sends, s, spoke(e, w.now()))...)
		if i == 0 {
			c.Hold = time.Time{}
		}
	}
	if err := w.commit(ctx, c, false); err != nil {
		return err
	}
	w.last = last
	for _, s := range back {
		w.observer.Sent(Sent{ID: s.ID, Key: w.key, Outcome: Delivered, Tries: s.Tries, Echo: true})
	}
	return nil
}
