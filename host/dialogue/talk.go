// Package dialogue is talk with a bot as data: conversation tests (.chat files)
// and conformance cases. Both run on Talk, one person's conversation under a
// virtual clock, without store or network. No API of the host is promised.
package dialogue

import (
	"context"
	"fmt"
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

// Talk is one person's conversation with a bot. Delays pass only by Wait. It is
// used by one goroutine.
type Talk struct {
	Runner *turn.Runner
	Person turn.Person
	State  session.State
	Now    time.Time
	Seed   uint64 // of the next turn

	pending []due
	shown   []reply.Part // since the person last spoke
	frozen  *session.State
}

// due is a part that waits for its time.
type due struct {
	at   time.Time
	part reply.Part
}

// Do takes an event through a turn. delivered are the parts that go out at once.
func (t *Talk) Do(ctx context.Context, e turn.Event) (result turn.Result, delivered []reply.Part, err error) {
	result, err = t.Runner.Run(ctx, turn.Input{Event: e, Session: t.State, Person: t.Person, Now: t.Now, Seed: t.Seed})
	if err != nil {
		return result, nil, err
	}
	t.Seed++
	t.State = result.Session
	if !result.Ran {
		return result, nil, nil
	}
	t.shown = nil
	if result.Cancel {
		t.pending = slices.DeleteFunc(t.pending, func(d due) bool { return !d.part.NoCancel })
	}
	kept := t.pending
	t.pending = nil
	at := t.Now
	for _, part := range result.Reply.Parts {
		at = at.Add(part.Delay)
		t.pending = append(t.pending, due{at, part})
	}
	t.pending = append(t.pending, kept...) // after the undelayed parts of the new reply (L-DELAY-5)
	slices.SortStableFunc(t.pending, func(a, b due) int { return a.at.Compare(b.at) })
	return result, t.deliver(), nil
}

// Wait lets d pass and returns the parts that fell due up to and including the end.
func (t *Talk) Wait(d time.Duration) []reply.Part {
	t.Now = t.Now.Add(d)
	return t.deliver()
}

// Next tells how long it takes to the next part that waits.
func (t *Talk) Next() (wait time.Duration, ok bool) {
	if len(t.pending) == 0 {
		return 0, false
	}
	return max(0, t.pending[0].at.Sub(t.Now)), true
}

// Pending is the number of parts that wait.
func (t *Talk) Pending() int { return len(t.pending) }

// Shown returns the parts that were delivered since the person last spoke.
func (t *Talk) Shown() []reply.Part { return t.shown }

func (t *Talk) deliver() []reply.Part {
	var parts []reply.Part
	for len(t.pending) > 0 && !t.pending[0].at.After(t.Now) {
		parts = append(parts, t.pending[0].part)
		t.pending = t.pending[1:]
	}
	t.shown = append(t.shown, parts...)
	return parts
}

// thaw goes back to the frozen session, or drops it; without one nothing happens.
func (t *Talk) thaw(action string) error {
	if action != "thaw" && action != "discard" && action != "keep" {
		return fmt.Errorf("thaw %q: the actions are thaw, discard and keep", action)
	}
	if t.frozen == nil {
		return nil
	}
	if action != "discard" {
		t.State = *t.frozen
	}
	if action != "keep" {
		t.frozen = nil
	}
	return nil
}
