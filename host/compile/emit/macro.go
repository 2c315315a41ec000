package emit

import "github.com/footlight-bots/footlight/host/compile/wasmbin"

// defineMacro writes macro(): the macro that was built aside runs. The host reads its
// result, in argument position as text (L-JS-7).
func (e *emitter) defineMacro() {
	b := e.body(e.rt.macro)
	b.do(call(e.rt.unwire, call(e.rt.askMacro, e.closeAside(b), ne(glob(e.g.arg), num(0)))))
}

// defineFollowAside writes follow_aside(target) → the reply to a redirect in wire form.
// It runs while the host answers an import, so it leaves the list in the making as it
// was. What it takes of the arena lies behind all that is in use.
func (e *emitter) defineFollowAside() {
	b := e.body(e.rt.followAside)
	tail, size, list := b.Local(wasmbin.I32), b.Local(wasmbin.I32), b.Local(wasmbin.I32)
	b.set(glob(e.g.tail), tail)
	b.set(glob(e.g.bytes), size)
	e.newList(b, list)
	b.do(call(e.rt.follow, get(b.Param(0)), get(b.Param(1))))
	b.setGlobal(e.g.tail, get(tail))
	b.setGlobal(e.g.bytes, get(size))
	b.do(call(e.rt.wire, load(get(list), tokenNext)))
}
