package emit

import (
	"github.com/footlight-bots/footlight/host/compile/emit/graph"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
	"github.com/footlight-bots/footlight/host/script/message"
)

// The matcher is a search with a stack of choices. Choices are tried in the
// order of preference (L-TRIG-12), the first success wins, and a node that can be
// reached in several ways remembers the positions at which it was seen: coming
// there again can only fail again. So no message costs more than nodes times
// positions (L-TRIG-13).

// Kinds of entries on the stack of choices.
const (
	choiceResume  = 0 // go on at a node and position
	choiceAlt     = 1 // go on with the n-th alternative of a split
	choiceRestore = 2 // a captured position gets its old value back
)

// defineMatch writes match(pattern, text, length) → 1 if the pattern matches.
// Then the globals captures and count tell what was captured, and the captures
// stay in the arena; else the arena is as before.
func (e *emitter) defineMatch() {
	b := e.body(e.rt.match)
	pattern, text, size := b.Param(0), b.Param(1), b.Param(2)
	head, captures, bits, found := b.i32(), b.i32(), b.i32(), b.i32()
	b.set(load(get(pattern), graph.Head), head)
	b.when(and(get(head), num(graph.IsText)), func() {
		b.when(ne(shr(get(head), num(8)), get(size)), func() { b.ret(num(0)) })
		b.when(not(call(e.rt.equal, load(get(pattern), graph.Text), get(text), get(size))), func() { b.ret(num(0)) })
		b.setGlobal(e.g.count, num(0))
		b.ret(num(1))
	})
	slots := and(shr(get(head), num(8)), num(0xffff))
	memos := and(load(get(pattern), graph.Memos), num(0xffff))
	b.set(call(e.rt.alloc, shl(slots, num(3))), captures)
	b.do(fill(get(captures), 0xff, shl(slots, num(3))))
	b.set(shl(shr(add(mul(memos, add(get(size), num(1))), num(31)), num(5)), num(2)), bits)
	b.either(and(shr(and(get(head), num(graph.IsBare)), num(1)), not(get(size))), func() { b.set(num(1), found) }, func() {
		b.set(call(e.rt.alloc, get(bits)), bits)
		b.do(fill(get(bits), 0, sub(glob(e.g.top), get(bits))))
		b.set(call(e.rt.walk, add(get(pattern), num(graph.Nodes)), get(text), get(size), get(captures), get(bits)), found)
	})
	b.setGlobal(e.g.top, get(captures))
	b.when(get(found), func() {
		b.setGlobal(e.g.top, add(get(captures), shl(slots, num(3))))
		b.setGlobal(e.g.captures, get(captures))
		b.setGlobal(e.g.count, slots)
		b.do(call(e.rt.cutCaptures, get(text)))
	})
	b.leave(get(found))
}

// walker is the body of the matcher with its variables.
type walker struct {
	body
	e                                *emitter
	node, text, size, captures, bits wasmbin.Local
	word                             wasmbin.Local // the first four bytes of the node
	at, n, base, class, x            wasmbin.Local
	classes, test, row, stop         wasmbin.Local
	next, fail                       wasmbin.Label
}

// defineWalk writes walk(node, text, length, captures, bits) → 1 if a way from
// the node leads to the end.
func (e *emitter) defineWalk() {
	b := e.body(e.rt.walk)
	w := walker{
		body: b, e: e,
		node: b.Param(0), text: b.Param(1), size: b.Param(2), captures: b.Param(3), bits: b.Param(4),
		word: b.i32(), at: b.i32(), n: b.i32(), base: b.i32(), class: b.i32(), x: b.i32(),
		classes: b.i32(), test: b.i32(), row: b.i32(), stop: b.i32(),
	}
	w.set(glob(e.g.top), w.base)
	w.set(add(get(w.text), get(w.size)), w.classes)
	w.Loop(func(next wasmbin.Label) {
		w.next = next
		w.Block(func(fail wasmbin.Label) {
			w.fail = fail
			w.step()
		})
		w.backtrack()
	})
	w.Unreachable()
}

// step does what the node asks; it ends with a branch to next or fail.
func (w *walker) step() {
	w.set(load(get(w.node), 0), w.word)
	arms := map[int]func(){
		graph.Accept:  w.accept,
		graph.Literal: func() { w.literal(load(get(w.node), graph.AtAddress), w.number(), graph.LiteralSize) },
		graph.Run:     w.run,
		graph.Rest:    w.rest,
		graph.Gap:     func() { w.gap(1) },
		graph.Skip:    w.skip,
		graph.Tail:    w.tail,
		graph.Split:   w.split,
		graph.Set:     w.choose,
		graph.Mark:    w.mark,
		graph.Value:   w.value,
		graph.Empty:   func() { w.unless(not(load(w.address(), graph.ValueDataLen)), w.fail); w.goOn(graph.ValueSize) },
		graph.Fail:    func() { w.Br(w.fail) },
	}
	for op, arm := range arms {
		arms[op] = func() { w.e.spend(w.body, matchCost); arm() }
	}
	// These two belong to the nodes beside them, and cost nothing.
	arms[graph.Jump] = func() { w.set(w.address(), w.node); w.Br(w.next) }
	arms[graph.Remember] = func() { w.remember(w.rowOf(w.short())); w.goOn(graph.RememberSize) }
	w.cases(and(get(w.word), num(0xff)), arms)
}

// number, short and address are what stands behind the node's operation, in three, two
// and four bytes.
func (w *walker) number() expr  { return shr(get(w.word), num(8)) }
func (w *walker) short() expr   { return and(w.number(), num(0xffff)) }
func (w *walker) address() expr { return load(get(w.node), graph.AtNumber) }

// stopByte is where a wildcard has taken enough, memo its number among the nodes that
// remember.
func (w *walker) stopByte() expr { return and(w.number(), num(0xff)) }
func (w *walker) memo() expr     { return shr(get(w.word), num(16)) }

// rowOf is where the bits of a memo begin, one for each position.
func (w *walker) rowOf(memo expr) expr { return mul(memo, add(get(w.size), num(1))) }

// goOn goes on behind the node, which has so many bytes.
func (w *walker) goOn(size int) {
	w.set(add(get(w.node), num(size)), w.node)
	w.Br(w.next)
}

// remember fails if the memo of a row has seen the position, and notes it.
func (w *walker) remember(row expr) {
	w.set(add(row, get(w.at)), w.x)
	address := add(get(w.bits), shr(get(w.x), num(3)))
	bit := shl(num(1), and(get(w.x), num(7)))
	and(load8(address), bit)(w.Code)
	w.BrIf(w.fail)
	w.store8(address, or(load8(address), bit))
}

func (w *walker) accept() {
	w.unless(eq(get(w.at), get(w.size)), w.fail)
	w.ret(num(1))
}

func (w *walker) literal(address, length expr, size int) {
	w.set(length, w.x)
	w.unless(not(more(get(w.x), sub(get(w.size), get(w.at)))), w.fail)
	w.unless(call(w.e.rt.equal, add(get(w.text), get(w.at)), address, get(w.x)), w.fail)
	w.set(add(get(w.at), get(w.x)), w.at)
	w.goOn(size)
}

// run takes characters up to a position where the node behind it can begin, keeps
// the choice of taking more, and goes on.
func (w *walker) run() {
	w.set(load8(add(get(w.node), num(graph.AtTest))), w.test)
	w.set(w.rowOf(w.memo()), w.row)
	w.set(w.stopByte(), w.stop)
	w.look()
	w.Block(func(enough wasmbin.Label) {
		w.Loop(func(again wasmbin.Label) {
			w.unless(less(get(w.at), get(w.size)), w.fail)
			differs := op(wasmbin.I32Xor, get(w.class), shr(get(w.test), num(graph.TestShift)))
			and(and(differs, get(w.test)), num(1<<graph.TestShift-1))(w.Code)
			w.BrIf(w.fail)
			w.set(add(get(w.at), num(1)), w.at)
			w.while(not(and(load8(add(get(w.classes), get(w.at))), num(int(message.Start)))), func(wasmbin.Label) {
				w.set(add(get(w.at), num(1)), w.at)
			})
			w.e.spend(w.body, matchCost)
			w.remember(get(w.row))
			w.look()
			not(get(w.stop))(w.Code)
			w.BrIf(enough)
			w.either(eq(get(w.stop), num(graph.StopAtBorder)),
				func() { and(get(w.class), num(int(message.Border)))(w.Code); w.BrIf(enough) },
				func() { eq(load8(add(get(w.text), get(w.at))), get(w.stop))(w.Code); w.BrIf(enough) })
			w.Br(again)
		})
	})
	w.push(get(w.node), get(w.at), choiceResume)
	w.goOn(graph.RunSize)
}

func (w *walker) rest() {
	w.unless(less(get(w.at), get(w.size)), w.fail)
	w.set(get(w.size), w.at)
	w.goOn(1)
}

// look reads the class of the position.
func (w *walker) look() { w.set(load8(add(get(w.classes), get(w.at))), w.class) }

// is leaves whether the class that was read has a bit.
func (w *walker) is(bit message.Class) expr { return and(get(w.class), num(int(bit))) }

// gap is at a border, and swallows the blank there or not. Its node has so many bytes.
func (w *walker) gap(size int) {
	w.look()
	w.unless(w.is(message.Border), w.fail)
	w.when(w.is(message.Blank), func() {
		w.push(add(get(w.node), num(size)), get(w.at), choiceResume)
		w.set(add(get(w.at), num(1)), w.at)
	})
	w.goOn(size)
}

// What a skip has to do when it is come back to: its n.
const (
	skipMore    = 1 // of the text
	skipNothing = 2 // the last choice
)

// skip is a gap, any text, and another gap, or else a gap alone: the shortest text is
// tried first, from behind a blank before from in front of it.
func (w *walker) skip() {
	again := func(n int) { w.do(call(w.e.rt.push, get(w.node), get(w.at), num(n), num(choiceAlt))) }
	w.when(eq(get(w.n), num(skipNothing)), func() {
		w.set(num(0), w.n)
		w.gap(graph.SkipSize)
	})
	w.either(get(w.n), func() { w.set(num(0), w.n) }, func() {
		w.look()
		w.unless(w.is(message.Border), w.fail)
		again(skipNothing)
		w.when(w.is(message.Blank), func() {
			again(skipMore)
			w.set(add(get(w.at), num(1)), w.at)
		})
	})
	w.skipText(func() { again(skipMore) })
}

// skipText goes on to the next border where the node behind the skip can begin, on
// either side of a blank.
func (w *walker) skipText(again func()) {
	stop, row := w.stop, w.row
	w.set(w.rowOf(w.memo()), row)
	w.set(w.stopByte(), stop)
	begins := func(at expr) expr { return or(not(get(stop)), eq(load8(add(get(w.text), at)), get(stop))) }
	w.Loop(func(next wasmbin.Label) {
		w.unless(less(get(w.at), get(w.size)), w.fail)
		w.e.spend(w.body, matchCost)
		w.Loop(func(next wasmbin.Label) {
			w.set(add(get(w.at), num(1)), w.at)
			w.look()
			not(w.is(message.Border))(w.Code)
			w.BrIf(next)
		})
		w.remember(get(row))
		w.when(and(ne(w.is(message.Blank), num(0)), begins(add(get(w.at), num(1)))), func() {
			again()
			w.when(begins(get(w.at)), func() { w.push(add(get(w.node), num(graph.SkipSize)), get(w.at), choiceResume) })
			w.set(add(get(w.at), num(1)), w.at)
			w.goOn(graph.SkipSize)
		})
		not(begins(get(w.at)))(w.Code)
		w.BrIf(next)
	})
	again()
	w.goOn(graph.SkipSize)
}

// tail takes all that is left behind a border.
func (w *walker) tail() {
	w.look()
	w.unless(w.is(message.Border), w.fail)
	w.set(get(w.size), w.at)
	w.goOn(1)
}

// split takes the n-th alternative and keeps the choice of the next.
func (w *walker) split() {
	w.unless(less(get(w.n), w.number()), w.fail)
	w.when(less(add(get(w.n), num(1)), w.number()), func() {
		w.push(get(w.node), get(w.at), choiceAlt)
	})
	w.set(load(add(get(w.node), shl(get(w.n), num(2))), graph.AtAddress), w.node)
	w.set(num(0), w.n)
	w.Br(w.next)
}

// choose takes the first of some texts, from the n-th on, that stands here, and keeps
// the choice of those behind it.
func (w *walker) choose() {
	w.set(call(w.e.rt.pickText, w.address(), get(w.n), add(get(w.text), get(w.at)), sub(get(w.size), get(w.at))), w.x, w.n)
	w.unless(get(w.x), w.fail)
	w.when(get(w.n), func() {
		w.do(call(w.e.rt.push, get(w.node), get(w.at), get(w.n), num(choiceAlt)))
		w.set(num(0), w.n)
	})
	w.set(add(get(w.at), load(get(w.x), graph.ItemLen)), w.at)
	w.goOn(graph.SetSize)
}

func (w *walker) mark() {
	w.set(add(get(w.captures), shl(w.short(), num(2))), w.x)
	w.do(call(w.e.rt.push, get(w.x), load(get(w.x), 0), num(0), num(choiceRestore)))
	w.store(get(w.x), 0, get(w.at))
	w.goOn(graph.MarkSize)
}

func (w *walker) value() {
	w.unless(load(w.address(), graph.ValueDataLen), w.fail)
	w.literal(load(w.address(), graph.ValueData), load(w.address(), graph.ValueDataLen), graph.ValueSize)
}

func (w *walker) push(node, at expr, kind int) {
	n := num(0)
	if kind == choiceAlt {
		n = add(get(w.n), num(1))
	}
	w.do(call(w.e.rt.push, node, at, n, num(kind)))
}

// backtrack takes the last choice from the stack, or leaves with 0.
func (w *walker) backtrack() {
	w.Loop(func(again wasmbin.Label) {
		w.when(eq(glob(w.e.g.top), get(w.base)), func() { w.ret(num(0)) })
		w.setGlobal(w.e.g.top, sub(glob(w.e.g.top), num(choiceSize)))
		w.set(glob(w.e.g.top), w.x)
		w.set(load(get(w.x), choiceN), w.n)
		w.set(load(get(w.x), choiceNode), w.node)
		w.when(ne(load(get(w.x), choiceKind), num(choiceRestore)), func() {
			w.set(load(get(w.x), choiceAt), w.at)
			w.Br(w.next)
		})
		w.store(get(w.node), 0, load(get(w.x), choiceAt))
		w.Br(again)
	})
}

// definePush writes push(node, at, n, kind): a choice onto the stack.
func (e *emitter) definePush() {
	b := e.body(e.rt.push)
	entry := b.i32()
	b.set(glob(e.g.top), entry)
	b.when(less(sub(shl(pages(), num(16)), get(entry)), num(choiceSize)), func() { b.do(call(e.rt.ensure, num(choiceSize))) })
	b.setGlobal(e.g.top, add(get(entry), num(choiceSize)))
	for i, field := range []int{choiceNode, choiceAt, choiceN, choiceKind} {
		b.store(get(entry), field, get(b.Param(i)))
	}
}

// defineCutCaptures writes cut_captures(text): positions become texts, without
// the blanks at their ends (L-CAP-2); one that was not taken is empty (L-CAP-3).
func (e *emitter) defineCutCaptures() {
	b := e.body(e.rt.cutCaptures)
	text := b.Param(0)
	slot, end, from, to := b.i32(), b.i32(), b.i32(), b.i32()
	b.set(glob(e.g.captures), slot)
	b.set(add(get(slot), shl(glob(e.g.count), num(3))), end)
	b.while(less(get(slot), get(end)), func(wasmbin.Label) {
		e.spend(b, matchCost)
		b.set(load(get(slot), 0), from)
		b.set(load(get(slot), 4), to)
		b.when(eq(get(to), num(-1)), func() { b.set(num(0), from); b.set(num(0), to) })
		b.set(add(get(text), get(from)), from)
		b.set(add(get(text), get(to)), to)
		b.while(and(less(get(from), get(to)), eq(load8(get(from)), num(' '))), func(wasmbin.Label) {
			b.set(add(get(from), num(1)), from)
		})
		b.while(and(less(get(from), get(to)), eq(load8(sub(get(to), num(1))), num(' '))), func(wasmbin.Label) {
			b.set(sub(get(to), num(1)), to)
		})
		b.store(get(slot), 0, get(from))
		b.store(get(slot), 4, sub(get(to), get(from)))
		b.set(add(get(slot), num(8)), slot)
	})
}

// defineEqual writes equal(a, b, n) → 1 if n bytes are the same.
func (e *emitter) defineEqual() {
	b := e.body(e.rt.equal)
	x, y, n := b.Param(0), b.Param(1), b.Param(2)
	end := b.i32()
	b.set(add(get(x), get(n)), end)
	b.while(not(more(add(get(x), num(8)), get(end))), func(wasmbin.Label) {
		b.when(op(wasmbin.I64Ne, load64(get(x), 0), load64(get(y), 0)), func() { b.ret(num(0)) })
		b.set(add(get(x), num(8)), x)
		b.set(add(get(y), num(8)), y)
	})
	b.while(less(get(x), get(end)), func(wasmbin.Label) {
		b.when(ne(load8(get(x)), load8(get(y))), func() { b.ret(num(0)) })
		b.set(add(get(x), num(1)), x)
		b.set(add(get(y), num(1)), y)
	})
	b.leave(num(1))
}
