package bytecode

import "fmt"

// Op is an instruction: its byte, or its number behind a prefix together with that.
type Op uint32

// Prefixes of instructions.
const (
	prefixFB Op = 0xfb << 16
	prefixFC Op = 0xfc << 16
	prefixFD Op = 0xfd << 16
	prefixFE Op = 0xfe << 16
)

// Instructions that somebody looks for.
const (
	OpUnreachable  Op = 0x00
	OpBlock        Op = 0x02
	OpLoop         Op = 0x03
	OpIf           Op = 0x04
	OpElse         Op = 0x05
	OpEnd          Op = 0x0b
	OpBr           Op = 0x0c
	OpBrIf         Op = 0x0d
	OpBrTable      Op = 0x0e
	OpReturn       Op = 0x0f
	OpCall         Op = 0x10
	OpCallIndirect Op = 0x11
	OpGlobalGet    Op = 0x23
	OpGlobalSet    Op = 0x24
	OpMemoryGrow   Op = 0x40
	OpI32Const     Op = 0x41
	OpI64Const     Op = 0x42
	OpF32Const     Op = 0x43
	OpF64Const     Op = 0x44
	OpRefNull      Op = 0xd0
	OpRefFunc      Op = 0xd2
	OpMemoryInit      = prefixFC | 8
	OpMemoryCopy      = prefixFC | 10
	OpMemoryFill      = prefixFC | 11
	OpTableInit       = prefixFC | 12
	OpTableCopy       = prefixFC | 14
	OpTableGrow       = prefixFC | 15
	OpTableFill       = prefixFC | 17
	OpV128Const       = prefixFD | 12
)

// shape is what follows an instruction.
type shape byte

const (
	unknown shape = iota
	plain         // nothing
	block         // the type of a block
	label
	labels
	funcIndex
	indirect // a type and a table
	localIndex
	globalIndex
	tableIndex
	twoTables
	memoryIndex
	twoMemories
	access     // alignment and offset
	laneAccess // the same and a lane
	lane
	signed32
	signed64
	fixed4
	fixed8
	fixed16
	typeList
	refType
	elementIndex
	elementAndTable
	dataIndex
	dataAndMemory
)

// span gives all instructions from the first to the last one shape.
type span struct {
	first, last byte
	shape       shape
}

// oneByte are the instructions without a prefix.
var oneByte = table(
	span{0x00, 0x01, plain}, span{0x02, 0x04, block}, span{0x05, 0x05, plain}, span{0x0b, 0x0b, plain},
	span{0x0c, 0x0d, label}, span{0x0e, 0x0e, labels}, span{0x0f, 0x0f, plain},
	span{0x10, 0x10, funcIndex}, span{0x11, 0x11, indirect},
	span{0x1a, 0x1b, plain}, span{0x1c, 0x1c, typeList},
	span{0x20, 0x22, localIndex}, span{0x23, 0x24, globalIndex}, span{0x25, 0x26, tableIndex},
	span{0x28, 0x3e, access}, span{0x3f, 0x40, memoryIndex},
	span{0x41, 0x41, signed32}, span{0x42, 0x42, signed64}, span{0x43, 0x43, fixed4}, span{0x44, 0x44, fixed8},
	span{0x45, 0xc4, plain}, span{0xd0, 0xd0, refType}, span{0xd1, 0xd1, plain}, span{0xd2, 0xd2, funcIndex},
)

// afterFC are saturating conversions and bulk operations.
var afterFC = table(
	span{0, 7, plain}, span{8, 8, dataAndMemory}, span{9, 9, dataIndex}, span{10, 10, twoMemories}, span{11, 11, memoryIndex},
	span{12, 12, elementAndTable}, span{13, 13, elementIndex}, span{14, 14, twoTables}, span{15, 17, tableIndex},
)

// afterFD are vectors. The numbers that are left out belong to nothing.
var afterFD = table(
	span{0, 11, access}, span{12, 13, fixed16}, span{14, 20, plain}, span{21, 34, lane}, span{35, 83, plain},
	span{84, 91, laneAccess}, span{92, 93, access}, span{94, 0x99, plain}, span{0x9b, 0xa1, plain},
	span{0xa3, 0xa4, plain}, span{0xa7, 0xae, plain}, span{0xb1, 0xb1, plain}, span{0xb5, 0xba, plain},
	span{0xbc, 0xc1, plain}, span{0xc3, 0xc4, plain}, span{0xc7, 0xce, plain}, span{0xd1, 0xd1, plain},
	span{0xd5, 0xe1, plain}, span{0xe3, 0xed, plain}, span{0xef, 0xff, plain},
)

func table(spans ...span) *[256]shape {
	var t [256]shape
	for _, s := range spans {
		for op := int(s.first); op <= int(s.last); op++ {
			t[op] = s.shape
		}
	}
	return &t
}

// shape tells what follows, unknown for what is not run.
func (op Op) shape() shape {
	sub := op & 0xffff
	if sub > 0xff {
		return unknown
	}
	switch op &^ 0xffff {
	case 0:
		return oneByte[sub]
	case prefixFC:
		return afterFC[sub]
	case prefixFD:
		return afterFD[sub]
	}
	return unknown
}

// Guarded tells whether the compiler has to put a test and a way out before the
// instruction: whole divisions, and conversions to whole numbers that trap.
func (op Op) Guarded() bool {
	return op >= 0x6d && op <= 0x70 || op >= 0x7f && op <= 0x82 || op >= 0xa8 && op <= 0xab || op >= 0xae && op <= 0xb1
}

// Slow tells whether the instruction is a division or a root, of numbers or vectors.
func (op Op) Slow() bool {
	switch op {
	case 0x91, 0x95, 0x9f, 0xa3, prefixFD | 0xe3, prefixFD | 0xe7, prefixFD | 0xef, prefixFD | 0xf3:
		return true
	}
	return op >= 0x6d && op <= 0x70 || op >= 0x7f && op <= 0x82
}

// opNames are the instructions that stand in messages.
var opNames = map[Op]string{
	OpBlock: "block", OpLoop: "loop", OpIf: "if", OpBr: "br", OpBrIf: "br_if", OpBrTable: "br_table",
	OpCall: "call", OpCallIndirect: "call_indirect", OpRefFunc: "ref.func", OpRefNull: "ref.null", 0x1c: "select",
	0x20: "local.get", 0x21: "local.set", 0x22: "local.tee", OpGlobalGet: "global.get", OpGlobalSet: "global.set",
	0x25: "table.get", 0x26: "table.set", 0x3f: "memory.size", OpMemoryGrow: "memory.grow",
	0x6a: "i32.add", 0x6b: "i32.sub", 0x6c: "i32.mul", 0x7c: "i64.add", 0x7d: "i64.sub", 0x7e: "i64.mul",
	OpMemoryInit: "memory.init", prefixFC | 9: "data.drop", OpMemoryCopy: "memory.copy", OpMemoryFill: "memory.fill",
	OpTableInit: "table.init", prefixFC | 13: "elem.drop", OpTableCopy: "table.copy", OpTableGrow: "table.grow",
	prefixFC | 16: "table.size", OpTableFill: "table.fill",
}

// String is the instruction's name where one is known, else its number.
func (op Op) String() string {
	if name := opNames[op]; name != "" {
		return name
	}
	return op.hex()
}

func (op Op) hex() string {
	if prefix := op >> 16; prefix != 0 {
		return fmt.Sprintf("%#x %d", uint32(prefix), op&0xffff)
	}
	return fmt.Sprintf("%#02x", uint32(op))
}
