package emit

import (
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// The search asks the candidates of a view in their order; the first that
// matches wins (L-SORT-1). Most are turned away by their facts alone.

// defineHear writes hear(text, plain, kept) → a heard text over the forms that
// lie in a row from text on: plain, its classes, kept, its classes.
func (e *emitter) defineHear() {
	b := e.body(e.rt.hear)
	text, plain, kept, h := b.Param(0), b.Param(1), b.Param(2), b.i32()
	b.set(call(e.rt.alloc, num(heardSize)), h)
	b.store(get(h), heardText, get(text))
	b.store(get(h), heardLen, get(plain))
	b.store(get(h), heardKept, add(get(text), add(shl(get(plain), num(1)), num(1))))
	b.store(get(h), heardKeptLen, get(kept))
	b.store64(get(h), heardMask, call(e.rt.maskOf, get(text), get(plain)))
	b.leave(get(h))
}

// defineMaskOf writes mask_of(text, length) → the set of its bytes; see maskOf.
func (e *emitter) defineMaskOf() {
	b := e.body(e.rt.maskOf)
	text, end := b.Param(0), b.Param(1)
	mask := b.Local(wasmbin.I64)
	b.set(add(get(text), get(end)), end)
	b.while(less(get(text), get(end)), func(wasmbin.Label) {
		bit := op(wasmbin.I64Shl, long(1), op(wasmbin.I64ExtendI32U, load8(get(text))))
		b.set(op(wasmbin.I64Or, get(mask), bit), mask)
		b.set(add(get(text), num(1)), text)
	})
	b.leave(get(mask))
}

// defineMatches writes matches(trigger, heard) → 1 if the trigger's pattern
// matches, the kept form first where the trigger asks for it (L-NORM-8).
func (e *emitter) defineMatches() {
	b := e.body(e.rt.matches)
	trigger, heard, pattern := b.Param(0), b.Param(1), b.i32()
	b.set(load(get(trigger), triggerPattern), pattern)
	b.do(call(e.rt.readValues, get(pattern)))
	b.when(and(load(get(trigger), triggerKept), ne(load(get(heard), heardKeptLen), num(-1))), func() {
		b.when(call(e.rt.match, get(pattern), load(get(heard), heardKept), load(get(heard), heardKeptLen)), func() { b.ret(num(1)) })
	})
	b.leave(call(e.rt.match, get(pattern), load(get(heard), heardText), load(get(heard), heardLen)))
}

// defineFind writes find(view, heard, previous) → the trigger that wins, or 0;
// previous tells whether triggers with % count.
func (e *emitter) defineFind() {
	b := e.body(e.rt.find)
	view, heard, previous := b.Param(0), b.Param(1), b.Param(2)
	trigger := b.i32()
	b.setGlobal(e.g.search, add(glob(e.g.search), num(1)))
	b.when(and(get(previous), ne(load(get(view), viewPreviousCount), num(0))), func() {
		b.set(call(e.rt.findPrevious, get(view), get(heard)), trigger)
		b.when(get(trigger), func() { b.ret(get(trigger)) })
	})
	b.setGlobal(e.g.befores, num(0))
	e.candidates(b, load(get(view), viewOrder), load(get(view), viewOrderCount), heard, func(candidate wasmbin.Local) {
		b.set(load(get(candidate), candidateTrigger), trigger)
		b.when(call(e.rt.matches, get(trigger), get(heard)), func() { b.ret(get(trigger)) })
	})
	b.leave(num(0))
}

// candidates runs inside for each candidate of a list that the facts let pass.
func (e *emitter) candidates(b body, list, count expr, heard wasmbin.Local, inside func(candidate wasmbin.Local)) {
	at, end, size := b.i32(), b.i32(), b.i32()
	absent := b.Local(wasmbin.I64)
	b.set(op(wasmbin.I64Xor, load64(get(heard), heardMask), long(-1)), absent)
	b.set(load(get(heard), heardLen), size)
	b.set(list, at)
	b.set(add(get(at), mul(count, num(candidateSize))), end)
	b.while(less(get(at), get(end)), func(wasmbin.Label) {
		e.spend(b, matchCost)
		fits := op(wasmbin.I64Eqz, op(wasmbin.I64And, load64(get(at), candidateMask), get(absent)))
		b.when(and(fits, not(more(load(get(at), candidateBytes), get(size)))), func() { inside(at) })
		b.set(add(get(at), num(candidateSize)), at)
	})
}

// defineFindPrevious writes find_previous(view, heard): find among the triggers
// with %, whose pattern must match the last part or the whole last reply (L-PREV-2).
func (e *emitter) defineFindPrevious() {
	b := e.body(e.rt.findPrevious)
	view, heard := b.Param(0), b.Param(1)
	part, partLen, whole, wholeLen := b.i32(), b.i32(), b.i32(), b.i32()
	trigger, pattern := b.i32(), b.i32()
	b.set(call(e.rt.askLastReply, num(LastPart)), part, partLen)
	b.when(eq(get(partLen), num(-1)), func() { b.ret(num(0)) })
	b.set(call(e.rt.askLastReply, num(LastWhole)), whole, wholeLen)
	// The host gives the length of a text with its classes: twice the text and one.
	b.set(shr(get(partLen), num(1)), partLen)
	b.set(shr(get(wholeLen), num(1)), wholeLen)
	e.candidates(b, load(get(view), viewPrevious), load(get(view), viewPreviousCount), heard, func(candidate wasmbin.Local) {
		b.set(load(get(candidate), candidateTrigger), trigger)
		b.set(load(get(trigger), triggerPrevious), pattern)
		b.do(call(e.rt.readValues, get(pattern)))
		call(e.rt.match, get(pattern), get(part), get(partLen))(b.Code)
		b.IfValue(wasmbin.I32, func() { num(1)(b.Code) }, func() {
			call(e.rt.match, get(pattern), get(whole), get(wholeLen))(b.Code)
		})
		b.If(func() {
			b.setGlobal(e.g.before, glob(e.g.captures))
			b.setGlobal(e.g.befores, glob(e.g.count))
			b.when(call(e.rt.matches, get(trigger), get(heard)), func() { b.ret(get(trigger)) })
		}, nil)
	})
	b.leave(num(0))
}
