package emit

import (
	"slices"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// layTriggers writes the table of triggers and their bodies.
func (e *emitter) layTriggers() {
	e.triggers = e.data.Reserve(triggerSize * len(e.p.Triggers))
	for i := range e.p.Triggers {
		t := &e.p.Triggers[i]
		at := e.trigger(i)
		e.data.Put(at+triggerPattern, e.patterns[t.Pattern])
		flags := uint32(t.Rank.Weight) << triggerWeight
		if t.Kept {
			flags |= triggerIsKept
		}
		if e.p.Meta.Triggers.At(i).Topic == ir.None {
			flags |= triggerIsBegin
		}
		e.data.Put(at+triggerFlags, flags)
		e.data.Put(at+triggerKey, uint32(t.Rank.Key))
		e.data.Put(at+triggerSource, uint32(t.Rank.Source))
		e.data.Put(at+triggerBody, e.triggerBody(i))
	}
}

// trigger is the address of a trigger.
func (e *emitter) trigger(i int) int { return e.triggers + triggerSize*i }

// number is the number of the trigger at an address.
func (e *emitter) number(trigger expr) expr {
	return op(wasmbin.I32DivU, sub(trigger, num(e.triggers)), num(triggerSize))
}

// triggerBody writes the row of what follows when a trigger has won.
func (e *emitter) triggerBody(i int) uint32 {
	t := &e.p.Triggers[i]
	r := e.newRow()
	r.at(e.p.Meta.Triggers.At(i).Loc)
	switch {
	case !r.requests(t.Requests):
	case t.Alias != ir.None:
		r.step(stepAlias, 0, e.template(t.Alias))
	default:
		r.conditions(t.Conditions)
		r.replies(t.Replies)
	}
	return uint32(r.end())
}

// requests appends what asks for the answers of a trigger (L-HTTP-3). What stands
// behind it has all of them; it returns false when none can (L-HTTP-8).
func (r *row) requests(list []ir.Request) (goesOn bool) {
	for i := range list {
		q := &list[i]
		if q.Problem != "" {
			r.text(stepRefuse, q.Problem)
			return false
		}
		if !q.Joins || i == 0 {
			r.at(q.Loc)
			r.step(stepOpen, 0)
		}
		r.request(q)
		if i == len(list)-1 || !list[i+1].Joins {
			r.step(stepFetch, 0)
		}
	}
	return true
}

// request appends the record of one: method, name and address, and the options if
// there are any.
func (r *row) request(q *ir.Request) {
	args := 2
	if q.Options != nil {
		args++
	}
	r.name(q.Method, args)
	r.textArg(r.e.constant(q.Name))
	r.textArg(r.e.template(q.URL))
	if q.Options == nil {
		return
	}
	r.arg(reply.JSONArg, len(q.Options.Pieces))
	for _, p := range q.Options.Pieces {
		r.filled(p)
	}
}

// conditions appends the conditions; the reply of the first that holds is evaluated
// (L-COND-1).
func (r *row) conditions(list []ir.Condition) {
	for n := range list {
		c := &list[n]
		r.at(c.Loc)
		r.step(stepWhen, int(c.Op), uint32(n), r.e.template(c.Left), r.e.template(c.Right), r.e.chosen(c.Before, c.Reply, c.Loc))
	}
}

// chosen is the row of a reply. In the begin block it has two passes (L-BEGIN-3).
func (e *emitter) chosen(before, f int, loc ir.Loc) uint32 {
	if before == ir.None {
		return e.template(f)
	}
	r := e.newRow()
	r.reply(before, f, loc)
	return uint32(r.end())
}

// reply appends the steps of a reply.
func (r *row) reply(before, f int, loc ir.Loc) {
	if before != ir.None {
		r.at(loc)
		r.step(stepBefore, 0, r.e.template(before))
	}
	r.template(f)
}

// replies appends the draw of a reply (section 14 of the language).
func (r *row) replies(list []ir.Reply) {
	switch len(list) {
	case 0:
		r.text(stepRefuse, r.e.p.Errors.NotFound)
		return
	case 1:
		r.step(stepOnly, 0)
		r.reply(list[0].Before, list[0].Func, list[0].Loc)
		return
	}
	op, operands := stepDraw, make([]uint32, 0, len(list)+1)
	if slices.ContainsFunc(list, func(r ir.Reply) bool { return r.Weight != 1 }) {
		op, operands = stepWeighed, append(operands, uint32(r.e.weights(list)))
	}
	for i := range list {
		operands = append(operands, r.e.chosen(list[i].Before, list[i].Func, list[i].Loc))
	}
	r.step(op, len(list), operands...)
}

// weights returns the address of the sum of the weights in 64 bits and of each in 32.
func (e *emitter) weights(list []ir.Reply) int {
	at := e.data.Reserve(8 + 4*len(list))
	var sum uint64
	for n, r := range list {
		e.data.Put(at+8+4*n, r.Weight)
		sum += uint64(r.Weight)
	}
	e.data.Put64(at, sum)
	return at
}
