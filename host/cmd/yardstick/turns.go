package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/bench"
	"github.com/footlight-bots/footlight/host/bench/brain"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
)

// actor is a script with what is needed to talk to it.
type actor struct {
	script world.Script
	words  *message.Normalizer
	vars   map[string]string
}

func newActor(script world.Script, vars map[string]string) *actor {
	return &actor{script, message.New(script.Program().Message), vars}
}

func (a *actor) listener() *listener { return newListener(a.script.Program(), a.vars) }

// turn is a whole turn: from the message as it was typed to the tokens of the reply.
func (a *actor) turn(ctx context.Context, l *listener, m *brain.Message) ([]reply.Token, error) {
	l.last = m.Last
	return a.script.Answer(ctx, l, l.scratch.Forms(a.words, m.Text, a.script.Program().Kept))
}

// says is the reply to a message.
func (a *actor) says(ctx context.Context, m *brain.Message) (string, error) {
	tokens, err := a.turn(ctx, a.listener(), m)
	return reply.Finish(tokens, reply.Options{}).Text, err
}

// course is what the turns of one class took.
type course struct {
	bench.Spread
	best  []time.Duration // the quickest turn of each message, in all rounds
	count float64         // allocations of a turn
}

// slowest is how long the message took that takes longest, others left aside.
func (c *course) slowest() time.Duration { return slices.Max(c.best) }

const (
	// warmUp is the share of the time that goes before it, uncounted.
	warmUp = 5
	// rounds are measured; the one with the lowest median counts, for what else the
	// machine does can only add to it. Short rounds find a quiet moment sooner than
	// long ones.
	rounds = 25
)

// say says the messages of a class again and again, for some time, and with each all of
// them in every round.
func (y *yardstick) say(ctx context.Context, a *actor, messages []brain.Message, each bool) (*course, error) {
	if _, err := y.round(ctx, a, messages, y.time/warmUp, false); err != nil {
		return nil, err
	}
	best := make([]time.Duration, len(messages))
	var quietest *course
	for range rounds {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		c, err := y.round(ctx, a, messages, y.time/rounds, each)
		if err != nil {
			return nil, err
		}
		runtime.ReadMemStats(&after)
		c.count = float64(after.Mallocs-before.Mallocs) / float64(c.Count())
		for i, took := range c.best {
			if took > 0 && (best[i] == 0 || took < best[i]) {
				best[i] = took
			}
		}
		if quietest == nil || c.Share(0.5) < quietest.Share(0.5) {
			quietest = c
		}
	}
	quietest.best = best
	return quietest, nil
}

// round says messages until the time is over; one at least, and with each all of them.
func (y *yardstick) round(ctx context.Context, a *actor, messages []brain.Message, length time.Duration, each bool) (*course, error) {
	c, l := &course{best: make([]time.Duration, len(messages))}, a.listener()
	least := 1
	if each {
		least = len(messages)
	}
	before := y.clock.Now()
	for n, end := 0, before.Add(length); n < least || before.Before(end); n++ {
		at := n % len(messages)
		if _, err := a.turn(ctx, l, &messages[at]); err != nil {
			return nil, fmt.Errorf("%q: %w", messages[at].Text, err)
		}
		now := y.clock.Now()
		took := now.Sub(before)
		c.Add(took)
		if n < len(messages) || took < c.best[at] {
			c.best[at] = took
		}
		before = now
	}
	return c, nil
}
