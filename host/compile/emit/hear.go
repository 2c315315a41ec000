package emit

import (
	"github.com/footlight-bots/footlight/host/compile/index"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
	"github.com/footlight-bots/footlight/host/script/message"
)

// The units of a text: see index.Message.
const (
	unitsCount = 0
	unitsHash  = 4
	unitsPlain = 8
	unitsList  = 12
)

// defineHear writes hear(text, plain, kept) → a heard text over the forms that
// lie in a row from text on: plain, its classes, kept, its classes.
func (e *emitter) defineHear() {
	b := e.body(e.rt.hear)
	text, plain, kept, h := b.Param(0), b.Param(1), b.Param(2), b.i32()
	b.set(call(e.rt.alloc, num(heardSize)), h)
	b.store(get(h), heardText, get(text))
	b.store(get(h), heardLen, get(plain))
	b.store(get(h), heardKept, add(get(text), add(shl(get(plain), num(1)), num(1))))
	b.store(get(h), heardKeptLen, get(kept))
	b.store(get(h), heardUnits, num(0))
	b.store(get(h), heardKeptUnits, num(0))
	b.leave(get(h))
}

// unitsOf leaves the units of a form of a heard text, which are cut when they are
// asked for first.
func (e *emitter) unitsOf(b body, heard wasmbin.Local, text, size, units int) expr {
	b.when(not(load(get(heard), units)), func() {
		b.store(get(heard), units, call(e.rt.split, load(get(heard), text), load(get(heard), size)))
	})
	return load(get(heard), units)
}

// defineSplit writes split(text, length) → its units, as index.Table.Split cuts them.
func (e *emitter) defineSplit() {
	b := e.body(e.rt.split)
	text, size := b.Param(0), b.Param(1)
	units, out, at, end, start, hash, whole, plain, glued := b.i32(), b.i32(), b.i32(), b.i32(), b.i32(), b.i32(), b.i32(), b.i32(), b.i32()
	b.set(call(e.rt.alloc, add(num(unitsList), shl(get(size), num(2)))), units)
	b.set(add(get(units), num(unitsList)), out)
	b.set(get(text), at)
	b.set(add(get(text), get(size)), end)
	b.set(ne(get(size), num(0)), plain)
	class := load8(add(get(at), get(size)))
	b.while(less(get(at), get(end)), func(wasmbin.Label) {
		e.spend(b, matchCost)
		b.either(and(class, num(int(message.Blank))), func() {
			b.set(add(get(at), num(1)), at)
			b.set(num(0), glued)
		}, func() {
			b.set(get(at), start)
			b.set(num(signedWord(index.WordSeed)), hash)
			b.Loop(func(again wasmbin.Label) {
				b.set(mul(op(wasmbin.I32Xor, get(hash), load8(get(at))), num(index.WordFactor)), hash)
				b.set(add(get(at), num(1)), at)
				and(class, num(int(message.Border)))(b.Code)
				b.Op(wasmbin.I32Eqz)
				b.BrIf(again)
			})
			b.set(or(shl(get(whole), num(5)), shr(get(whole), num(27))), whole)
			b.set(mul(op(wasmbin.I32Xor, get(whole), get(hash)), num(signedWord(index.TextFactor))), whole)
			b.when(not(or(eq(get(at), get(end)), and(class, num(int(message.Blank))))), func() { b.set(num(0), plain) })
			b.store(get(out), 0, or(call(e.rt.word, get(start), sub(get(at), get(start)), get(hash)), get(glued)))
			b.set(num(signedWord(index.Glued)), glued)
			b.set(add(get(out), num(4)), out)
		})
	})
	b.store(get(units), unitsCount, shr(sub(get(out), add(get(units), num(unitsList))), num(2)))
	b.store(get(units), unitsHash, get(whole))
	b.store(get(units), unitsPlain, get(plain))
	b.setGlobal(e.g.top, aligned(get(out)))
	b.leave(get(units))
}

// signedWord is a word of 32 bits as the encoder of constants wants it.
func signedWord(v uint32) int { return int(int32(v)) }

// probe runs inside for the rows of a hash table that may have a hash.
func (e *emitter) probe(b body, hash expr, table buckets, inside func(at wasmbin.Local)) {
	at, end := b.i32(), b.i32()
	wide := op(wasmbin.I64ExtendI32U, mul(hash, num(signedWord(index.SetFactor))))
	b.set(shl(op(wasmbin.I32WrapI64, op(wasmbin.I64ShrU, op(wasmbin.I64Mul, wide, long(int64(table.count))), long(32))), num(2)), at)
	b.set(load(get(at), table.at+4), end)
	b.set(load(get(at), table.at), at)
	b.while(less(get(at), get(end)), func(wasmbin.Label) {
		e.spend(b, matchCost)
		inside(at)
		b.set(add(get(at), num(table.size)), at)
	})
}

// defineWord writes word(text, length, hash) → the number of a unit, or 0.
func (e *emitter) defineWord() {
	b := e.body(e.rt.word)
	text, size, hash := b.Param(0), b.Param(1), b.Param(2)
	t := &e.tables
	e.probe(b, get(hash), t.wordBuckets, func(w wasmbin.Local) {
		same := and(eq(load(get(w), wordHash), get(hash)), eq(load(get(w), wordLen), get(size)))
		b.when(same, func() {
			b.when(call(e.rt.equal, get(text), load(get(w), wordText), get(size)), func() {
				b.ret(shr(sub(get(w), num(t.words)), num(wordShift)))
			})
		})
	})
	b.leave(num(0))
}
