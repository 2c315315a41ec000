package wasmbin

// Opcodes of the binary format, as far as the assembler writes them.
const (
	opUnreachable byte = 0x00
	opBlock       byte = 0x02
	opLoop        byte = 0x03
	opIf          byte = 0x04
	opElse        byte = 0x05
	opEnd         byte = 0x0b
	opBr          byte = 0x0c
	opBrIf        byte = 0x0d
	opBrTable     byte = 0x0e
	opReturn      byte = 0x0f
	opCall        byte = 0x10
	opDrop        byte = 0x1a
	opLocalGet    byte = 0x20
	opLocalSet    byte = 0x21
	opGlobalGet   byte = 0x23
	opGlobalSet   byte = 0x24
	opI32Load     byte = 0x28
	opI64Load     byte = 0x29
	opI32Load8U   byte = 0x2d
	opI32Store    byte = 0x36
	opI64Store    byte = 0x37
	opI32Store8   byte = 0x3a
	opMemorySize  byte = 0x3f
	opMemoryGrow  byte = 0x40
	opI32Const    byte = 0x41
	opI64Const    byte = 0x42
	opPrefixFC    byte = 0xfc // bulk memory
)

// typeEmpty is the type of a block without results.
const typeEmpty byte = 0x40

// Bulk memory operations behind opPrefixFC.
const (
	bulkCopy = 10
	bulkFill = 11
)

func (c *Code) op(b byte)    { c.buf = append(c.buf, b) }
func (c *Code) u32(v uint32) { w := writer{c.buf}; w.u32(v); c.buf = w.buf }

// Unreachable traps.
func (c *Code) Unreachable() { c.op(opUnreachable) }

// Return leaves the function with the results on the stack.
func (c *Code) Return() { c.branches++; c.op(opReturn) }

// Drop throws a value away.
func (c *Code) Drop() { c.op(opDrop) }

// Call calls a function.
func (c *Code) Call(f Func) { c.op(opCall); c.u32(uint32(f)) }

// LocalGet pushes a variable.
func (c *Code) LocalGet(l Local) { c.op(opLocalGet); c.u32(uint32(l)) }

// LocalSet pops into a variable.
func (c *Code) LocalSet(l Local) { c.op(opLocalSet); c.u32(uint32(l)) }

// GlobalGet pushes a global.
func (c *Code) GlobalGet(g Global) { c.op(opGlobalGet); c.u32(uint32(g)) }

// GlobalSet pops into a global.
func (c *Code) GlobalSet(g Global) { c.op(opGlobalSet); c.u32(uint32(g)) }

// I32 pushes a constant.
func (c *Code) I32(v int32) { c.op(opI32Const); c.buf = appendSigned(c.buf, int64(v)) }

// I64 pushes a constant.
func (c *Code) I64(v int64) { c.op(opI64Const); c.buf = appendSigned(c.buf, v) }

// The loads and stores take an address from the stack and a constant offset.
// Words are little-endian. They are said to be aligned, as most are: to wasm that is
// advice, and it reads them from anywhere.

// I32Load reads a 32-bit word.
func (c *Code) I32Load(offset uint32) { c.access(opI32Load, 2, offset) }

// I64Load reads a 64-bit word.
func (c *Code) I64Load(offset uint32) { c.access(opI64Load, 3, offset) }

// I32Load8 reads a byte.
func (c *Code) I32Load8(offset uint32) { c.access(opI32Load8U, 0, offset) }

// I32Store writes a 32-bit word.
func (c *Code) I32Store(offset uint32) { c.access(opI32Store, 2, offset) }

// I64Store writes a 64-bit word.
func (c *Code) I64Store(offset uint32) { c.access(opI64Store, 3, offset) }

// I32Store8 writes a byte.
func (c *Code) I32Store8(offset uint32) { c.access(opI32Store8, 0, offset) }

func (c *Code) access(op byte, align, offset uint32) {
	c.op(op)
	c.u32(align)
	c.u32(offset)
}

// MemorySize pushes the size of the memory in pages.
func (c *Code) MemorySize() { c.op(opMemorySize); c.op(0x00) }

// MemoryGrow grows the memory by the pages on the stack and leaves the old size, or -1.
func (c *Code) MemoryGrow() { c.op(opMemoryGrow); c.op(0x00) }

// MemoryCopy copies: destination, source and length lie on the stack.
func (c *Code) MemoryCopy() { c.op(opPrefixFC); c.u32(bulkCopy); c.op(0x00); c.op(0x00) }

// MemoryFill fills: destination, value and length lie on the stack.
func (c *Code) MemoryFill() { c.op(opPrefixFC); c.u32(bulkFill); c.op(0x00) }
