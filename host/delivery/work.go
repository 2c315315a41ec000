package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/store"
)

// errLater ends the work on a conversation whose lease was left to run for a
// while, so that nobody, on any host, tries again before.
var errLater = errors.New("conversation was put off")

// work is what a worker does with one leased conversation.
type work struct {
	*Delivery
	key store.Key

	conv  store.Conversation
	known bool // conv is what the store has, but for events that have come since

	hand  latch // held during calls of the store that take the lease
	lease store.Lease
	ends  time.Duration // of the lease, by the clock's Elapsed
	over  bool          // the lease is no more ours to use

	packed map[string]cargo // under this lease, by the bodies of the sends: what was packed need not be read again

	later time.Duration // no turn before it, by the clock's Elapsed
	sent  int           // messages that went out under this lease
	turns int           // taken under this lease
	tries bool          // it holds the latch of trials

	thinking atomic.Bool // a turn is being taken whose answer somebody waits for
	typed    atomic.Bool // and they were shown that
	lost     string      // id of the send that a host may have tried that did not come to settle it
	last     string      // id of the message that went out last, as the platform has it; empty: it is not known
}

// serve works on a conversation until nothing is due, the lease is lost, or stop
// ends; then it finishes the step in hand. ctx cuts even that. It tells whether it left anything to be done, now or later.
func (d *Delivery) serve(ctx, stop context.Context, j job) (left bool) {
	w := &work{Delivery: d, key: j.Key, lease: j.Lease, ends: j.ends, hand: newLatch(), packed: map[string]cargo{}}
	if j.Conversation != nil {
		w.conv, w.known = *j.Conversation, true
		w.resume()
	}
	held, cancel := context.WithCancelCause(ctx)
	dismiss := clock.Call(d.clock, TypingAfter, func() { w.keep(held, cancel) })
	err := w.run(held, stop)
	if cause := context.Cause(held); errors.Is(cause, store.ErrFenced) {
		err = cause
	}
	cancel(context.Canceled)
	dismiss()
	switch {
	case err == nil, errors.Is(err, errLater):
	case errors.Is(err, store.ErrFenced):
		w.log().WarnContext(ctx, "conversation was taken over by another host")
	case ctx.Err() != nil:
		w.log().ErrorContext(ctx, "work was cut off, the conversation stays leased until its echoes can have come")
	default:
		wait := StoreRetry
		if errors.Is(err, store.ErrForGood) {
			wait = ParkFor
		}
		w.log().ErrorContext(ctx, "conversation put off", "wait", wait, "error", err)
		_ = w.leave(ctx, wait, store.Counted) // when that fails too, the lease runs out
	}
	return err != nil || len(w.conv.Events)+len(w.conv.Sends) > 0
}

// log is where what concerns the conversation is logged: made when there is something, which is seldom.
func (w *work) log() *slog.Logger {
	return w.Delivery.log.With("page", w.key.Page, "conversation", Label(w.key))
}

// keep renews the lease until ctx ends, and shows that somebody is typing while a turn takes long: it begins TypingAfter
// after the work, which nearly always has ended by then. When the lease was taken over, the work stops at once.
func (w *work) keep(ctx context.Context, cancel context.CancelCauseFunc) {
	for ctx.Err() == nil {
		if w.thinking.Load() && !w.typed.Swap(true) {
			w.marks.show(w.key, nil, TurnTime)
		}
		if clock.Sleep(ctx, w.clock, LeaseFor/3-TypingAfter) != nil {
			return
		}
		err := w.extend(ctx, LeaseFor, store.Counted)
		switch {
		case errors.Is(err, store.ErrFenced):
			cancel(err)
			return
		case err != nil:
			w.log().WarnContext(ctx, "lease not renewed", "error", err)
		}
		_ = clock.Sleep(ctx, w.clock, TypingAfter) // either way the end of ctx is seen
	}
}

func (w *work) extend(ctx context.Context, d time.Duration, claims int) error {
	if err := w.hand.lock(ctx); err != nil {
		return err
	}
	defer w.hand.unlock()
	if w.over {
		return nil
	}
	ends := w.clock.Elapsed() + d
	lease, err := w.store.Extend(ctx, w.lease, w.now().Add(d), claims)
	if err != nil {
		return fmt.Errorf("extend lease: %w", err)
	}
	w.lease, w.ends = lease, ends
	return nil
}

// holds makes sure that the lease has not run out unnoticed, as it does while a process is
// stopped: whoever took over in the meantime sends what waits. It may be stopped before it hears that the lease was renewed as well.
func (w *work) holds(ctx context.Context) error {
	for !w.surely() {
		if err := w.extend(ctx, LeaseFor, store.Counted); err != nil {
			return err
		}
	}
	return nil
}

// surely tells, without waiting for anything, whether the lease has surely not run out.
func (w *work) surely() bool {
	select {
	case w.hand <- struct{}{}:
	default: // it is being renewed, or was
		return false
	}
	defer w.hand.unlock()
	return w.firm()
}

// firm tells whether the lease lasts for a while yet. Both the clock, by which others take over, and the time that has passed
// must say so: the one may have been set back meanwhile, the other may have stood still while the machine slept.
func (w *work) firm() bool {
	return min(w.lease.Until.Sub(w.now()), w.ends-w.clock.Elapsed()) >= LeaseFor/3
}

// putOff leaves the conversation alone for d, because nothing can be done now: it counts as leased no more often than before.
func (w *work) putOff(ctx context.Context, d time.Duration) error {
	return w.leave(ctx, d, max(0, w.conv.Claims-1))
}

// leave lets the lease end in d, and not before.
func (w *work) leave(ctx context.Context, d time.Duration, claims int) error {
	if err := w.extend(ctx, d, claims); err != nil {
		return err
	}
	if err := w.hand.lock(ctx); err != nil {
		return err
	}
	defer w.hand.unlock()
	w.over = true
	return errLater
}

// run takes steps until nothing is due. When nothing was due to begin with, Claim
// and we disagree (clocks of two hosts, for example); that must not become a race.
func (w *work) run(ctx, stop context.Context) error {
	for first := true; ; first = false {
		if stop.Err() != nil {
			return w.quit(ctx)
		}
		if err := w.load(ctx); err != nil {
			return err
		}
		done, err := w.step(ctx, first)
		if err != nil || done {
			return err
		}
	}
}

// step does the next thing that is due; done tells that the lease was given back.
func (w *work) step(ctx context.Context, first bool) (done bool, err error) {
	if echoes := w.echoes(); len(echoes) > 0 {
		return false, w.settleEchoes(ctx, echoes)
	}
	if w.lost != "" {
		if err := w.remember(ctx); err != nil {
			return false, err
		}
	}
	paused, err := w.pauses.paused(ctx, w.key.Page)
	if err != nil {
		return false, err
	}
	switch todo := choose(w.conv, w.now(), paused); {
	case todo == doSend:
		return w.send(ctx)
	case todo == doTurn && w.later > w.clock.Elapsed():
		return true, w.putOff(ctx, w.later-w.clock.Elapsed())
	case todo == doTurn && w.turns >= MaxLeaseTurns: // whoever waits longer now comes first
		return true, w.putOff(ctx, time.Millisecond)
	case todo == doTurn:
		w.turns++
		return false, w.meet(ctx, w.conv.Events[0])
	case first && len(w.conv.Events) > 0 && w.conv.Events[0].Due.After(w.now()):
		return true, w.listen(ctx, w.conv.Events[0].Due)
	case first:
		return true, w.putOff(ctx, w.poll)
	default:
		w.rest(paused)
		return true, w.release(ctx)
	}
}

// meet takes the next event.
func (w *work) meet(ctx context.Context, e store.Event) error {
	if isMove(e.Body) {
		if n, err := readNote(e.Body); err == nil && n.Move != nil {
			return w.handOver(ctx, e, *n.Move)
		}
	}
	return w.hear(ctx, e)
}

// action is what to do next with a conversation.
type action uint8

const (
	doRest action = iota
	doTurn
	doSend
)

// choose says what comes first. A send that is due goes before the next turn,
// which can take long; but not when it was still waiting as the person wrote (after a
// rest of the host, for example), for then the turn decides whether it goes out at all; nor while
// an event waits by which somebody else may take the word. Events are taken in the order of
// their time stamps: once one is due, those before it are too.
func choose(c store.Conversation, now time.Time, paused bool) action {
	heard := slices.ContainsFunc(c.Events, func(e store.Event) bool { return !e.Due.After(now) })
	due := len(c.Sends) > 0 && !paused && !c.Sends[0].Due.After(now) && !c.Hold.After(now) && !handsWait(c.Events)
	switch {
	case due && (len(c.Events) == 0 || !waiting(c.Sends, spoke(c.Events[0], now))[0]):
		return doSend
	case heard:
		return doTurn
	default:
		return doRest
	}
}

// listen holds back what is due until what the person has said meanwhile is heard.
func (w *work) listen(ctx context.Context, until time.Time) error {
	return w.commit(ctx, store.Change{Hold: later(w.conv.Hold, until)}, true)
}

// spoke is when an event happened, by the platform's time stamp, but not in our future.
func spoke(e store.Event, now time.Time) time.Time {
	if e.At.After(now) {
		return now
	}
	return e.At
}

// rest shows the typing indicator while a delay runs (L-DELAY-3).
func (w *work) rest(paused bool) {
	if paused || !w.conv.Hold.IsZero() {
		return
	}
	if head, ok := firstMessage(w.conv.Sends); ok && head.Wait > 0 && head.Due.After(w.now()) {
		c, _ := unload(head.Body) // what nobody can read is nobody's
		w.marks.show(w.key, c.Persona, head.Due.Sub(w.now()))
	}
}

func (w *work) load(ctx context.Context) error {
	if w.known {
		w.known = false
		return nil
	}
	if err := w.hand.lock(ctx); err != nil {
		return err
	}
	defer w.hand.unlock()
	conv, err := w.store.Load(ctx, w.lease)
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if w.conv = conv; w.sent == 0 && w.turns == 0 {
		w.resume()
	}
	return nil
}

// resume finds out what a host that did not come to its end may have left open.
func (w *work) resume() {
	if head, ok := firstMessage(w.conv.Sends); ok && w.conv.Claims > 1 {
		w.lost = head.ID
	}
}

// commit changes the conversation, in the store and in hand.
func (w *work) commit(ctx context.Context, c store.Change, release bool) error {
	if err := w.hand.lock(ctx); err != nil {
		return err
	}
	defer w.hand.unlock()
	if err := w.store.Commit(ctx, w.lease, c, release); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	w.over = release
	w.conv = apply(w.conv, c)
	return nil
}

// quit gives the lease back at the end of the host. What it knows about one that came to no end is not
// to be lost with it.
func (w *work) quit(ctx context.Context) error {
	if w.lost != "" {
		if err := w.remember(ctx); err != nil {
			return err
		}
	}
	return w.release(ctx)
}

func (w *work) release(ctx context.Context) error {
	if err := w.hand.lock(ctx); err != nil {
		return err
	}
	defer w.hand.unlock()
	w.over = true
	if err := w.store.Release(ctx, w.lease); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
}

// apply is what a change makes of a conversation.
func apply(v store.Conversation, c store.Change) store.Conversation {
	if c.Session != nil {
		v.Session = c.Session
	}
	v.Events = dropEvents(v.Events, c.Consumed)
	gone := append([]string{}, c.Settled...)
	for _, s := range c.Sends {
		gone = append(gone, s.ID)
	}
	v.Sends = append(without(v.Sends, gone...), c.Sends...)
	for i := range v.Sends {
		for _, id := range c.Retried {
			if v.Sends[i].ID == id {
				v.Sends[i].Tries++
			}
		}
	}
	order(v.Sends)
	v.Hold = c.Hold
	v.Claims = 0
	return v
}
