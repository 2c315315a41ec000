package emit

import (
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
	"github.com/footlight-bots/footlight/host/trace"
)

// viewOf is the view of the current topic.
func (e *emitter) viewOf() expr {
	return add(num(e.tables.views), mul(call(e.in.topic), num(viewSize)))
}

// defineRespond writes respond(view, heard, previous): finds the trigger and
// appends its reply, steps 4 to 9 of L-TURN-1.
func (e *emitter) defineRespond() {
	b := e.body(e.rt.respond)
	view, heard, previous := b.Param(0), b.Param(1), b.Param(2)
	trigger, frame, outer, arg := b.i32(), b.i32(), b.i32(), b.i32()
	b.set(glob(e.g.frame), outer)
	b.set(glob(e.g.arg), arg)
	b.setGlobal(e.g.arg, num(0))
	b.Loop(func(again wasmbin.Label) {
		b.set(call(e.rt.find, get(view), get(heard), get(previous)), trigger)
		b.either(not(get(trigger)), func() {
			b.do(e.trace(trace.Unmatched, num(0), num(0), num(0), load(get(heard), heardText), load(get(heard), heardLen)))
			b.do(call(e.rt.problem, e.literal(e.p.Errors.NotMatched)))
		}, func() {
			b.set(call(e.rt.alloc, num(frameSize)), frame)
			b.do(fill(get(frame), 0, num(frameSize)))
			b.store(get(frame), frameCaptures, glob(e.g.captures))
			b.store(get(frame), frameCount, glob(e.g.count))
			b.store(get(frame), framePrevCaptures, glob(e.g.before))
			b.store(get(frame), framePrevCount, glob(e.g.befores))
			b.store(get(frame), frameTrigger, get(trigger))
			b.setGlobal(e.g.frame, get(frame))
			b.do(call(e.in.trace, num(int(trace.Matched)), e.number(get(trigger)), num(0), num(0),
				num(0), num(0), glob(e.g.captures), glob(e.g.count)))
			b.set(call(e.rt.run, load(get(trigger), triggerBody)), heard)
			b.when(get(heard), func() {
				b.set(num(0), previous)
				b.when(not(and(load(get(trigger), triggerFlags), num(triggerIsBegin))), func() { b.set(e.viewOf(), view) })
				b.Br(again)
			})
			b.do(call(e.rt.applyTopics))
			b.do(call(e.rt.followTargets))
		})
	})
	b.setGlobal(e.g.frame, get(outer))
	b.setGlobal(e.g.arg, get(arg))
}

// definePendTopic writes pend_topic(name): the topic waits until the reply is
// through (L-EVAL-3).
func (e *emitter) definePendTopic() {
	b := e.body(e.rt.pendTopic)
	t := b.i32()
	b.set(call(e.rt.alloc, num(topicSize)), t)
	b.store(get(t), topicNext, num(0))
	b.store(get(t), topicText, get(b.Param(0)))
	b.store(get(t), topicLen, get(b.Param(1)))
	e.enqueue(b, frameTopics, frameTopicsLast, topicNext, t)
}

// enqueue appends a record to one of the frame's two lists.
func (e *emitter) enqueue(b body, first, last, next int, record wasmbin.Local) {
	b.either(load(glob(e.g.frame), last), func() {
		b.store(load(glob(e.g.frame), last), next, get(record))
	}, func() {
		b.store(glob(e.g.frame), first, get(record))
	})
	b.store(glob(e.g.frame), last, get(record))
}

// defineApplyTopics writes apply_topics(): the topics that wait are switched to,
// in order (L-TAG-10).
func (e *emitter) defineApplyTopics() {
	b := e.body(e.rt.applyTopics)
	t := b.i32()
	b.set(load(glob(e.g.frame), frameTopics), t)
	b.while(get(t), func(wasmbin.Label) {
		b.do(call(e.in.switchTopic, load(get(t), topicText), load(get(t), topicLen)))
		b.set(load(get(t), topicNext), t)
	})
	b.store(glob(e.g.frame), frameTopics, num(0))
	b.store(glob(e.g.frame), frameTopicsLast, num(0))
}

// defineRedirect writes redirect(target): an inline redirect keeps its place and
// waits; in an argument it runs at once (L-EVAL-3, L-EVAL-6).
func (e *emitter) defineRedirect() {
	b := e.body(e.rt.redirect)
	text, size, t := b.Param(0), b.Param(1), b.i32()
	b.when(glob(e.g.arg), func() {
		b.do(call(e.rt.follow, get(text), get(size)))
		b.Return()
	})
	b.set(call(e.rt.token, num(0), num(0), get(text), get(size)), t)
	e.enqueue(b, frameTargets, frameTargetsLast, tokenWait, t)
}

// defineFollowTargets writes follow_targets(): the redirects that wait run from
// left to right, each into its place.
func (e *emitter) defineFollowTargets() {
	b := e.body(e.rt.followTargets)
	t, rest, tail := b.i32(), b.i32(), b.i32()
	b.set(load(glob(e.g.frame), frameTargets), t)
	b.while(get(t), func(wasmbin.Label) {
		b.set(load(get(t), tokenNext), rest)
		b.set(glob(e.g.tail), tail)
		b.setGlobal(e.g.tail, get(t))
		b.do(call(e.rt.follow, load(get(t), tokenText), load(get(t), tokenLen)))
		b.store(glob(e.g.tail), tokenNext, get(rest))
		b.when(get(rest), func() { b.setGlobal(e.g.tail, get(tail)) })
		b.set(load(get(t), tokenWait), t)
	})
}

// defineFollow writes follow(target): the reply to a target is appended (L-RED-3).
func (e *emitter) defineFollow() {
	b := e.body(e.rt.follow)
	text, size, heard := b.Param(0), b.Param(1), b.i32()
	b.do(e.trace(trace.Redirect, num(0), num(0), num(0), get(text), get(size)))
	b.set(call(e.rt.target, get(text), get(size)), heard)
	b.do(call(e.rt.respond, e.viewOf(), get(heard), num(0)))
}

// defineTarget writes target(text) → a heard text; counts a redirect (L-RED-6).
func (e *emitter) defineTarget() {
	b := e.body(e.rt.target)
	text, size := b.Param(0), b.Param(1)
	at, plain, kept, free := b.i32(), b.i32(), b.i32(), b.i32()
	sizes := b.Local(wasmbin.I64)
	b.when(not(glob(e.g.hops)), func() { b.do(call(e.in.limit, num(LimitRedirects))) })
	b.setGlobal(e.g.hops, sub(glob(e.g.hops), num(1)))
	b.Loop(func(again wasmbin.Label) {
		b.set(glob(e.g.top), at)
		b.set(sub(shl(pages(), num(16)), get(at)), free)
		b.set(call(e.in.normalise, get(text), get(size), get(at), get(free)), sizes)
		b.set(op(wasmbin.I32WrapI64, get(sizes)), plain)
		b.set(op(wasmbin.I32WrapI64, op(wasmbin.I64ShrU, get(sizes), long(32))), kept)
		need := formsSize(plain, kept)
		b.when(more(need, get(free)), func() {
			b.do(call(e.rt.ensure, need))
			b.Br(again)
		})
		b.setGlobal(e.g.top, add(get(at), aligned(need)))
	})
	b.leave(call(e.rt.hear, get(at), get(plain), get(kept)))
}

// defineAlias writes alias(trigger, target) → the heard text it leads to (L-RED-1).
func (e *emitter) defineAlias() {
	b := e.body(e.rt.alias)
	trigger, text, size := b.Param(0), b.Param(1), b.Param(2)
	b.do(call(e.rt.applyTopics))
	b.do(e.trace(trace.Alias, get(trigger), num(0), num(0), get(text), get(size)))
	b.leave(call(e.rt.target, get(text), get(size)))
}
