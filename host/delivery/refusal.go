package delivery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// remedy is what the outbox does about a refusal.
type remedy uint8

const (
	again   remedy = iota // try again after a pause; what is behind it waits
	look                  // look a last time whether it has arrived, and give it up if it has not
	give                  // give this send up
	giveAll               // give up all that waits for the person
	halt                  // pause the Page
)

// verdict is a remedy with its time.
type verdict struct {
	remedy remedy
	wait   time.Duration // of again and look: until the next try; of halt: the Page's pause
	tried  bool          // the pauses grow with it
	met    bool          // it counts against the tries of its class
}

// judge says what to do after the tries-th failure, counted from 0, of a send that has met
// refusals of its class before (messenger.md sections 5.2 and 5.4). chance lies in [0, 1).
func judge(v messenger.Verdict, tries int, before met, now time.Time, chance float64) verdict {
	retry := verdict{remedy: again, wait: max(v.Wait, pause(tries, chance)), tried: true, met: true}
	if v.Class == messenger.ClassAmbiguous {
		retry.wait += EchoWait
	}
	lasting := v.Retries < 0 && (before.Times < MaxSendTries || now.Sub(before.Since) < GiveUpAfter)
	switch {
	case v.Class == messenger.ClassTransient && v.Away: // no fault of the message: the window ends it
		retry.met = false
		return retry
	case before.Times < v.Retries:
		return retry
	case v.Class == messenger.ClassTransient && lasting, v.Class == messenger.ClassAmbiguous && lasting:
		return retry
	case v.Class == messenger.ClassAmbiguous:
		retry.remedy = look
		return retry
	case v.Class == messenger.ClassRate && v.Scope < messenger.ScopePage:
		retry.met = false
		return retry
	case v.Class == messenger.ClassRate:
		return verdict{remedy: halt, wait: max(v.Wait, longest(tries)), tried: true}
	case v.Class == messenger.ClassPage:
		return verdict{remedy: halt, wait: PauseProbe}
	case v.Hold:
		return verdict{remedy: again, wait: ControlProbe}
	case v.Class == messenger.ClassWindow, v.Class == messenger.ClassPerson:
		return verdict{remedy: giveAll}
	default:
		return verdict{remedy: give}
	}
}

// classify is the verdict on the error of a try.
func classify(err error) messenger.Verdict {
	if errors.Is(err, errWindow) {
		return messenger.Verdict{Class: messenger.ClassWindow, Scope: messenger.ScopePerson}
	}
	return messenger.Judge(err)
}

// refused commits what the platform's refusal of the first send leads to.
func (w *work) refused(ctx context.Context, s store.Send, sent cargo, report Sent) (done bool, err error) {
	if ctx.Err() != nil && !errors.Is(report.Err, errWindow) {
		return false, context.Cause(ctx) // cut off in flight: the next host waits for the lease, and for the echo
	}
	refusal := classify(report.Err)
	report.Class = refusal.Class
	v := judge(refusal, s.Tries, sent.Met[string(refusal.Class)], w.now(), w.chance())
	if v.remedy == look && sent.Message == nil {
		v.remedy = give // what is no message cannot be read back
	}
	reason := fmt.Sprintf("class %s: %v", refusal.Class, report.Err)
	log := w.log().With("intent", s.ID, "class", refusal.Class, "tries", s.Tries+1, "error", report.Err)
	switch v.remedy {
	case again, look:
		report.Outcome = Again
		err = w.postpone(ctx, s, sent, refusal, v, w.now().Add(-report.Took))
		log.WarnContext(ctx, "message not sent, it will be tried again", "wait", v.wait)
	case halt:
		report.Outcome = Blocked
		err = w.halt(ctx, s, v, refusal.Scope, report.Err)
	case giveAll:
		report.Outcome = Dropped
		all := messages(w.conv.Sends) // a reminder sees for itself, when it is due
		log.WarnContext(ctx, "messages dropped: the person cannot be reached", "count", len(all))
		err = w.drop(ctx, all, reason)
	default:
		report.Outcome = Dropped
		log.ErrorContext(ctx, "message dropped")
		err = w.drop(ctx, []store.Send{s}, reason)
	}
	if err != nil {
		return false, err
	}
	w.observer.Sent(report)
	return false, nil
}

// postpone leaves a send for later and writes down what the next try must know: what it has met,
// and that it may have arrived since the try that began at a time.
func (w *work) postpone(
	ctx context.Context, s store.Send, sent cargo, refusal messenger.Verdict, v verdict, begun time.Time,
) error {
	c := store.Change{Hold: w.now().Add(v.wait)}
	switch {
	case v.met:
		sent = sent.meet(refusal.Class, w.now())
		if refusal.Class == messenger.ClassAmbiguous && sent.Message != nil {
			sent.Behind = cmp.Or(sent.Behind, w.last)
			sent = sent.doubt(begun, refusal.Arrived, v.remedy == look)
		}
		s.Tries++
		if err := rewrite(&c, s, sent); err != nil {
			return err
		}
	case v.tried:
		c.Retried = []string{s.ID}
	}
	return w.commit(ctx, c, false)
}

// meet adds a refusal to those that a send has met.
func (c cargo) meet(class messenger.Class, now time.Time) cargo {
	c.Met = maps.Clone(c.Met)
	if c.Met == nil {
		c.Met = map[string]met{}
	}
	m := c.Met[string(class)]
	if m.Times++; m.Times == 1 {
		m.Since = now
	}
	c.Met[string(class)] = m
	return c
}

// rewrite gives a send another body. What takes the place of a send stands behind those of the
// same time: so it gets an earlier one.
func rewrite(c *store.Change, s store.Send, sent cargo) (err error) {
	if s.Body, err = sent.encode(); err != nil {
		return err
	}
	s.Due = s.Due.Add(-time.Millisecond)
	c.Sends = []store.Send{s}
	return nil
}

// drop gives sends up and keeps them as letters. What stands behind the last of them counts its
// pause from now.
func (w *work) drop(ctx context.Context, sends []store.Send, reason string) error {
	c := store.Change{Aside: w.letters(sends, reason)}
	for _, s := range sends {
		c.Settled = append(c.Settled, s.ID)
	}
	if len(sends) == 1 {
		c.Sends = w.bridge(follow(w.conv.Sends, sends[0], w.now()), sends[0])
	}
	if err := w.commit(ctx, c, false); err != nil {
		return err
	}
	w.posted(c.Aside)
	return nil
}

// halt pauses the Page, or all Pages of the app. Their queues stay as they are.
func (w *work) halt(ctx context.Context, s store.Send, v verdict, scope messenger.Scope, cause error) error {
	reason := fmt.Sprintf("send %s: %v", s.ID, cause)
	if err := w.pauseAll(ctx, scope, v.wait, reason); err != nil || !v.tried {
		return err
	}
	return w.commit(ctx, store.Change{Retried: []string{s.ID}}, false)
}
