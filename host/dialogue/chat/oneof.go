package chat

import (
	"context"
	"fmt"

	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/trace"
	"github.com/footlight-bots/footlight/host/turn"
)

// maxCombinations is how many ways of one reply "one of" looks at.
const maxCombinations = 1000

// oneOf compares a bubble with every reply of a trigger, in every way it can come
// out: no is the failure when it is none of them. Without a place the trigger is
// the one that matched in the latest turn.
func (p *performance) oneOf(ctx context.Context, b bubble, place string, no *Failure) *Failure {
	trigger, captures, ok := p.trigger(place)
	if !ok {
		if place == "" {
			no.Got = "no trigger matched"
			return no
		}
		no.Got = "there is no trigger at " + place
		return no
	}
	if p.machine == nil {
		p.machine = interp.New(p.stage.Cast.Program)
	}
	if p.machine.Replies(trigger) == 0 {
		no.Got = "the trigger has no reply of its own; name the one that its @ leads to"
		return no
	}
	in, last := p.talk.Last()
	in.Outside = &last.Outside
	for n := range p.machine.Replies(trigger) {
		found, err := p.comesOut(ctx, in, b, func(ctx context.Context, w world.World) ([]reply.Token, error) {
			return p.machine.Reply(ctx, w, trigger, n, captures)
		})
		if err != nil {
			no.Got = err.Error()
			return no
		}
		if found {
			return nil
		}
	}
	return no
}

// comesOut tells whether a reply can have a bubble like b. It goes through the
// draws of the reply like an odometer.
func (p *performance) comesOut(ctx context.Context, in turn.Input, b bubble, say func(context.Context, world.World) ([]reply.Token, error)) (bool, error) {
	var wheel, size []uint64
	for range maxCombinations {
		at := 0
		r, err := p.talk.Runner.Rehearse(ctx, in, func(n uint64) uint64 {
			if at == len(wheel) {
				wheel, size = append(wheel, 0), append(size, n)
			}
			size[at] = n
			at++
			return wheel[at-1]
		}, say)
		if err != nil {
			return false, err
		}
		for _, part := range r.Parts {
			if same(newBubble(part).text, b.text) {
				return true, nil
			}
		}
		wheel, size = wheel[:at], size[:at]
		for at > 0 && wheel[at-1]+1 >= size[at-1] {
			at--
		}
		if at == 0 {
			return false, nil
		}
		wheel, size = wheel[:at], size[:at]
		wheel[at-1]++
	}
	return false, fmt.Errorf("the reply can come out in more than %d ways: write a pattern, < /…/", maxCombinations)
}

// trigger finds the trigger at a place, with what it captured in the latest turn.
func (p *performance) trigger(place string) (trigger int, captures []string, ok bool) {
	_, last := p.talk.Last()
	for _, e := range last.Trace {
		if e.Kind == trace.Matched && (place == "" || at(e) == place) {
			trigger, captures, ok = e.Trigger, e.Captures, true
		}
	}
	if ok || place == "" {
		return trigger, captures, ok
	}
	meta := p.stage.Cast.Script.Program()
	for n, t := range meta.Triggers.All() {
		if fmt.Sprintf("%s:%d", meta.Files[t.Loc.File], t.Loc.Line) == place {
			return n, nil, true
		}
	}
	return 0, nil, false
}

// at is the place of an event.
func at(e trace.Event) string { return fmt.Sprintf("%s:%d", e.File, e.Line) }
