package main

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/footlight-bots/footlight/host/bench/brain"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/sandbox"
)

// pairs is how much more two people at once are answered than one alone: by one bot, and
// by a bot for each, loaded by sandboxes of their own. The second shares nothing, so it
// is what the machine itself allows; the two are measured in turns.
func (y *yardstick) pairs(ctx context.Context, a *actor, built *compile.Result, written *brain.Brain) (one, each float64, err error) {
	r, err := sandbox.New(sandbox.Config{})
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, r.Close(ctx)) }()
	module, err := r.Load(ctx, built.Wasm)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, module.Close(ctx)) }()
	other := newActor(module, written.Vars)
	var all []brain.Message
	for _, c := range written.Classes {
		if c.Name != brain.Long {
			all = append(all, c.Messages...)
		}
	}
	seconds := []*actor{a, other}
	ratios := make([][]float64, len(seconds))
	for range rounds {
		for i, second := range seconds {
			alone, err := y.rate(ctx, all, a)
			if err != nil {
				return 0, 0, err
			}
			together, err := y.rate(ctx, all, a, second)
			if err != nil {
				return 0, 0, err
			}
			ratios[i] = append(ratios[i], together/alone)
		}
	}
	return middle(ratios[0]), middle(ratios[1]), nil
}

// middle is the median: a machine that slows down for a moment has no say.
func middle(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// rate is how many turns people have in a round, each with an actor.
func (y *yardstick) rate(ctx context.Context, messages []brain.Message, people ...*actor) (float64, error) {
	counts := make([]uint64, len(people))
	group, ctx := errgroup.WithContext(ctx)
	for i, a := range people {
		group.Go(func() error {
			c, err := y.round(ctx, a, messages, y.time/rounds, false)
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
