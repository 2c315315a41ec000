package emit

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
	"github.com/footlight-bots/footlight/host/trace"
)

// The reply in the making is a list of tokens. Texts are not copied: tokens point
// at data, captures and values, all of which stay until the turn is over. The
// list makes it cheap to put the reply to a redirect into the middle. A token of
// kind 0 is a place for one; it counts for nothing.

// recordArg and recordPiece are the kinds of records that follow a shortcode
// (see package reply).
const (
	recordArg   = 16
	recordPiece = 17
)

// head packs the first four bytes of a record of the wire form.
func head(kind, variant, flags int) int { return kind | variant<<8 | flags<<16 }

// defineToken writes token(head, n, text, length) → the new last token.
func (e *emitter) defineToken() {
	b := e.body(e.rt.token)
	t := b.i32()
	b.set(call(e.rt.alloc, num(tokenSize)), t)
	b.store(get(t), tokenNext, num(0))
	b.store(get(t), tokenHead, get(b.Param(0)))
	b.store(get(t), tokenN, get(b.Param(1)))
	b.store(get(t), tokenText, get(b.Param(2)))
	b.store(get(t), tokenLen, get(b.Param(3)))
	b.store(get(t), tokenWait, num(0))
	b.store(glob(e.g.tail), tokenNext, get(t))
	b.setGlobal(e.g.tail, get(t))
	b.leave(get(t))
}

// token appends a token without looking at it again.
func (e *emitter) token(head int, n, text, length expr) expr {
	return func(c *wasmbin.Code) {
		call(e.rt.token, num(head), n, text, length)(c)
		c.Drop()
	}
}

// defineText writes text(address, length): a token of text, if there is any.
func (e *emitter) defineText() {
	b := e.body(e.rt.text)
	b.when(get(b.Param(1)), func() {
		b.do(call(e.rt.measure, get(b.Param(1))))
		b.do(e.token(head(int(reply.Text), 0, 0), num(0), get(b.Param(0)), get(b.Param(1))))
	})
}

// defineMeasure writes measure(length): so much text comes to the list.
func (e *emitter) defineMeasure() {
	b := e.body(e.rt.measure)
	b.setGlobal(e.g.bytes, add(glob(e.g.bytes), get(b.Param(0))))
	b.when(more(glob(e.g.bytes), num(ir.MaxText)), func() { b.do(call(e.in.limit, num(LimitText))) })
}

// defineMark writes mark(head): a token that is nothing but its kind.
func (e *emitter) defineMark() {
	b := e.body(e.rt.mark)
	b.do(call(e.rt.token, get(b.Param(0)), num(0), num(0), num(0)))
	b.Drop()
}

// defineProblem writes problem(address, length): an error text.
func (e *emitter) defineProblem() {
	b := e.body(e.rt.problem)
	text, size := b.Param(0), b.Param(1)
	b.do(e.trace(trace.Problem, num(0), num(0), num(0), get(text), get(size)))
	b.do(call(e.rt.measure, get(size)))
	b.do(e.token(head(int(reply.Error), 0, 0), num(0), get(text), get(size)))
}

// trace tells the host a step of the turn, without captures.
func (e *emitter) trace(k trace.Kind, trigger, n, of, text, length expr) expr {
	return call(e.in.trace, num(int(k)), trigger, n, of, text, length, num(0), num(0))
}

// defineOpenArg writes open_arg(): tokens from here on belong to an argument.
func (e *emitter) defineOpenArg() {
	b := e.body(e.rt.openArg)
	a := b.i32()
	b.set(call(e.rt.alloc, num(argSize)), a)
	b.store(get(a), tokenNext, num(0))
	b.store(get(a), argTail, glob(e.g.tail))
	b.store(get(a), argOuter, glob(e.g.arg))
	b.store(get(a), argBytes, glob(e.g.bytes))
	b.setGlobal(e.g.bytes, num(0))
	b.setGlobal(e.g.tail, get(a))
	b.setGlobal(e.g.arg, get(a))
}

// defineCloseArg writes close_arg() → address and length of the argument's text
// (L-EVAL-6). Only what is formatted or cut needs the host for that.
func (e *emitter) defineCloseArg() {
	b := e.body(e.rt.closeArg)
	first, t, size, at, kind := b.i32(), b.i32(), b.i32(), b.i32(), b.i32()
	b.set(load(glob(e.g.arg), tokenNext), first)
	b.setGlobal(e.g.tail, load(glob(e.g.arg), argTail))
	b.setGlobal(e.g.bytes, load(glob(e.g.arg), argBytes))
	b.setGlobal(e.g.arg, load(glob(e.g.arg), argOuter))
	b.when(not(get(first)), func() { b.ret(num(0), num(0)) })
	b.when(and(not(load(get(first), tokenNext)), isText(load(get(first), tokenHead))), func() {
		b.ret(load(get(first), tokenText), load(get(first), tokenLen))
	})
	b.set(get(first), t)
	b.while(get(t), func(wasmbin.Label) {
		e.spend(b, matchCost)
		b.set(and(load(get(t), tokenHead), num(0xff)), kind)
		b.when(or(less(sub(get(kind), num(int(reply.Send))), num(2)), eq(get(kind), num(int(reply.Begin)))), func() {
			b.do(call(e.rt.flatten, get(first)))
			b.Return()
		})
		b.when(isText(get(kind)), func() { b.set(add(get(size), load(get(t), tokenLen)), size) })
		b.set(load(get(t), tokenNext), t)
	})
	b.set(call(e.rt.alloc, get(size)), at)
	b.set(get(at), size) // from here on the end of what was written
	b.set(get(first), t)
	b.while(get(t), func(wasmbin.Label) {
		b.when(isText(and(load(get(t), tokenHead), num(0xff))), func() {
			b.do(copyBytes(get(size), load(get(t), tokenText), load(get(t), tokenLen)))
			b.set(add(get(size), load(get(t), tokenLen)), size)
		})
		b.set(load(get(t), tokenNext), t)
	})
	b.leave(get(at), sub(get(size), get(at)))
}

// isText tells whether a kind of token is Text or Error.
func isText(kind expr) expr { return less(sub(kind, num(int(reply.Text))), num(2)) }

// defineFlatten writes flatten(first) → address and length: the host flattens
// the wire form of a list.
func (e *emitter) defineFlatten() {
	b := e.body(e.rt.flatten)
	b.do(call(e.rt.wire, get(b.Param(0))))
	b.Call(e.rt.askFlatten)
}

// defineWire writes wire(first) → address and length of the wire form of a list.
func (e *emitter) defineWire() {
	b := e.body(e.rt.wire)
	t, at, size := b.Param(0), b.i32(), b.i32()
	start := b.i32()
	b.set(glob(e.g.top), start)
	b.while(get(t), func(wasmbin.Label) {
		e.spend(b, matchCost)
		b.when(load(get(t), tokenHead), func() {
			b.set(load(get(t), tokenLen), size)
			b.set(glob(e.g.top), at)
			b.do(call(e.rt.ensure, add(get(size), num(headerSize+3))))
			b.do(copyBytes(get(at), add(get(t), num(tokenHead)), num(headerSize)))
			b.do(copyBytes(add(get(at), num(headerSize)), load(get(t), tokenText), get(size)))
			b.setGlobal(e.g.top, add(get(at), and(add(get(size), num(headerSize+3)), num(-4))))
		})
		b.set(load(get(t), tokenNext), t)
	})
	b.set(glob(e.g.top), at)
	b.setGlobal(e.g.top, aligned(get(at)))
	b.leave(get(start), sub(get(at), get(start)))
}
