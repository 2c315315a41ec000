package emit

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
	"github.com/footlight-bots/footlight/host/script/message"
)

// beginRequest is the text that the begin block's triggers match (L-BEGIN-1).
const beginRequest = "request"

// formsSize is what a plain and a kept form take with their classes, or a little
// more; the length of the kept form may be -1.
func formsSize(plain, kept wasmbin.Local) expr {
	return add(shl(add(get(plain), get(kept)), num(1)), num(3))
}

// defineStart writes start(plain, kept): a turn begins, with the message at the
// begin of the arena. Nothing of an earlier turn stays.
func (e *emitter) defineStart() {
	b := e.body(e.rt.start)
	plain, kept := b.Param(0), b.Param(1)
	b.setGlobal(e.g.fuel, num(FuelChunk))
	b.setGlobal(e.g.top, add(glob(e.g.arena), aligned(formsSize(plain, kept))))
	b.setGlobal(e.g.heard, call(e.rt.hear, glob(e.g.arena), get(plain), get(kept)))
	b.setGlobal(e.g.hops, num(ir.MaxRedirects))
	for _, g := range []wasmbin.Global{e.g.frame, e.g.step, e.g.arg, e.g.bytes, e.g.answered, e.g.reply} {
		b.setGlobal(g, num(0))
	}
	if e.p.Choices > 0 {
		b.do(fill(num(e.choices), 0, num(4*e.p.Choices)))
	}
}

// newList begins a list of tokens and returns its head.
func (e *emitter) newList(b body, list wasmbin.Local) {
	b.set(call(e.rt.alloc, num(tokenSize)), list)
	b.store(get(list), tokenNext, num(0))
	b.setGlobal(e.g.tail, get(list))
	b.setGlobal(e.g.bytes, num(0))
}

// defineAnswer writes answer(plain, kept) → the tokens of the reply in wire form.
func (e *emitter) defineAnswer() {
	b := e.body(e.rt.answer)
	list := b.i32()
	b.do(call(e.rt.start, get(b.Param(0)), get(b.Param(1))))
	e.newList(b, list)
	if e.p.Begin == ir.None {
		b.do(call(e.rt.respond, e.viewOf(), glob(e.g.heard), num(1)))
	} else {
		request := e.layRequest()
		b.store(num(request), heardUnits, num(0)) // those of an earlier turn are gone
		b.store(num(request), heardKeptUnits, num(0))
		b.do(call(e.rt.respond, num(e.tables.views+viewSize*e.p.Begin), num(request), num(0)))
	}
	b.do(call(e.rt.wire, load(get(list), tokenNext)))
}

// defineProbe writes probe(plain, kept) → the trigger that would answer, or -1.
func (e *emitter) defineProbe() {
	b := e.body(e.rt.probe)
	trigger := b.i32()
	b.do(call(e.rt.start, get(b.Param(0)), get(b.Param(1))))
	b.set(call(e.rt.find, e.viewOf(), glob(e.g.heard), num(1)), trigger)
	b.when(not(get(trigger)), func() { b.ret(num(-1)) })
	b.leave(e.number(get(trigger)))
}

// layRequest writes the heard text of the begin block into the data.
func (e *emitter) layRequest() int {
	forms := message.New(e.p.Meta.Message).InternalForms(beginRequest, e.p.Meta.Kept)
	at := e.data.Reserve(heardSize)
	form := func(t message.Text) int {
		b := []byte(t.String)
		for _, c := range t.Classes {
			b = append(b, byte(c))
		}
		place := e.data.Reserve(len(b))
		e.data.Copy(place, b)
		return place
	}
	e.data.Put(at+heardText, uint32(form(forms.Plain)))
	e.data.Put(at+heardLen, uint32(len(forms.Plain.String)))
	kept := uint32(0xffffffff)
	if forms.Kept.Classes != nil {
		e.data.Put(at+heardKept, uint32(form(forms.Kept)))
		kept = uint32(len(forms.Kept.String))
	}
	e.data.Put(at+heardKeptLen, kept)
	return at
}

// defineAnswerMessage writes answer_message(): inside of the begin block, the
// person's message is answered aside, once (L-BEGIN-3).
func (e *emitter) defineAnswerMessage() {
	b := e.body(e.rt.answerMessage)
	tail, size, list := b.i32(), b.i32(), b.i32()
	b.when(glob(e.g.answered), func() { b.Return() })
	b.setGlobal(e.g.answered, num(1))
	b.set(glob(e.g.tail), tail)
	b.set(glob(e.g.bytes), size)
	e.newList(b, list)
	b.do(call(e.rt.respond, e.viewOf(), glob(e.g.heard), num(1)))
	b.setGlobal(e.g.reply, load(get(list), tokenNext))
	b.setGlobal(e.g.tail, get(tail))
	b.setGlobal(e.g.bytes, get(size))
}

// defineOK writes ok(): the reply to the message is appended, as often as {ok} stands there.
func (e *emitter) defineOK() {
	b := e.body(e.rt.ok)
	t, kind := b.i32(), b.i32()
	b.do(call(e.rt.answerMessage))
	b.set(glob(e.g.reply), t)
	b.while(get(t), func(wasmbin.Label) {
		e.spend(b, matchCost)
		b.set(and(load(get(t), tokenHead), num(0xff)), kind)
		b.when(isText(get(kind)), func() { b.do(call(e.rt.measure, load(get(t), tokenLen))) })
		b.when(get(kind), func() {
			b.do(call(e.rt.token, load(get(t), tokenHead), load(get(t), tokenN), load(get(t), tokenText), load(get(t), tokenLen)))
			b.Drop()
		})
		b.set(load(get(t), tokenNext), t)
	})
}

// defineCloseCall writes close_call(): the shortcode that was built like an
// argument joins the list, or in its place what is wrong with it (L-SC-5).
func (e *emitter) defineCloseCall() {
	b := e.body(e.rt.closeCall)
	first, last, at, size := b.i32(), b.i32(), b.i32(), b.i32()
	b.set(load(glob(e.g.arg), tokenNext), first)
	b.set(glob(e.g.tail), last)
	b.setGlobal(e.g.tail, load(glob(e.g.arg), argTail))
	b.setGlobal(e.g.bytes, load(glob(e.g.arg), argBytes))
	b.setGlobal(e.g.arg, load(glob(e.g.arg), argOuter))
	b.set(call(e.rt.askCheck, call(e.rt.wire, get(first))), at, size)
	b.when(ne(get(size), num(-1)), func() {
		b.do(call(e.rt.problem, get(at), get(size)))
		b.Return()
	})
	b.store(glob(e.g.tail), tokenNext, get(first))
	b.setGlobal(e.g.tail, get(last))
}
