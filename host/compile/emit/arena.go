package emit

import "github.com/footlight-bots/footlight/host/compile/wasmbin"

// The arena is all memory behind the data. A turn takes from its top and gives
// nothing back; the next turn starts again at its begin.

// defineAlloc writes alloc(n) → address of n bytes at the top, aligned to 8.
func (e *emitter) defineAlloc() {
	b := e.body(e.rt.alloc)
	n, at, free := b.Param(0), b.i32(), b.i32()
	b.set(glob(e.g.top), at)
	b.set(sub(shl(pages(), num(16)), get(at)), free)
	b.when(or(more(get(n), get(free)), more(aligned(get(n)), get(free))), func() { b.do(call(e.rt.ensure, get(n))) })
	b.setGlobal(e.g.top, add(get(at), aligned(get(n))))
	b.leave(get(at))
}

// defineEnsure writes ensure(n): at least n bytes are free above the top. Memory
// grows by what is needed; at its maximum the turn has met a limit.
func (e *emitter) defineEnsure() {
	b := e.body(e.rt.ensure)
	n, missing := b.Param(0), b.i32()
	b.when(more(get(n), num(maxArenaPages*wasmbin.PageSize)), func() { b.do(call(e.in.limit, num(LimitMemory))) })
	b.set(sub(add(glob(e.g.top), aligned(get(n))), shl(pages(), num(16))), missing)
	b.when(signed(num(0), get(missing)), func() {
		b.when(eq(growBy(shr(add(get(missing), num(wasmbin.PageSize-1)), num(16))), num(-1)), func() {
			b.do(call(e.in.limit, num(LimitMemory)))
		})
	})
}

func aligned(n expr) expr { return and(add(n, num(7)), num(-8)) }

// fetcher writes a routine around an import that gives a text: it takes the
// import's parameters but for the buffer, and leaves address and length. All
// free memory is the buffer; when it is too small the import is asked again.
func (e *emitter) fetcher(f, in wasmbin.Func, params int) {
	b := e.body(f)
	size := b.i32()
	at, room := b.i32(), b.i32()
	b.Loop(func(again wasmbin.Label) {
		b.set(glob(e.g.top), at)
		b.set(sub(shl(pages(), num(16)), get(at)), room) // a macro may let the memory grow meanwhile
		args := make([]expr, params, params+2)
		for i := range args {
			args[i] = get(b.Param(i))
		}
		b.set(call(in, append(args, get(at), get(room))...), size)
		b.when(signed(num(0), get(size)), func() {
			b.when(more(get(size), get(room)), func() {
				b.do(call(e.rt.ensure, get(size)))
				b.Br(again)
			})
			b.setGlobal(e.g.top, add(get(at), aligned(get(size))))
		})
	})
	b.leave(get(at), get(size))
}

// defineTick writes tick(): the fuel is used up, ask the host for more.
func (e *emitter) defineTick() {
	b := e.body(e.rt.tick)
	b.setGlobal(e.g.fuel, call(e.in.tick))
}

// defineSpend writes spend(cost): fuel for a function of the script.
func (e *emitter) defineSpend() {
	b := e.body(e.rt.spend)
	b.setGlobal(e.g.fuel, sub(glob(e.g.fuel), get(b.Param(0))))
	b.when(signed(glob(e.g.fuel), num(0)), func() { b.do(call(e.rt.tick)) })
}

// spend takes fuel for a turn of a loop.
func (e *emitter) spend(b body, cost int) {
	b.setGlobal(e.g.fuel, sub(glob(e.g.fuel), num(cost)))
	b.when(signed(glob(e.g.fuel), num(0)), func() { b.do(call(e.rt.tick)) })
}
