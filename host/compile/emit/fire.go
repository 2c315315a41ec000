package emit

// layDeferred writes the table of the scripts of reminders.
func (e *emitter) layDeferred() {
	e.deferred = e.data.Words(e.list(e.p.Deferred))
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
	b.do(call(e.rt.run, load(add(num(e.deferred), shl(get(b.Param(0)), num(2))), 0)))
	b.Drop()
	b.do(call(e.rt.applyTopics))
	b.do(call(e.rt.followTargets))
	b.do(call(e.rt.wire, load(get(list), tokenNext)))
}
