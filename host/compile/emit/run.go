package emit

import (
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
	"github.com/footlight-bots/footlight/host/trace"
)

// runner is the body of the routine run with its variables.
type runner struct {
	body
	e            *emitter
	at           wasmbin.Local // address of the step
	op, n        wasmbin.Local
	outer        wasmbin.Local // the step in the making outside of this row
	next         wasmbin.Local // address of the next step, as far as it is known
	text, size   wasmbin.Local // a value
	text2, size2 wasmbin.Local // another
	done         wasmbin.Label // the step is through
	end          wasmbin.Label // the row is
}

// defineRun writes run(row) → the heard text that an alias leads to, or 0: the steps
// of a template or of a trigger's body are taken. The global step tells
// the host which one it is.
func (e *emitter) defineRun() {
	b := e.body(e.rt.run)
	r := runner{
		body: b, e: e, at: b.Param(0),
		op: b.i32(), n: b.i32(), outer: b.i32(), next: b.i32(),
		text: b.i32(), size: b.i32(), text2: b.i32(), size2: b.i32(),
	}
	r.set(glob(e.g.step), r.outer)
	r.Block(func(end wasmbin.Label) {
		r.end = end
		r.Loop(func(again wasmbin.Label) {
			r.setGlobal(e.g.step, get(r.at))
			e.spend(b, StepCost)
			r.set(load(get(r.at), 0), r.op)
			r.set(shr(get(r.op), num(8)), r.n)
			r.set(add(get(r.at), num(4)), r.next)
			r.Block(func(done wasmbin.Label) {
				r.done = done
				r.cases(and(get(r.op), num(stepLast-1)), r.arms())
			})
			r.set(get(r.next), r.at)
			not(and(get(r.op), num(stepLast)))(r.Code)
			r.BrIf(again)
		})
	})
	r.setGlobal(e.g.step, get(r.outer))
	r.leave(num(0))
}

// arms are what each operation does.
func (r *runner) arms() map[int]func() {
	arms := map[int]func(){}
	for _, list := range []map[int]func(){r.texts(), r.changes(), r.blocks(), r.calls(), r.choices()} {
		for op, do := range list {
			arms[op] = func() { do(); r.Br(r.done) }
		}
	}
	return arms
}

// operand is the n-th word behind the first of the step.
func (r *runner) operand(n int) expr { return load(get(r.at), 4*(n+1)) }

// skip says how many operands the step has.
func (r *runner) skip(n int) { r.set(add(get(r.at), num(4*(n+1))), r.next) }

// value reads an operand that is a value.
func (r *runner) value(n int, text, size wasmbin.Local) {
	r.set(call(r.e.rt.value, r.operand(n)), text, size)
}

// texts are the steps that append text.
func (r *runner) texts() map[int]func() {
	rt, frame := &r.e.rt, glob(r.e.g.frame)
	return map[int]func(){
		stepNothing: func() {},
		stepText:    func() { r.skip(1); r.do(call(rt.text, r.operand(0), get(r.n))) },
		stepProblem: func() { r.skip(1); r.do(call(rt.problem, r.operand(0), get(r.n))) },
		stepStar:    func() { r.do(call(rt.star, load(frame, frameCaptures), load(frame, frameCount), get(r.n))) },
		stepBotStar: func() {
			r.do(call(rt.star, load(frame, framePrevCaptures), load(frame, framePrevCount), get(r.n)))
		},
		stepHistory: func() { r.do(call(rt.history, and(get(r.n), num(0xff)), shr(get(r.n), num(8)))) },
		stepID:      func() { r.do(call(rt.id)) },
		stepData:    func() { r.skip(1); r.do(call(rt.datum, r.operand(0), get(r.n))) },
		stepVariable: func() {
			r.skip(1)
			r.value(0, r.text, r.size)
			r.do(call(rt.variable, get(r.n), get(r.text), get(r.size)))
		},
	}
}

// changes are the steps that change the world.
func (r *runner) changes() map[int]func() {
	rt := &r.e.rt
	two := func() {
		r.skip(2)
		r.value(0, r.text, r.size)
		r.value(1, r.text2, r.size2)
	}
	return map[int]func(){
		stepSet: func() {
			two()
			r.do(call(r.e.in.set, get(r.n), get(r.text), get(r.size), get(r.text2), get(r.size2)))
		},
		stepMath: func() {
			two()
			r.do(call(rt.math, get(r.n), get(r.text), get(r.size), get(r.text2), get(r.size2)))
		},
		stepClear: func() {
			r.skip(1)
			r.value(0, r.text, r.size)
			r.do(call(r.e.in.clear, get(r.n), get(r.text), get(r.size)))
		},
		stepTopic:    func() { r.skip(1); r.do(call(rt.pendTopic, call(rt.value, r.operand(0)))) },
		stepRedirect: func() { r.skip(1); r.do(call(rt.redirect, call(rt.value, r.operand(0)))) },
	}
}

// blocks are the steps that take other rows.
func (r *runner) blocks() map[int]func() {
	many := func(before int) { // templates, and what stands before them
		r.set(add(get(r.at), shl(add(get(r.n), num(1+before)), num(2))), r.next)
	}
	nth := func(before int, n expr) expr {
		return load(add(get(r.at), shl(n, num(2))), 4*(1+before))
	}
	return map[int]func(){
		stepInner: func() { r.skip(1); r.take(r.operand(0)) },
		stepRandom: func() {
			many(0)
			r.take(nth(0, call(r.e.rt.choose, get(r.n))))
		},
		stepChoose: func() {
			many(1)
			r.store(r.operand(0), 0, call(r.e.rt.choose, get(r.n)))
			r.take(nth(1, load(r.operand(0), 0)))
		},
		stepChosen: func() {
			many(1)
			r.take(nth(1, load(r.operand(0), 0)))
		},
		stepDraw: func() {
			many(0)
			r.set(call(r.e.rt.choose, get(r.n)), r.text)
			r.drawn(get(r.text), get(r.n))
			r.take(nth(0, get(r.text)))
		},
		stepWeighed: func() {
			many(1)
			r.set(call(r.e.rt.pick, r.operand(0), get(r.n)), r.text)
			r.drawn(get(r.text), get(r.n))
			r.take(nth(1, get(r.text)))
		},
	}
}

// take takes another row.
func (r *runner) take(row expr) {
	r.do(call(r.e.rt.run, row))
	r.Drop()
}

// drawn tells that a reply was chosen.
func (r *runner) drawn(n, of expr) {
	r.do(r.e.trace(trace.Reply, r.trigger(), n, of, num(0), num(0)))
}

// trigger is the number of the trigger whose body runs.
func (r *runner) trigger() expr { return r.e.number(load(glob(r.e.g.frame), frameTrigger)) }

// calls are the steps that append tokens, and those that hand what was built aside to
// the host.
func (r *runner) calls() map[int]func() {
	rt := &r.e.rt
	return map[int]func(){
		stepMark: func() { r.do(call(rt.mark, get(r.n))) },
		stepToken: func() {
			r.skip(2)
			r.set(num(0), r.text)
			r.set(num(0), r.size)
			r.when(r.operand(1), func() { r.value(1, r.text, r.size) })
			r.do(call(rt.token, get(r.n), r.operand(0), get(r.text), get(r.size)))
			r.Drop()
		},
		stepDelay: func() {
			r.skip(1)
			r.value(0, r.text, r.size)
			r.do(call(rt.token, get(r.n), call(r.e.in.delay, get(r.text), get(r.size)), num(0), num(0)))
			r.Drop()
		},
		stepOpen:      func() { r.do(call(rt.openArg)) },
		stepShortcode: func() { r.do(call(rt.closeCall)) },
		stepMacro:     func() { r.do(call(rt.macro)) },
		stepDirection: func() { r.do(call(rt.direct)) },
	}
}

// choices are the steps of the bodies of triggers and of the begin block.
func (r *runner) choices() map[int]func() {
	e, rt := r.e, &r.e.rt
	return map[int]func(){
		stepOK:     func() { r.do(call(rt.ok)) },
		stepNoteOK: func() { r.setGlobal(e.g.wanted, num(1)) },
		stepBefore: func() {
			r.skip(1)
			r.setGlobal(e.g.wanted, num(0))
			r.take(r.operand(0))
			r.do(call(rt.applyTopics))
			r.when(glob(e.g.wanted), func() { r.do(call(rt.answerMessage)) })
		},
		stepFetch: func() {
			call(rt.fetch)(r.Code)
			r.BrIf(r.end)
		},
		stepRefuse: func() {
			r.skip(1)
			r.do(call(rt.applyTopics))
			r.do(call(rt.problem, r.operand(0), get(r.n)))
		},
		stepWhen: func() {
			r.skip(4)
			r.value(1, r.text, r.size)
			r.value(2, r.text2, r.size2)
			r.when(call(e.in.compare, r.trigger(), r.operand(0), get(r.n), get(r.text), get(r.size), get(r.text2), get(r.size2)), func() {
				r.take(r.operand(3))
				r.Br(r.end)
			})
		},
		stepAlias: func() {
			r.value(0, r.text, r.size)
			r.set(call(rt.alias, r.trigger(), get(r.text), get(r.size)), r.text)
			r.setGlobal(e.g.step, get(r.outer))
			r.ret(get(r.text))
		},
		stepOnly: func() { r.drawn(num(0), num(1)) },
	}
}

// defineValue writes value(template) → address and length of its text in argument
// position (L-EVAL-6).
func (e *emitter) defineValue() {
	b := e.body(e.rt.value)
	row, op := b.Param(0), b.i32()
	b.set(load(get(row), 0), op)
	b.when(eq(and(get(op), num(0xff)), num(stepText|stepLast)), func() {
		b.ret(load(get(row), 4), shr(get(op), num(8)))
	})
	b.when(eq(get(op), num(stepNothing|stepLast)), func() { b.ret(num(0), num(0)) })
	b.do(call(e.rt.openArg))
	b.do(call(e.rt.run, get(row)))
	b.Drop()
	b.do(call(e.rt.closeArg))
}
