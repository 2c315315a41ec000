package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

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
	return a.script.Answer(ctx, l, a.words.Forms(m.Text, a.script.Program().Kept))
}

// says is the reply to a message.
func (a *actor) says(ctx context.Context, m *brain.Message) (string, error) {
	tokens, err := a.turn(ctx, a.listener(), m)
	return reply.Finish(tokens, reply.Options{}).Text, err
}

// course is what the turns of one class took.
type course struct {
	bench.Spread
	slowest time.Duration // of the message whose quickest turn took longest
	count   float64       // allocations of a turn
}

// warmUp is the share of the time that goes before it, uncounted.
const warmUp = 5

// say says the messages of a class again and again, for some time and some times each.
func (y *yardstick) say(ctx context.Context, a *actor, messages []brain.Message, each int) (*course, error) {
	if _, err := y.round(ctx, a, messages, y.time/warmUp, 0); err != nil {
		return nil, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c, err := y.round(ctx, a, messages, y.time, each)
	if err != nil {
		return nil, err
	}
	runtime.ReadMemStats(&after)
	c.count = float64(after.Mallocs-before.Mallocs) / float64(c.Count())
	return c, nil
}

// round says messages until the time is over and each was said so often; one at least.
func (y *yardstick) round(ctx context.Context, a *actor, messages []brain.Message, length time.Duration, each int) (*course, error) {
	c, l := &course{}, a.listener()
	best := make([]time.Duration, len(messages))
	before := y.clock.Now()
	for n, end := 0, before.Add(length); n < max(each*len(messages), 1) || before.Before(end); n++ {
		at := n % len(messages)
		if _, err := a.turn(ctx, l, &messages[at]); err != nil {
			return nil, fmt.Errorf("%q: %w", messages[at].Text, err)
		}
		now := y.clock.Now()
		took := now.Sub(before)
		c.Add(took)
		if n < len(messages) || took < best[at] {
			best[at] = took
		}
		before = now
	}
	for _, d := range best {
		c.slowest = max(c.slowest, d)
	}
	return c, nil
}

// pair is how much more two people at once are answered than one alone.
func (y *yardstick) pair(ctx context.Context, a *actor, classes []brain.Class) (float64, error) {
	var all []brain.Message
	for _, c := range classes {
		if c.Name != brain.Long {
			all = append(all, c.Messages...)
		}
	}
	rate := func(people int) (float64, error) {
		counts := make([]uint64, people)
		group, ctx := errgroup.WithContext(ctx)
		for i := range counts {
			group.Go(func() error {
				c, err := y.round(ctx, a, all, y.time, 0)
				if err == nil {
					counts[i] = c.Count()
				}
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return 0, err
		}
		total := uint64(0)
		for _, n := range counts {
			total += n
		}
		return float64(total), nil
	}
	if _, err := rate(2); err != nil { // both instances are there
		return 0, err
	}
	one, err := rate(1)
	if err != nil {
		return 0, err
	}
	two, err := rate(2)
	return two / one, err
}
