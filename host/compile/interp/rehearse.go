package interp

import (
	"context"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
)

// Replies is the number of replies that a trigger can give: those of its
// conditions, then the others.
func (m *Machine) Replies(trigger int) int {
	t := &m.program.Triggers[trigger]
	return len(t.Conditions) + len(t.Replies)
}

// Reply evaluates the n-th of them, as if the trigger had won with these captures
// and that reply had been chosen.
func (m *Machine) Reply(ctx context.Context, w world.World, trigger, n int, captures []string) ([]reply.Token, error) {
	r := m.newRun(ctx, w)
	t := &m.program.Triggers[trigger]
	f := &frame{found: found{trigger: trigger, captures: captures}}
	tokens, refused, err := r.ask(t, f)
	switch {
	case refused || err != nil:
	case n < len(t.Conditions):
		tokens, err = r.reply(f, t.Conditions[n].Before, t.Conditions[n].Reply)
	default:
		chosen := t.Replies[n-len(t.Conditions)]
		tokens, err = r.reply(f, chosen.Before, chosen.Func)
	}
	return r.finish(tokens, err)
}
