package emit

import "github.com/footlight-bots/footlight/host/compile/wasmbin"

// layDeferred puts the scripts of reminders into the table.
func (e *emitter) layDeferred() {
	scripts := make([]wasmbin.Func, len(e.p.Deferred))
	for i, f := range e.p.Deferred {
		scripts[i] = e.place(f)
	}
	if len(scripts) > 0 {
		e.deferred = int(e.m.Table(scripts...))
	}
}

// defineFire writes fire(n) → the tokens of a deferred script in wire form. It is
// evaluated like the reply of a trigger that has captured nothing (L-REM-4).
func (e *emitter) defineFire() {
	b := e.body(e.rt.fire)
	list, frame := b.i32(), b.i32()
	b.do(call(e.rt.start, num(0), num(-1)))
	e.newList(b, list)
	b.set(call(e.rt.alloc, num(frameSize)), frame)
	b.do(fill(get(frame), 0, num(frameSize)))
	b.setGlobal(e.g.frame, get(frame))
	if len(e.p.Deferred) > 0 {
		b.do(callTable(add(num(e.deferred), get(b.Param(0))), wasmbin.FuncType{}))
	}
	b.do(call(e.rt.applyTopics))
	b.do(call(e.rt.followTargets))
	b.do(call(e.rt.wire, load(get(list), tokenNext)))
}
