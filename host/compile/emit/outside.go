package emit

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// What lies beyond the session is handed to the host like a shortcode: a name and
// arguments in wire form, built aside as an argument is.

// name begins such a record; so many arguments follow.
func (e *emitter) name(text string, args int) expr {
	return e.token(head(int(reply.Shortcode), 0, 0), num(args), e.literal(text), func(*wasmbin.Code) {})
}

// arg begins an argument; so many pieces follow.
func (e *emitter) arg(kind reply.ArgKind, pieces int) expr {
	return e.token(head(recordArg, int(kind), 0), num(pieces), num(0), num(0))
}

// textArg is an argument that is one text.
func (e *emitter) textArg(text expr) []expr {
	return []expr{e.arg(reply.TextArg, 1), e.token(head(recordPiece, int(reply.AsIs), 0), num(0), text, func(*wasmbin.Code) {})}
}

// requests writes what asks for the answers of a trigger (L-HTTP-3). A body that
// goes on behind it has all of them; it returns false when none can (L-HTTP-8).
func (e *emitter) requests(b body, list []ir.Request) (goesOn bool) {
	for len(list) > 0 {
		if list[0].Problem != "" {
			b.do(call(e.rt.applyTopics))
			b.do(call(e.rt.problem, e.literal(list[0].Problem)))
			return false
		}
		n := 1
		for n < len(list) && list[n].Joins {
			n++
		}
		b.at(list[0].Loc)
		b.do(call(e.rt.spend, num(StepCost*n)))
		b.do(call(e.rt.openArg))
		for i := range list[:n] {
			e.request(b, &list[i])
		}
		b.when(call(e.rt.fetch), func() { b.ret(num(0)) })
		list = list[n:]
	}
	return true
}

// request appends the record of one: method, name and address, and the options if
// there are any.
func (e *emitter) request(b body, q *ir.Request) {
	args := 2
	if q.Options != nil {
		args++
	}
	steps := []expr{e.name(q.Method, args)}
	steps = append(steps, e.textArg(e.literal(q.Name))...)
	steps = append(steps, e.textArg(e.value(q.URL))...)
	if q.Options != nil {
		steps = append(steps, e.arg(reply.JSONArg, len(q.Options.Pieces)))
		for _, p := range q.Options.Pieces {
			steps = append(steps, e.piece(p))
		}
	}
	for _, step := range steps {
		b.do(step)
	}
}

// direct appends what a direction of a plug-in says (L-EXT-4): its attributes are
// arguments of two texts, name and value, and its block is an argument of one.
func (e *emitter) direct(op *ir.Op) []expr {
	steps := []expr{call(e.rt.openArg), e.name(op.Text, len(op.F))}
	for i, f := range op.F {
		if i < len(op.Names) {
			steps = append(steps, e.arg(reply.TextArg, 2))
			steps = append(steps, e.token(head(recordPiece, int(reply.AsIs), 0), num(0), e.literal(op.Names[i]), func(*wasmbin.Code) {}))
			steps = append(steps, e.token(head(recordPiece, int(reply.AsIs), 0), num(0), e.value(f), func(*wasmbin.Code) {}))
			continue
		}
		steps = append(steps, e.textArg(e.value(f))...)
	}
	return append(steps, call(e.rt.direct))
}

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
