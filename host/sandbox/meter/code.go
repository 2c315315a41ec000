package meter

import (
	"encoding/binary"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

// Instructions that the rewriting writes.
const (
	opBlock      = 0x02
	opIf         = 0x04
	opEnd        = 0x0b
	opBr         = 0x0c
	opCall       = 0x10
	opLocalGet   = 0x20
	opLocalTee   = 0x22
	opGlobalGet  = 0x23
	opGlobalSet  = 0x24
	opMemorySize = 0x3f
	opI32Const   = 0x41
	opI64Const   = 0x42
	opI32GtS     = 0x4a
	opI64LtS     = 0x53
	opI32Add     = 0x6a
	opI32Sub     = 0x6b
	opI32Or      = 0x72
	opI64Add     = 0x7c
	opI64Sub     = 0x7d
	opI64Shl     = 0x86
	opI64ShrU    = 0x88
	opI64Extend  = 0xad // of an unsigned i32
	opFC         = 0xfc
	fcTableSize  = 16
	noResult     = 0x40
)

// What things cost, in units of fuel.
const (
	bulkShift  = 6  // what is copied or filled: a unit for every 64 bytes or entries
	pageShift  = 10 // memory that is added: as many for each page of 64 KiB
	entryShift = 0  // entries that are added to a table: a unit each
)

// What a frame weighs in the count of depth: one, and one more for so many
// bytes of its body and local variables, because they stand for the stack it needs.
const (
	frameBytes  = 4096
	frameLocals = 256
)

// frame is the weight of a function that calls others.
func frame(b bytecode.Body) int64 {
	return int64(1 + len(b.Bytes)/frameBytes + b.Locals/frameLocals)
}

// code rewrites the bodies of all functions. It is nil if there are none.
func (w *rewriter) code() ([]byte, error) {
	if len(w.module.Bodies) == 0 {
		return []byte{0}, nil
	}
	out := appendNumber(nil, uint32(len(w.module.Bodies)))
	end := w.module.Bodies[0].At - 1 // of the body before
	for _, b := range w.module.Bodies {
		f := &function{rewriter: w, body: b, wide: uint32(b.Locals), narrow: uint32(b.Locals) + 1}
		if err := f.rewrite(); err != nil {
			return nil, err
		}
		head := f.head()
		out = appendNumber(out, uint32(len(head)+len(f.out)))
		w.shift(f.moves, end, len(out), len(head))
		end = b.At + len(b.Bytes)
		out = append(append(out, head...), f.out...)
	}
	return out, nil
}

// function is one body that is rewritten.
type function struct {
	*rewriter
	body         bytecode.Body
	wide, narrow uint32 // local variables of our own, i64 and i32
	out          []byte // without what stands before the first instruction
	flow         flow
	calls        bool // other functions of the module
	moves        []move
}

// rewrite writes the instructions.
func (f *function) rewrite() error {
	f.flow.begin()
	for c := f.module.Code(f.body); !c.Done(); {
		i, err := c.Next()
		if err != nil {
			return err
		}
		if f.lined {
			f.moves = append(f.moves, move{i.At, len(f.out)})
		}
		if f.flow.due(i) {
			f.check()
		}
		f.instruction(i, c.Open())
		if f.flow.pass(i) {
			f.check()
		}
	}
	if f.counted() { // the end was that of the block around everything
		f.global(opGlobalGet, f.depth)
		f.out = appendSigned(append(f.out, opI32Const), frame(f.body))
		f.out = append(f.out, opI32Sub)
		f.global(opGlobalSet, f.depth)
		f.out = append(f.out, opEnd)
	}
	return nil
}

// counted tells whether the function counts in the depth. One that calls nothing of the
// module is the last one anyway.
func (f *function) counted() bool { return f.calls && f.options.Depth > 0 }

// instruction writes one, with open blocks behind it.
func (f *function) instruction(i bytecode.Instr, open int) {
	switch i.Op {
	case bytecode.OpReturn: // to the end of the block around everything, if there is one
		f.out = appendNumber(append(f.out, opBr), uint32(open))
		return
	case bytecode.OpCall, bytecode.OpRefFunc:
		f.calls = f.calls || i.Op == bytecode.OpCall && i.Index >= f.tick
		f.out = appendNumber(append(f.out, byte(i.Op)), f.renumber(i.Index))
		return
	case bytecode.OpCallIndirect:
		f.calls = true
	case bytecode.OpMemoryInit, bytecode.OpMemoryCopy, bytecode.OpMemoryFill,
		bytecode.OpTableInit, bytecode.OpTableCopy, bytecode.OpTableFill:
		f.bulk()
	case bytecode.OpMemoryGrow:
		size := []byte{opMemorySize, 0}
		f.grow(i.Raw, size, pageShift)
		return
	case bytecode.OpTableGrow:
		f.grow(i.Raw, appendNumber([]byte{opFC, fcTableSize}, i.Index), entryShift)
		return
	}
	f.out = append(f.out, i.Raw...)
}

// head writes what stands before the first instruction: local variables and the checks.
func (f *function) head() []byte {
	b := f.body
	h := &function{rewriter: f.rewriter, wide: f.wide, narrow: f.narrow}
	_, count := binary.Uvarint(b.Bytes)
	h.out = append(appendNumber(nil, b.Groups+2), b.Bytes[count:b.Code]...)
	h.out = append(h.out, 1, byte(bytecode.I64), 1, byte(bytecode.I32))
	if !f.counted() {
		h.check()
		return h.out
	}
	h.spend()
	h.global(opGlobalGet, h.depth)
	h.out = appendSigned(append(h.out, opI32Const), frame(b))
	h.out = append(h.out, opI32Add)
	h.local(opLocalTee, h.narrow)
	h.global(opGlobalSet, h.depth)
	h.local(opLocalGet, h.wide)
	h.out = append(h.out, opI64Const, 0, opI64LtS)
	h.local(opLocalGet, h.narrow)
	h.out = appendSigned(append(h.out, opI32Const), int64(f.options.Depth))
	h.out = append(h.out, opI32GtS, opI32Or)
	h.tickIf()
	h.out = append(h.out, opBlock)
	switch results := f.module.FuncType(b.Func).Results; len(results) {
	case 0:
		h.out = append(h.out, noResult)
	case 1:
		h.out = append(h.out, byte(results[0]))
	default:
		h.out = appendSigned(h.out, int64(f.typeOf(bytecode.FuncType{Results: results})))
	}
	return h.out
}

// check takes a unit of fuel, and asks the host when there is none. Like all that is
// written here it leaves the stack as it was.
func (f *function) check() {
	f.spend()
	f.local(opLocalGet, f.wide)
	f.out = append(f.out, opI64Const, 0, opI64LtS)
	f.tickIf()
}

// spend takes a unit of fuel; what is left is in wide.
func (f *function) spend() {
	f.global(opGlobalGet, f.fuel)
	f.out = append(f.out, opI64Const, 1, opI64Sub)
	f.local(opLocalTee, f.wide)
	f.global(opGlobalSet, f.fuel)
}

func (f *function) tickIf() {
	f.out = append(f.out, opIf, noResult, opCall)
	f.out = append(appendNumber(f.out, f.tick), opEnd)
}

// bulk takes fuel for the length on top of the stack.
func (f *function) bulk() {
	f.local(opLocalTee, f.narrow)
	f.global(opGlobalGet, f.fuel)
	f.local(opLocalGet, f.narrow)
	f.out = append(f.out, opI64Extend, opI64Const, bulkShift, opI64ShrU, opI64Sub)
	f.global(opGlobalSet, f.fuel)
	f.check()
}

// grow takes fuel for what was added: the size before counts for it, that behind
// against it. What is refused costs nothing more than the question.
func (f *function) grow(instr, size []byte, shift byte) {
	for _, op := range [...]byte{opI64Add, opI64Sub} {
		f.global(opGlobalGet, f.fuel)
		f.out = append(f.out, size...)
		f.out = append(f.out, opI64Extend, opI64Const, shift, opI64Shl, op)
		f.global(opGlobalSet, f.fuel)
		if op == opI64Add {
			f.out = append(f.out, instr...)
		}
	}
	f.check()
}

func (f *function) global(op byte, n uint32) { f.out = appendNumber(append(f.out, op), n) }

func (f *function) local(op byte, n uint32) { f.out = appendNumber(append(f.out, op), n) }
