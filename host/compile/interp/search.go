package interp

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
)

// found is a trigger that has won, or ir.None, with its captures.
type found struct {
	trigger  int
	captures []string
	previous []string // captures of the previous pattern (L-PREV-5)
}

// find tries the triggers of a view in their order (L-SORT-1); previous tells
// whether triggers with % count.
func (r *run) find(view int, heard message.Forms, previous bool) found {
	v := r.m.order(view)
	if previous && len(v.previous) > 0 {
		if r.last == nil {
			r.last = r.readLast()
		}
		for _, n := range v.previous {
			t := &r.p.Triggers[n]
			before, ok := r.matchLast(t.Previous)
			if !ok {
				continue
			}
			if captures, ok := r.matchForms(t, heard); ok {
				return found{n, captures, before}
			}
		}
	}
	for _, n := range v.all {
		if captures, ok := r.matchForms(&r.p.Triggers[n], heard); ok {
			return found{n, captures, nil}
		}
	}
	return found{trigger: ir.None}
}

// matchForms matches a trigger with the message, unstripped first where it asks for that (L-NORM-8).
func (r *run) matchForms(t *ir.Trigger, heard message.Forms) ([]string, bool) {
	if t.Kept && heard.Kept.Classes != nil {
		if captures, ok := r.match(t.Pattern, heard.Kept); ok {
			return captures, true
		}
	}
	return r.match(t.Pattern, heard.Plain)
}

// lastReply is the bot's last reply as % sees it (L-PREV-2).
type lastReply struct {
	known       bool
	part, whole message.Text
	same        bool // part and whole are one text
	results     map[int]lastResult
}

type lastResult struct {
	captures []string
	ok       bool
}

func (r *run) readLast() *lastReply {
	part, whole, ok := r.w.LastReply()
	if !ok {
		return &lastReply{}
	}
	return &lastReply{
		known: true, same: part == whole,
		part: r.m.words.LastReply(part), whole: r.m.words.LastReply(whole),
		results: map[int]lastResult{},
	}
}

// matchLast matches a previous pattern with the last reply; the last part is tried first.
func (r *run) matchLast(pattern int) ([]string, bool) {
	if !r.last.known {
		return nil, false
	}
	if known, ok := r.last.results[pattern]; ok {
		return known.captures, known.ok
	}
	captures, ok := r.match(pattern, r.last.part)
	if !ok && !r.last.same {
		captures, ok = r.match(pattern, r.last.whole)
	}
	r.last.results[pattern] = lastResult{captures, ok}
	return captures, ok
}

// match finds the preferred way of a pattern through a text, and its captures.
func (r *run) match(pattern int, text message.Text) ([]string, bool) {
	p := &r.p.Patterns[pattern]
	if p.Bare && text.String == "" {
		return make([]string, p.Slots), true
	}
	return r.matcher.match(p, &r.m.plans[pattern], text, r.value)
}

// value reads what a Dynamic node stands for (L-TRIG-6).
func (r *run) value(n *ir.Node) string {
	words := r.m.words
	switch n.Dynamic {
	case ir.InputLine:
		return words.Value(orUndefined(r.w.Input(n.N)))
	case ir.ReplyLine:
		return words.ReplyValue(orUndefined(r.w.Reply(n.N)))
	default:
		return words.Value(orUndefined(r.w.Get(scopes[n.Dynamic], n.Name)))
	}
}

const undefined = "undefined"

func orUndefined(value string, ok bool) string {
	if !ok {
		return undefined
	}
	return value
}
