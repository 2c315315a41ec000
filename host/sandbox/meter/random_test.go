package meter

import (
	"math/rand"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

// Short names for the many types in a generator.
const (
	i32  = bytecode.I32
	i64  = bytecode.I64
	f32  = bytecode.F32
	f64  = bytecode.F64
	v128 = bytecode.V128
)

type types = []bytecode.ValType

// numeric are the types that the generator computes with.
var numeric = types{i32, i64, f32, f64, v128}

// operator computes a value of a type from others.
type operator struct {
	code   []byte
	params types
}

// operators by the type of their result. What a NaN looks like inside is left open by
// the standard, so floating point only becomes anything else by a comparison or a
// conversion that does not tell.
var operators = func() map[bytecode.ValType][]operator {
	all := map[bytecode.ValType][]operator{}
	add := func(result bytecode.ValType, params types, first, last byte, prefix ...byte) {
		for op := int(first); op <= int(last); op++ {
			code := append([]byte(nil), prefix...)
			if len(prefix) > 0 && op >= 0x80 {
				code = append(code, byte(op), 1)
			} else {
				code = append(code, byte(op))
			}
			all[result] = append(all[result], operator{code, params})
		}
	}
	add(i32, types{i32}, 0x45, 0x45)
	add(i32, types{i32, i32}, 0x46, 0x4f)
	add(i32, types{i64}, 0x50, 0x50)
	add(i32, types{i64, i64}, 0x51, 0x5a)
	add(i32, types{f32, f32}, 0x5b, 0x60)
	add(i32, types{f64, f64}, 0x61, 0x66)
	add(i32, types{i32}, 0x67, 0x69)
	add(i32, types{i32, i32}, 0x6a, 0x78)
	add(i32, types{i64}, 0xa7, 0xa7)
	add(i32, types{f32}, 0xa8, 0xa9)
	add(i32, types{f64}, 0xaa, 0xab)
	add(i32, types{i32}, 0xc0, 0xc1)
	add(i32, types{f32}, 0, 1, 0xfc)
	add(i32, types{f64}, 2, 3, 0xfc)
	add(i64, types{i64}, 0x79, 0x7b)
	add(i64, types{i64, i64}, 0x7c, 0x8a)
	add(i64, types{i32}, 0xac, 0xad)
	add(i64, types{i64}, 0xc2, 0xc4)
	add(i64, types{f32}, 4, 5, 0xfc)
	add(i64, types{f64}, 6, 7, 0xfc)
	add(f32, types{f32}, 0x8b, 0x91)
	add(f32, types{f32, f32}, 0x92, 0x98)
	add(f32, types{i32}, 0xb2, 0xb3)
	add(f32, types{i64}, 0xb4, 0xb5)
	add(f32, types{f64}, 0xb6, 0xb6)
	add(f64, types{f64}, 0x99, 0x9f)
	add(f64, types{f64, f64}, 0xa0, 0xa6)
	add(f64, types{i32}, 0xb7, 0xb8)
	add(f64, types{i64}, 0xb9, 0xba)
	add(f64, types{f32}, 0xbb, 0xbb)
	add(v128, types{v128, v128}, 0x0e, 0x0e, 0xfd)
	add(v128, types{i32}, 0x0f, 0x11, 0xfd)
	add(v128, types{i64}, 0x12, 0x12, 0xfd)
	add(v128, types{v128, v128}, 0x23, 0x40, 0xfd)
	add(v128, types{v128}, 0x4d, 0x4d, 0xfd)
	add(v128, types{v128, v128}, 0x4e, 0x51, 0xfd)
	add(v128, types{v128, v128, v128}, 0x52, 0x52, 0xfd)
	add(v128, types{v128}, 0x60, 0x62, 0xfd)
	add(v128, types{v128, i32}, 0x6b, 0x6d, 0xfd)
	add(v128, types{v128, v128}, 0x6e, 0x73, 0xfd)
	add(v128, types{v128, v128}, 0x76, 0x79, 0xfd)
	add(v128, types{v128, i32}, 0x8b, 0x8d, 0xfd)
	add(v128, types{v128, v128}, 0x8e, 0x93, 0xfd)
	add(v128, types{v128, v128}, 0xd6, 0xdb, 0xfd)
	add(v128, types{v128, v128}, 0xdc, 0xdf, 0xfd)
	add(i32, types{v128}, 0x53, 0x53, 0xfd)
	add(i32, types{v128}, 0x63, 0x64, 0xfd)
	add(i32, types{v128}, 0xc3, 0xc4, 0xfd)
	for lane := range byte(2) {
		all[i32] = append(all[i32], operator{[]byte{0xfd, 0x15, lane}, types{v128}}, operator{[]byte{0xfd, 0x1b, lane}, types{v128}})
		all[i64] = append(all[i64], operator{[]byte{0xfd, 0x1d, lane}, types{v128}})
		all[v128] = append(all[v128], operator{[]byte{0xfd, 0x17, lane}, types{v128, i32}}, operator{[]byte{0xfd, 0x1e, lane}, types{v128, i64}})
	}
	shuffle := append([]byte{0xfd, 0x0d}, 0, 17, 2, 19, 4, 21, 6, 23, 8, 25, 10, 27, 12, 29, 14, 31)
	all[v128] = append(all[v128], operator{shuffle, types{v128, v128}})
	return all
}()

// What every generated module has beside its functions.
const (
	budgetGlobal = 0 // i32: how many turns and calls are left
	firstGlobal  = 1 // one of each numeric type follows
	turns        = 60
	tableSize    = 6
	dataSegments = 2
	elemSegments = 2
)

// generator writes random modules that are valid and come to an end.
type generator struct {
	r      *rand.Rand
	types  []bytecode.FuncType // of functions, and after them of blocks
	funcs  int
	out    []byte
	locals types
	labels []types // what a branch to it takes, innermost last
	loops  []bool
	result types
}

func (g *generator) n(below int) int { return g.r.Intn(below) }

func (g *generator) emit(b ...byte) { g.out = append(g.out, b...) }

func (g *generator) index(op byte, n int) { g.out = appendNumber(append(g.out, op), uint32(n)) }

func (g *generator) someTypes(most int) types {
	list := make(types, g.n(most+1))
	for i := range list {
		list[i] = numeric[g.n(len(numeric))]
	}
	return list
}

// randomModule is a module of the seed. Its first function is exported as run.
func randomModule(seed int64) []byte {
	g := &generator{r: rand.New(rand.NewSource(seed))}
	g.funcs = 2 + g.n(4)
	for range g.funcs {
		g.types = append(g.types, bytecode.FuncType{Params: g.someTypes(3), Results: g.someTypes(3)})
	}
	g.types[0] = bytecode.FuncType{Params: types{i32, i64, f64}, Results: types{i32, i64, f32}}
	for range 4 {
		g.types = append(g.types, bytecode.FuncType{Params: g.someTypes(2), Results: g.someTypes(2)})
	}
	var bodies [][]byte
	for f := range g.funcs {
		bodies = append(bodies, g.function(f))
	}
	return g.module(bodies)
}

func (g *generator) module(bodies [][]byte) []byte {
	list := func(n int, each func(i int) []byte) []byte {
		out := appendNumber(nil, uint32(n))
		for i := range n {
			out = append(out, each(i)...)
		}
		return out
	}
	out := []byte(bytecode.Magic)
	out = appendSection(out, bytecode.SectionType, list(len(g.types), func(i int) []byte { return appendType(nil, g.types[i]) }))
	out = appendSection(out, bytecode.SectionFunction, list(g.funcs, func(i int) []byte { return []byte{byte(i)} }))
	out = appendSection(out, bytecode.SectionTable, []byte{1, byte(bytecode.FuncRef), 1, tableSize, tableSize + 4})
	out = appendSection(out, bytecode.SectionMemory, []byte{1, 1, 1, 3})
	zero := map[bytecode.ValType][]byte{i32: {0x41, 0}, i64: {0x42, 0}, f32: {0x43, 0, 0, 0, 0}, f64: {0x44, 0, 0, 0, 0, 0, 0, 0, 0}, v128: append([]byte{0xfd, 12}, make([]byte, 16)...)}
	out = appendSection(out, bytecode.SectionGlobal, list(1+len(numeric), func(i int) []byte {
		if i == budgetGlobal {
			return append([]byte{byte(i32), 1}, append(appendSigned([]byte{0x41}, turns), opEnd)...)
		}
		t := numeric[i-firstGlobal]
		return append(append([]byte{byte(t), 1}, zero[t]...), opEnd)
	}))
	exports := []byte{3}
	exports = append(appendText(exports, "run"), 0, 0)
	exports = append(appendText(exports, "memory"), 2, 0)
	exports = append(appendText(exports, "g"), 3, firstGlobal+1)
	out = appendSection(out, bytecode.SectionExport, exports)
	// One segment fills the table, one is passive, of indices; references are declared by both.
	elements := []byte{elemSegments, 0, 0x41, 0, opEnd}
	elements = append(elements, list(tableSize, func(i int) []byte { return []byte{byte(i % g.funcs)} })...)
	elements = append(elements, 5, byte(bytecode.FuncRef), 2, 0xd2, byte(g.funcs-1), opEnd, 0xd0, byte(bytecode.FuncRef), opEnd)
	out = appendSection(out, bytecode.SectionElement, elements)
	out = appendSection(out, bytecode.SectionDataCount, []byte{dataSegments})
	out = appendSection(out, bytecode.SectionCode, list(len(bodies), func(i int) []byte {
		return append(appendNumber(nil, uint32(len(bodies[i]))), bodies[i]...)
	}))
	data := append([]byte{dataSegments, 0, 0x41, 16, opEnd}, appendText(nil, "active data")...)
	data = append(append(data, 1), appendText(nil, "passive data, to be copied")...)
	return appendSection(out, bytecode.SectionData, data)
}

func (g *generator) function(f int) []byte {
	t := g.types[f]
	own := append(types{i32, i64, f32, f64, v128}, g.someTypes(3)...)
	g.out, g.locals, g.result = nil, append(append(types(nil), t.Params...), own...), t.Results
	g.labels, g.loops = []types{t.Results}, []bool{false}
	for range 1 + g.n(4) {
		g.statement(3)
	}
	for _, r := range t.Results {
		g.value(r, 3)
	}
	g.emit(opEnd)
	body := appendNumber(nil, uint32(len(own)))
	for _, t := range own {
		body = append(body, 1, byte(t))
	}
	return append(body, g.out...)
}

// inside writes what stands in a block whose label takes types.
func (g *generator) inside(label types, loop bool, write func()) {
	g.labels, g.loops = append(g.labels, label), append(g.loops, loop)
	write()
	g.labels, g.loops = g.labels[:len(g.labels)-1], g.loops[:len(g.loops)-1]
	g.emit(opEnd)
}

// left asks whether the budget allows one more turn: an i32.
func (g *generator) left() {
	g.emit(opGlobalGet, budgetGlobal, opI32Const, 1, opI32Sub, opGlobalSet, budgetGlobal)
	g.emit(opGlobalGet, budgetGlobal, opI32Const, 0, opI32GtS)
}

func (g *generator) constant(t bytecode.ValType) {
	switch t {
	case i32:
		g.out = appendSigned(append(g.out, opI32Const), int64(int32(g.r.Uint32()>>g.n(32))))
	case i64:
		g.out = appendSigned(append(g.out, opI64Const), int64(g.r.Uint64()>>g.n(64)))
	case f32:
		g.emit(0x43, 0, 0, byte(g.n(256))&0xf0, 0x40+byte(g.n(4)))
	case f64:
		g.emit(0x44, 0, 0, 0, 0, 0, 0, byte(g.n(256)), 0x40)
	case v128:
		g.emit(0xfd, 12)
		for range 16 {
			g.emit(byte(g.n(256)))
		}
	}
}

// address is an i32 that mostly lies in memory.
func (g *generator) address(depth int) {
	g.value(i32, depth-1)
	g.out = append(appendSigned(append(g.out, opI32Const), 0xffff), 0x71)
}

// local is a local variable of a type; there always is one.
func (g *generator) local(t bytecode.ValType) int {
	for at, n := g.n(len(g.locals)), 0; ; n++ {
		if i := (at + n) % len(g.locals); g.locals[i] == t {
			return i
		}
	}
}

func globalOf(t bytecode.ValType) int {
	for i := range numeric {
		if numeric[i] == t {
			return firstGlobal + i
		}
	}
	return budgetGlobal
}
