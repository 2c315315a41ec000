package emit

import (
	"fmt"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// conditionsPerFunction is the number of conditions above which a trigger's
// become several functions.
const conditionsPerFunction = 40

// layTriggers writes the table of triggers and the functions of their replies.
func (e *emitter) layTriggers() {
	e.triggers = e.data.reserve(triggerSize * len(e.p.Triggers))
	for i := range e.p.Triggers {
		t := &e.p.Triggers[i]
		at := e.trigger(i)
		e.data.put(at+triggerPattern, uint32(e.patterns[t.Pattern]))
		if t.Previous != ir.None {
			e.data.put(at+triggerPrevious, uint32(e.patterns[t.Previous]))
		}
		if t.Kept {
			e.data.put(at+triggerKept, 1)
		}
		if e.p.Meta.Triggers[i].Topic == ir.None {
			e.data.put(at+triggerBegin, 1)
		}
		e.data.put(at+triggerNumber, uint32(i))
		e.data.put(at+triggerBody, e.m.Table(e.triggerBody(i)))
	}
}

// trigger is the address of a trigger.
func (e *emitter) trigger(i int) int { return e.triggers + triggerSize*i }

// triggerName names a trigger in stack traces.
func (e *emitter) triggerName(i int) string {
	info := e.p.Meta.Triggers[i]
	file := ""
	if info.Loc.Line > 0 {
		file = fmt.Sprintf("%s:%d ", e.p.Meta.Files[info.Loc.File], info.Loc.Line)
	}
	return file + "+ " + info.Text
}

// triggerBody writes the function of what follows when a trigger has won.
func (e *emitter) triggerBody(i int) wasmbin.Func {
	t, name := &e.p.Triggers[i], e.triggerName(i)
	f := e.m.Declare(name, bodyType())
	b := e.body(f)
	b.at(e.p.Meta.Triggers[i].Loc)
	if !e.requests(b, t.Requests) {
		b.leave(num(0))
		return f
	}
	if t.Alias != ir.None {
		b.leave(call(e.rt.alias, num(i), e.value(t.Alias)))
		return f
	}
	if len(t.Conditions) > 0 {
		b.when(call(e.conditions(i, 0, name)), func() { b.ret(num(0)) })
	}
	b.do(e.replies(i, name))
	b.leave(num(0))
	return f
}

// conditions writes a function that tries conditions from the n-th on and
// evaluates the reply of the first that holds (L-COND-1) → 1 if one does.
func (e *emitter) conditions(i, n int, name string) wasmbin.Func {
	t := &e.p.Triggers[i]
	f := e.m.Declare(fmt.Sprintf("%s, conditions from %d", name, n+1), bodyType())
	b := e.body(f)
	end := min(n+conditionsPerFunction, len(t.Conditions))
	for ; n < end; n++ {
		c := &t.Conditions[n]
		b.at(c.Loc)
		b.do(call(e.rt.spend, num(StepCost)))
		holds := call(e.in.compare, num(i), num(n), num(int(c.Op)), e.value(c.Left), e.value(c.Right))
		b.when(holds, func() {
			b.do(e.chosen(c.Before, c.Reply, c.Loc))
			b.ret(num(1))
		})
	}
	if end < len(t.Conditions) {
		b.leave(call(e.conditions(i, end, name)))
	} else {
		b.leave(num(0))
	}
	return f
}

// replies draws a reply and evaluates it (section 14 of the language).
func (e *emitter) replies(i int, name string) expr {
	list := e.p.Triggers[i].Replies
	if len(list) == 0 {
		text := e.literal(e.p.Errors.NotFound)
		return func(c *wasmbin.Code) {
			call(e.rt.applyTopics)(c)
			call(e.rt.problem, text)(c)
		}
	}
	drawn := func(n expr) expr { return call(e.rt.drawn, num(i), n, num(len(list))) }
	if len(list) == 1 {
		only := e.chosen(list[0].Before, list[0].Func, list[0].Loc)
		return func(c *wasmbin.Code) { drawn(num(0))(c); only(c) }
	}
	funcs := make([]wasmbin.Func, len(list))
	for n, r := range list {
		funcs[n] = e.place(r.Func)
		if r.Before != ir.None {
			f, c := e.m.Func(fmt.Sprintf("%s, reply %d", name, n+1), wasmbin.FuncType{})
			e.chosen(r.Before, r.Func, r.Loc)(c)
			funcs[n] = f
		}
	}
	first := e.m.Table(funcs...)
	weights := e.weights(list)
	return func(c *wasmbin.Code) {
		n := c.Local(wasmbin.I32)
		b := body{c}
		b.set(call(e.rt.pick, num(weights), num(len(list))), n)
		b.do(drawn(get(n)))
		b.do(callTable(add(num(int(first)), get(n)), wasmbin.FuncType{}))
	}
}

// weights returns the address of the sum of the weights in 64 bits and of each in 32.
func (e *emitter) weights(list []ir.Reply) int {
	at := e.data.reserve(8 + 4*len(list))
	var sum uint64
	for n, r := range list {
		e.data.put(at+8+4*n, r.Weight)
		sum += uint64(r.Weight)
	}
	e.data.put64(at, sum)
	return at
}

// chosen evaluates a reply. In the begin block it has two passes, and the message
// is answered between them (L-BEGIN-3).
func (e *emitter) chosen(before, f int, loc ir.Loc) expr {
	return func(c *wasmbin.Code) {
		b := body{c}
		b.at(loc)
		if before != ir.None {
			b.setGlobal(e.g.wanted, num(0))
			b.do(e.evaluate(before))
			b.do(call(e.rt.applyTopics))
			b.when(glob(e.g.wanted), func() { b.do(call(e.rt.answerMessage)) })
		}
		b.do(e.evaluate(f))
	}
}
