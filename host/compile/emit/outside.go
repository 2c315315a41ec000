package emit

import (
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// closeAside ends what openArg began and leaves its wire form: address and length.
func (e *emitter) closeAside(b body) expr {
	first := b.i32()
	b.set(load(glob(e.g.arg), tokenNext), first)
	b.setGlobal(e.g.tail, load(glob(e.g.arg), argTail))
	b.setGlobal(e.g.bytes, load(glob(e.g.arg), argBytes))
	b.setGlobal(e.g.arg, load(glob(e.g.arg), argOuter))
	return call(e.rt.wire, get(first))
}

// defineFetch writes fetch() → 1 if a problem took the place of the reply: the
// requests that were built aside are made.
func (e *emitter) defineFetch() {
	b := e.body(e.rt.fetch)
	at, size := b.i32(), b.i32()
	b.set(call(e.rt.askFetch, e.closeAside(b)), at, size)
	b.when(eq(get(size), num(-1)), func() { b.ret(num(0)) })
	b.do(call(e.rt.applyTopics))
	b.do(call(e.rt.problem, get(at), get(size)))
	b.leave(num(1))
}

// defineDirect writes direct(): the direction that was built aside runs.
func (e *emitter) defineDirect() {
	b := e.body(e.rt.direct)
	b.do(call(e.rt.unwire, call(e.rt.askDirect, e.closeAside(b))))
}

// defineUnwire writes unwire(address, length): tokens that the host gave in wire
// form join the list.
func (e *emitter) defineUnwire() {
	b := e.body(e.rt.unwire)
	at, end, size, kind := b.Param(0), b.Param(1), b.i32(), b.i32()
	b.set(add(get(at), get(end)), end)
	b.while(less(get(at), get(end)), func(wasmbin.Label) {
		e.spend(b, matchCost)
		b.set(load(get(at), 8), size)
		b.set(and(load(get(at), 0), num(0xff)), kind)
		b.either(eq(get(kind), num(int(reply.Error))), func() {
			b.do(call(e.rt.problem, add(get(at), num(headerSize)), get(size)))
		}, func() {
			b.when(isText(get(kind)), func() { b.do(call(e.rt.measure, get(size))) })
			b.do(call(e.rt.token, load(get(at), 0), load(get(at), 4), add(get(at), num(headerSize)), get(size)))
			b.Drop()
		})
		b.set(add(get(at), and(add(get(size), num(headerSize+3)), num(-4))), at)
	})
}

// defineDatum writes datum(path): a piece of an answer becomes text (L-HTTP-5).
func (e *emitter) defineDatum() {
	b := e.body(e.rt.datum)
	b.do(call(e.rt.text, call(e.rt.askData, get(b.Param(0)), get(b.Param(1)))))
}
