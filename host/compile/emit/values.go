package emit

import (
	"github.com/footlight-bots/footlight/host/compile/emit/graph"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// undefined is the word for what is unset (L-VAR-3, L-CAP-3).
const undefined = "undefined"

// literal is a text of the data: address and length.
func (e *emitter) literal(s string) expr {
	at := e.data.Text(s)
	return func(c *wasmbin.Code) { num(at)(c); num(len(s))(c) }
}

// addOrUndefined appends a text that may be missing.
func (e *emitter) addOrUndefined(b body, text expr) {
	at, size := b.i32(), b.i32()
	b.set(text, at, size)
	b.when(eq(get(size), num(-1)), func() { b.set(e.literal(undefined), at, size) })
	b.do(call(e.rt.text, get(at), get(size)))
}

// defineVariable writes variable(scope, name): its value becomes text.
func (e *emitter) defineVariable() {
	b := e.body(e.rt.variable)
	e.addOrUndefined(b, call(e.rt.askGet, get(b.Param(0)), get(b.Param(1)), get(b.Param(2))))
}

// defineHistory writes history(kind, n): a line of history becomes text.
func (e *emitter) defineHistory() {
	b := e.body(e.rt.history)
	e.addOrUndefined(b, call(e.rt.askHistory, get(b.Param(0)), get(b.Param(1))))
}

// defineID writes id(): the person's id becomes text.
func (e *emitter) defineID() {
	b := e.body(e.rt.id)
	b.do(call(e.rt.text, call(e.rt.askID)))
}

// defineMath writes math(operation, name, operand): computes, and appends what
// went wrong, if anything.
func (e *emitter) defineMath() {
	b := e.body(e.rt.math)
	at, size := b.i32(), b.i32()
	args := make([]expr, 5)
	for i := range args {
		args[i] = get(b.Param(i))
	}
	b.set(call(e.rt.askMath, args...), at, size)
	b.when(ne(get(size), num(-1)), func() { b.do(call(e.rt.problem, get(at), get(size))) })
}

// defineStar writes star(captures, count, n): the n-th capture, counted from 0,
// becomes text.
func (e *emitter) defineStar() {
	b := e.body(e.rt.star)
	captures, count, n := b.Param(0), b.Param(1), b.Param(2)
	b.either(less(get(n), get(count)), func() {
		b.set(add(get(captures), shl(get(n), num(3))), captures)
		b.do(call(e.rt.text, load(get(captures), 0), load(get(captures), 4)))
	}, func() {
		b.do(call(e.rt.text, e.literal(undefined)))
	})
}

// defineReadValues writes read_values(pattern): the values that stand in a
// pattern are read, once for each search.
func (e *emitter) defineReadValues() {
	b := e.body(e.rt.readValues)
	pattern, at, end, v := b.Param(0), b.i32(), b.i32(), b.i32()
	text, size := b.i32(), b.i32()
	b.when(not(and(load(get(pattern), graph.Head), num(graph.HasValues))), func() { b.Return() })
	b.set(load(add(get(pattern), num(graph.Values)), 0), at)
	b.set(add(get(at), shl(load(get(at), 0), num(2))), end)
	b.set(add(get(at), num(4)), at)
	b.set(add(get(end), num(4)), end)
	b.while(less(get(at), get(end)), func(wasmbin.Label) {
		b.set(load(get(at), 0), v)
		b.when(ne(load(get(v), graph.ValueStamp), glob(e.g.search)), func() {
			b.set(call(e.rt.askValue, load(get(v), graph.ValueKind), load(get(v), graph.ValueName), load(get(v), graph.ValueLen), load(get(v), graph.ValueN)), text, size)
			b.store(get(v), graph.ValueData, get(text))
			b.store(get(v), graph.ValueDataLen, get(size))
			b.store(get(v), graph.ValueStamp, glob(e.g.search))
		})
		b.set(add(get(at), num(4)), at)
	})
}

// defineChoose writes choose(n) → a number below n; nothing is drawn for a single one.
func (e *emitter) defineChoose() {
	b := e.body(e.rt.choose)
	b.when(less(get(b.Param(0)), num(2)), func() { b.ret(num(0)) })
	b.leave(op(wasmbin.I32WrapI64, call(e.in.random, op(wasmbin.I64ExtendI32U, get(b.Param(0))))))
}

// definePick writes pick(weights, count) → the number of a reply, drawn
// by weight (L-PICK-1). In front of the weights stands their sum in 64 bits.
func (e *emitter) definePick() {
	b := e.body(e.rt.pick)
	weights, count, at := b.Param(0), b.Param(1), b.i32()
	left, weight := b.Local(wasmbin.I64), b.Local(wasmbin.I64)
	b.set(call(e.in.random, load64(get(weights), 0)), left)
	b.Loop(func(again wasmbin.Label) {
		b.set(add(get(weights), num(4)), weights)
		b.set(op(wasmbin.I64ExtendI32U, load(get(weights), 4)), weight)
		b.when(op(wasmbin.I64LtU, get(left), get(weight)), func() { b.ret(get(at)) })
		b.set(op(wasmbin.I64Sub, get(left), get(weight)), left)
		b.set(add(get(at), num(1)), at)
		b.when(less(add(get(at), num(1)), get(count)), func() { b.Br(again) })
	})
	b.leave(get(at))
}
