package bench

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/dialogue"
	"github.com/footlight-bots/footlight/host/turn"
)

// house is a bot on stage with the people who talk to it.
type house struct {
	options Options
	runner  *turn.Runner
	program *ir.Program
	scenes  []scene
}

// scene is one turn that is measured: a message in the state it was met in.
type scene struct {
	in    turn.Input
	class Class
}

// rehearse plays each talk once and keeps its turns.
func (h *house) rehearse(ctx context.Context) error {
	for n, t := range h.options.Talks {
		talk := dialogue.Talk{
			Runner: h.runner, Now: dialogue.Start, Seed: h.options.Seed,
			Person: turn.Person{ID: fmt.Sprint(n + 1), PageID: "0", Platform: dialogue.Platform},
		}
		talk.State.BotVars = t.BotVars
		if err := talk.Set(t.Vars); err != nil {
			return fmt.Errorf("bench: variables of a test: %w", err)
		}
		talk.State.Topic = t.Topic
		for _, e := range t.Says {
			result, _, err := talk.Do(ctx, e)
			if err != nil {
				return fmt.Errorf("bench: %q: %w", e.Text, err)
			}
			s := scene{class: Silent}
			if s.in, _ = talk.Last(); result.Ran {
				s.class = ClassOf(h.program, winner(h.program, result.Trace))
			}
			h.scenes = append(h.scenes, s)
		}
	}
	return nil
}

// warmUp is the share of the run that goes before it.
const warmUp = 10

// measure repeats the scenes for as long as the options say, at least once each.
func (h *house) measure(ctx context.Context, r *Report) error {
	if _, err := h.play(ctx, h.options.Time/warmUp); err != nil {
		return err
	}
	began := h.options.Clock.Now()
	spreads, err := h.play(ctx, h.options.Time)
	if err != nil {
		return err
	}
	r.Took = h.options.Clock.Now().Sub(began)
	var messages [classes]int
	for _, s := range h.scenes {
		messages[s.class]++
	}
	var all Spread
	for class := range classes {
		if messages[class] > 0 {
			r.Classes = append(r.Classes, newFigures(class, messages[class], &spreads[class]))
			all.Merge(&spreads[class])
		}
	}
	r.All = newFigures(classes, len(h.scenes), &all)
	return nil
}

// play has everybody play all scenes, again and again until the time is over.
func (h *house) play(ctx context.Context, length time.Duration) (*[classes]Spread, error) {
	own := make([][classes]Spread, h.options.People)
	group, ctx := errgroup.WithContext(ctx)
	for i := range own {
		group.Go(func() error { return h.person(ctx, &own[i], i*len(h.scenes)/len(own), length) })
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	total := &own[0]
	for i := range own[1:] {
		for class := range total {
			total[class].Merge(&own[i+1][class])
		}
	}
	return total, nil
}

// person plays rounds that begin with one of the scenes.
func (h *house) person(ctx context.Context, spreads *[classes]Spread, first int, length time.Duration) error {
	before := h.options.Clock.Now()
	end := before.Add(length)
	for played := 0; played < len(h.scenes) || before.Before(end); played++ {
		s := &h.scenes[(first+played)%len(h.scenes)]
		if _, err := h.runner.Run(ctx, s.in); err != nil {
			return fmt.Errorf("bench: %q: %w", s.in.Event.Text, err)
		}
		now := h.options.Clock.Now()
		spreads[s.class].Add(now.Sub(before))
		before = now
	}
	return nil
}
