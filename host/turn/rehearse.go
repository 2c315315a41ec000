package turn

import (
	"context"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
)

// Rehearse has say speak on the stage of a turn, as it was before the turn was
// taken, and makes a reply of what it says. draw takes the place of chance: it is
// given the number of choices. Nothing else comes of it, and the outside world is
// what in holds of it; tests use it to learn what a bot could have said.
func (r *Runner) Rehearse(ctx context.Context, in Input, draw func(n uint64) uint64, say func(context.Context, world.World) ([]reply.Token, error)) (reply.Reply, error) {
	w := newStage(r, in)
	w.draw = draw
	if in.Outside == nil {
		in.Outside = &Recording{}
	}
	w.outside = outside{ctx: ctx, replay: in.Outside}
	if in.Event.Kind != Reminder {
		w.arrive(in)
	}
	tokens, err := say(ctx, w)
	if tokens, err = w.limited(tokens, err); err != nil {
		return reply.Reply{}, err
	}
	return r.finish(w.act(tokens, in.Now)), nil
}
