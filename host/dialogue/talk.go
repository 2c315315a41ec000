// Package dialogue is talk with a bot as data: Talk, one person's conversation under
// a virtual clock, without store or network, and the conformance cases that run on
// it. Conversation tests (.chat files) are in package chat. No API of the host is promised.
package dialogue

import (
	"context"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/turn"
)

// Start is where the clock of a talk stands at first.
var Start = time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)

// Platform is what _platform reads in tests (L-CHAT-2).
const Platform = "test"

// Talk is one person's conversation with a bot. Delays and reminders pass only by
// Wait. It is used by one goroutine.
type Talk struct {
	Runner *turn.Runner
	Person turn.Person
	State  session.State
	Now    time.Time
	Seed   uint64 // of the next turn
	// Window is how long after the person has done something reminders are still
	// sent (L-REM-5); 0: for ever. Opened is when that was.
	Window time.Duration
	Opened time.Time

	pending []due
	last    turn.Result
	lastIn  turn.Input
}

// due is a part that waits for its time.
type due struct {
	at   time.Time
	part reply.Part
}

// Do takes an event through a turn. delivered are the parts that go out at once.
func (t *Talk) Do(ctx context.Context, e turn.Event) (result turn.Result, delivered []reply.Part, err error) {
	t.Opened = t.Now
	result, err = t.run(ctx, e, t.Now)
	if err != nil || !result.Ran {
		return result, nil, err
	}
	if result.Cancel {
		t.pending = slices.DeleteFunc(t.pending, func(d due) bool { return !d.part.NoCancel })
	}
	t.plan(result.Reply.Parts, t.Now)
	delivered, err = t.deliver(ctx)
	return result, delivered, err
}

// run takes an event through a turn at a time.
func (t *Talk) run(ctx context.Context, e turn.Event, at time.Time) (turn.Result, error) {
	in := turn.Input{Event: e, Session: t.State, Person: t.Person, Now: at, Closed: !t.open(at), Seed: t.Seed}
	result, err := t.Runner.Run(ctx, in)
	if err != nil {
		return result, err
	}
	t.Seed++
	t.State, t.last, t.lastIn = result.Session, result, in
	return result, nil
}

// plan puts parts into the queue, before kept ones that are due at the same time
// (L-DELAY-5).
func (t *Talk) plan(parts []reply.Part, at time.Time) {
	kept := t.pending
	t.pending = nil
	for _, part := range parts {
		at = at.Add(part.Delay)
		t.pending = append(t.pending, due{at, part})
	}
	t.pending = append(t.pending, kept...)
	slices.SortStableFunc(t.pending, func(a, b due) int { return a.at.Compare(b.at) })
}

// Wait lets d pass and returns the parts that fell due up to and including the
// end, those of reminders among them.
func (t *Talk) Wait(ctx context.Context, d time.Duration) ([]reply.Part, error) {
	t.Now = t.Now.Add(d)
	return t.deliver(ctx)
}

// Next tells how long it takes to the next part or reminder that waits.
func (t *Talk) Next() (wait time.Duration, ok bool) {
	_, at, ok := t.State.NextReminder()
	if len(t.pending) > 0 && (!ok || !at.Before(t.pending[0].at)) {
		at, ok = t.pending[0].at, true
	}
	if !ok {
		return 0, false
	}
	return max(0, at.Sub(t.Now)), true
}

// Pending is the number of parts and reminders that wait.
func (t *Talk) Pending() int { return len(t.pending) + len(t.State.Reminders) }

// Last is the latest turn or reminder: what went in, and what came of it.
func (t *Talk) Last() (turn.Input, turn.Result) { return t.lastIn, t.last }

// Open tells whether the messaging window is open.
func (t *Talk) Open() bool { return t.open(t.Now) }

func (t *Talk) open(at time.Time) bool { return t.Window == 0 || at.Before(t.Opened.Add(t.Window)) }

// deliver takes what is due, in the order of its time; a part goes before a
// reminder of the same time.
func (t *Talk) deliver(ctx context.Context) ([]reply.Part, error) {
	var parts []reply.Part
	for {
		name, at, ok := t.State.NextReminder()
		if ok = ok && !at.After(t.Now); ok && (len(t.pending) == 0 || t.pending[0].at.After(at)) {
			result, err := t.run(ctx, turn.Event{Kind: turn.Reminder, Text: name}, at)
			if err != nil {
				return nil, err
			}
			t.plan(result.Reply.Parts, at)
			continue
		}
		if len(t.pending) == 0 || t.pending[0].at.After(t.Now) {
			return parts, nil
		}
		parts = append(parts, t.pending[0].part)
		t.pending = t.pending[1:]
	}
}
