package lower

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// trigger lowers a + with everything below it.
func (l *lowerer) trigger(t *link.Trigger, begin bool) ir.Trigger {
	out := ir.Trigger{Pattern: l.patterns.of(t.Pattern), Previous: ir.None, Kept: t.NoStrip, Alias: ir.None}
	out.Captures = l.out.Patterns[out.Pattern].Slots
	if t.Previous != nil {
		out.Previous = l.patterns.of(t.Previous)
		out.PrevCaptures = l.out.Patterns[out.Previous].Slots
	}
	l.out.Meta.Kept = l.out.Meta.Kept || t.NoStrip
	out.Requests = l.requests(t.Requests)
	if t.Alias != nil {
		l.at(t.Alias.Span, "alias", 0)
		out.Alias = l.argument(t.Alias)
		return out
	}
	l.answers(t, begin, &out)
	return out
}

// answers lowers the conditions and replies of a trigger.
func (l *lowerer) answers(t *link.Trigger, begin bool, out *ir.Trigger) {
	for i := range t.Conditions {
		c := &t.Conditions[i]
		l.at(c.Span, "condition", i+1)
		lowered := ir.Condition{
			Loc: l.loc, Op: operators[c.Op],
			Left: l.argument(c.Left), Right: l.argument(c.Right),
		}
		lowered.Before, lowered.Reply = l.reply(c.Reply, begin)
		out.Conditions = append(out.Conditions, lowered)
	}
	if n := len(t.Replies); n > 0 {
		out.Replies = make([]ir.Reply, 0, n)
	}
	for i := range t.Replies {
		r := &t.Replies[i]
		l.at(r.Span, "reply", i+1)
		lowered := ir.Reply{Loc: l.loc, Weight: max(r.Weight, 1)}
		lowered.Before, lowered.Func = l.reply(r.Template, begin)
		out.Replies = append(out.Replies, lowered)
	}
}

var operators = map[string]ir.CompareOp{
	"==": ir.Equal, "!=": ir.NotEqual, "<": ir.Less, "<=": ir.LessEqual, ">": ir.Greater, ">=": ir.GreaterEqual,
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
