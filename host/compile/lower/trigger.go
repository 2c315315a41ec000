package lower

import (
	"fmt"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// trigger lowers a + with everything below it.
func (l *lowerer) trigger(t *link.Trigger, begin bool) ir.Trigger {
	out := ir.Trigger{Pattern: l.pattern(t.Pattern), Previous: ir.None, Kept: t.NoStrip, Alias: ir.None}
	out.Captures = l.out.Patterns[out.Pattern].Slots
	if t.Previous != nil {
		out.Previous = l.pattern(t.Previous)
		out.PrevCaptures = l.out.Patterns[out.Previous].Slots
	}
	l.out.Meta.Kept = l.out.Meta.Kept || t.NoStrip
	switch {
	case len(t.Requests) > 0:
		out.Replies = []ir.Reply{l.refusal(&t.Requests[0])}
	case t.Alias != nil:
		l.at(t.Alias.Span, "alias")
		out.Alias = l.argument(t.Alias)
	default:
		l.answers(t, begin, &out)
	}
	return out
}

// answers lowers the conditions and replies of a trigger.
func (l *lowerer) answers(t *link.Trigger, begin bool, out *ir.Trigger) {
	for i := range t.Conditions {
		c := &t.Conditions[i]
		l.at(c.Span, fmt.Sprintf("condition %d", i+1))
		lowered := ir.Condition{
			Loc: l.loc, Op: operators[c.Op],
			Left: l.argument(c.Left), Right: l.argument(c.Right),
		}
		lowered.Before, lowered.Reply = l.reply(c.Reply, begin)
		out.Conditions = append(out.Conditions, lowered)
	}
	for i := range t.Replies {
		r := &t.Replies[i]
		l.at(r.Span, fmt.Sprintf("reply %d", i+1))
		lowered := ir.Reply{Loc: l.loc, Weight: max(r.Weight, 1)}
		lowered.Before, lowered.Func = l.reply(r.Template, begin)
		out.Replies = append(out.Replies, lowered)
	}
}

var operators = map[string]ir.CompareOp{
	"==": ir.Equal, "!=": ir.NotEqual, "<": ir.Less, "<=": ir.LessEqual, ">": ir.Greater, ">=": ir.GreaterEqual,
}

// refused is the answer to a request line that is well written: a bot may ask only
// hosts that were granted to it (L-HTTP-9), and no host can be granted so far.
const refused = "[REQ_RESPONSE_ERROR: no host is granted to this bot]"

// refusal is the reply of a trigger whose request gets no answer (L-HTTP-8).
func (l *lowerer) refusal(r *syntax.Request) ir.Reply {
	l.at(r.Span, "request")
	text := r.Problem
	if text == "" {
		text = refused
	}
	fn := l.add("", []ir.Op{{Kind: ir.EmitProblem, Text: text}})
	return ir.Reply{Loc: l.loc, Weight: 1, Before: ir.None, Func: fn}
}

// reply lowers a reply; one of the begin block in two passes (see ir.Reply).
func (l *lowerer) reply(t *syntax.Template, begin bool) (before, fn int) {
	if !begin {
		return ir.None, l.template(t, "")
	}
	before = ir.None
	if ops := l.first(t); len(ops) > 0 {
		before = l.add(" before", ops)
	}
	return before, l.second(t)
}
