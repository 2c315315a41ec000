package emit

import (
	"github.com/footlight-bots/footlight/host/compile/emit/graph"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// definePickText writes pick_text(alternatives, from, text, length) → the item that
// stands at the begin of the text and is preferred among those from a number on, and
// the number of the one behind it; both are 0 when there is none.
func (e *emitter) definePickText() {
	b := e.body(e.rt.pickText)
	set, n, text, size := b.Param(0), b.Param(1), b.Param(2), b.Param(3)
	item, count := b.i32(), b.i32()
	b.set(add(get(set), num(graph.AlternativesHead)), item)
	b.set(load(get(set), graph.AlternativesItems), count)
	b.when(load(get(set), graph.AlternativesKeys), func() {
		b.set(call(e.rt.findKey, get(set), get(text), get(size)), set)
		b.when(not(get(set)), func() { b.ret(num(0), num(0)) })
		b.set(load(get(set), graph.KeyList), item)
		b.set(load(get(set), graph.KeyCount), count)
	})
	b.set(add(get(item), shl(get(n), num(graph.ItemShift))), item)
	b.while(less(get(n), get(count)), func(wasmbin.Label) {
		e.spend(b, matchCost)
		b.set(add(get(n), num(1)), n)
		b.when(not(more(load(get(item), graph.ItemLen), get(size))), func() {
			b.when(call(e.rt.equal, load(get(item), graph.ItemText), get(text), load(get(item), graph.ItemLen)), func() {
				b.ret(get(item), mul(get(n), less(get(n), get(count))))
			})
		})
		b.set(add(get(item), num(graph.ItemSize)), item)
	})
	b.leave(num(0), num(0))
}

// defineFindKey writes find_key(alternatives, text, length) → the last key that is not
// above the text, or 0. It takes as many steps as the number of keys has bits.
func (e *emitter) defineFindKey() {
	b := e.body(e.rt.findKey)
	set, text, size := b.Param(0), b.Param(1), b.Param(2)
	low, high, middle := b.i32(), b.i32(), b.i32()
	at := func(n expr) expr { return add(add(get(set), num(graph.AlternativesHead)), shl(n, num(graph.KeyShift))) }
	b.set(load(get(set), graph.AlternativesKeys), high)
	b.while(less(get(low), get(high)), func(wasmbin.Label) {
		b.set(shr(add(get(low), get(high)), num(1)), middle)
		key := at(get(middle))
		order := call(e.rt.compare, load(key, graph.ItemText), load(key, graph.ItemLen), get(text), get(size))
		b.either(signed(num(0), order), func() { b.set(get(middle), high) }, func() { b.set(add(get(middle), num(1)), low) })
	})
	b.when(not(get(low)), func() { b.ret(num(0)) })
	b.leave(at(sub(get(low), num(1))))
}

// defineCompare writes compare(a, length of a, b, length of b) → below, at or above 0
// as the bytes of a come before, are, or come behind those of b.
func (e *emitter) defineCompare() {
	b := e.body(e.rt.compare)
	x, xLen, y, yLen := b.Param(0), b.Param(1), b.Param(2), b.Param(3)
	end, differ := b.i32(), b.i32()
	b.set(add(get(x), get(xLen)), end)
	b.when(less(get(yLen), get(xLen)), func() { b.set(add(get(x), get(yLen)), end) })
	b.while(less(get(x), get(end)), func(wasmbin.Label) {
		b.set(sub(load8(get(x)), load8(get(y))), differ)
		b.when(get(differ), func() { b.ret(get(differ)) })
		b.set(add(get(x), num(1)), x)
		b.set(add(get(y), num(1)), y)
	})
	b.leave(sub(get(xLen), get(yLen)))
}
