package emit

import "github.com/footlight-bots/footlight/host/compile/wasmbin"

// Runtime routines are written with expressions, so that they read like
// programs and not like stack code. An expr writes the instructions that leave
// one value, or as many as the function it calls has results.
type expr func(c *wasmbin.Code)

// body is a function body under construction.
type body struct{ *wasmbin.Code }

// The leaves.

func num(v int) expr             { return func(c *wasmbin.Code) { c.I32(int32(v)) } }
func long(v int64) expr          { return func(c *wasmbin.Code) { c.I64(v) } }
func get(l wasmbin.Local) expr   { return func(c *wasmbin.Code) { c.LocalGet(l) } }
func glob(g wasmbin.Global) expr { return func(c *wasmbin.Code) { c.GlobalGet(g) } }
func pages() expr                { return func(c *wasmbin.Code) { c.MemorySize() } }
func growBy(pages expr) expr     { return func(c *wasmbin.Code) { pages(c); c.MemoryGrow() } }
func op(o wasmbin.Operator, args ...expr) expr {
	return func(c *wasmbin.Code) {
		for _, a := range args {
			a(c)
		}
		c.Op(o)
	}
}

// The operators. Numbers are unsigned where it matters.

func add(a, b expr) expr    { return op(wasmbin.I32Add, a, b) }
func sub(a, b expr) expr    { return op(wasmbin.I32Sub, a, b) }
func mul(a, b expr) expr    { return op(wasmbin.I32Mul, a, b) }
func and(a, b expr) expr    { return op(wasmbin.I32And, a, b) }
func or(a, b expr) expr     { return op(wasmbin.I32Or, a, b) }
func shl(a, b expr) expr    { return op(wasmbin.I32Shl, a, b) }
func shr(a, b expr) expr    { return op(wasmbin.I32ShrU, a, b) }
func eq(a, b expr) expr     { return op(wasmbin.I32Eq, a, b) }
func ne(a, b expr) expr     { return op(wasmbin.I32Ne, a, b) }
func less(a, b expr) expr   { return op(wasmbin.I32LtU, a, b) }
func more(a, b expr) expr   { return op(wasmbin.I32GtU, a, b) }
func signed(a, b expr) expr { return op(wasmbin.I32LtS, a, b) } // a < b, with signs
func not(a expr) expr       { return op(wasmbin.I32Eqz, a) }

// load reads the 32-bit field at an offset of a record.
func load(record expr, offset int) expr {
	return func(c *wasmbin.Code) { record(c); c.I32Load(uint32(offset)) }
}

// load64 reads a 64-bit field.
func load64(record expr, offset int) expr {
	return func(c *wasmbin.Code) { record(c); c.I64Load(uint32(offset)) }
}

// load8 reads a byte.
func load8(address expr) expr {
	return func(c *wasmbin.Code) { address(c); c.I32Load8(0) }
}

// call leaves the results of a function.
func call(f wasmbin.Func, args ...expr) expr {
	return func(c *wasmbin.Code) {
		for _, a := range args {
			a(c)
		}
		c.Call(f)
	}
}

// do runs an expression that leaves nothing.
func (b body) do(e expr) { e(b.Code) }

// set stores values into variables: the last value into the last variable.
func (b body) set(e expr, to ...wasmbin.Local) {
	e(b.Code)
	for i := len(to) - 1; i >= 0; i-- {
		b.LocalSet(to[i])
	}
}

// setGlobal stores a value into a global.
func (b body) setGlobal(g wasmbin.Global, e expr) { e(b.Code); b.GlobalSet(g) }

// store writes the 32-bit field at an offset of a record.
func (b body) store(record expr, offset int, value expr) {
	record(b.Code)
	value(b.Code)
	b.I32Store(uint32(offset))
}

// store8 writes a byte.
func (b body) store8(address, value expr) {
	address(b.Code)
	value(b.Code)
	b.I32Store8(0)
}

// when runs then if the condition is not zero.
func (b body) when(condition expr, then func()) {
	condition(b.Code)
	b.If(then, nil)
}

// either runs then or otherwise.
func (b body) either(condition expr, then, otherwise func()) {
	condition(b.Code)
	b.If(then, otherwise)
}

// while runs the inside as long as the condition holds; a branch to out ends it.
func (b body) while(condition expr, inside func(out wasmbin.Label)) {
	b.Block(func(out wasmbin.Label) {
		b.Loop(func(again wasmbin.Label) {
			b.unless(condition, out)
			inside(out)
			b.Br(again)
		})
	})
}

// unless branches to a label if the condition does not hold.
func (b body) unless(condition expr, to wasmbin.Label) {
	condition(b.Code)
	b.Op(wasmbin.I32Eqz)
	b.BrIf(to)
}

// ret leaves the function with these results.
func (b body) ret(results ...expr) {
	b.leave(results...)
	b.Return()
}

// leave puts the results on the stack at the end of a function.
func (b body) leave(results ...expr) {
	for _, r := range results {
		r(b.Code)
	}
}

// fill sets n bytes.
func fill(address expr, value int, n expr) expr {
	return func(c *wasmbin.Code) {
		address(c)
		c.I32(int32(value))
		n(c)
		c.MemoryFill()
	}
}

// copyBytes copies n bytes.
func copyBytes(to, from, n expr) expr {
	return func(c *wasmbin.Code) {
		to(c)
		from(c)
		n(c)
		c.MemoryCopy()
	}
}

// cases runs the arm of the number that index gives; every arm ends with a
// branch or return. A number without an arm traps.
func (b body) cases(index expr, arms map[int]func()) {
	count := 0
	for n := range arms {
		count = max(count, n+1)
	}
	b.Block(func(none wasmbin.Label) { b.arms(index, arms, count-1, none, nil) })
	b.Unreachable()
}

// arms opens the blocks of the arms from n down to 0, then branches, then
// writes arm after arm where its block has ended.
func (b body) arms(index expr, arms map[int]func(), n int, none wasmbin.Label, labels []wasmbin.Label) {
	if n < 0 {
		index(b.Code)
		ordered := make([]wasmbin.Label, len(labels))
		for i, l := range labels {
			ordered[len(labels)-1-i] = l
		}
		b.BrTable(none, ordered...)
		return
	}
	b.Block(func(l wasmbin.Label) { b.arms(index, arms, n-1, none, append(labels, l)) })
	if arm, ok := arms[n]; ok {
		arm()
	} else {
		b.Br(none)
	}
}
