package wasmbin

// Operator is a numeric instruction: it takes one or two values from the stack
// and leaves one.
type Operator byte

// The operators. S and U tell signed from unsigned ones.
const (
	I32Eqz        Operator = 0x45
	I32Eq         Operator = 0x46
	I32Ne         Operator = 0x47
	I32LtS        Operator = 0x48
	I32LtU        Operator = 0x49
	I32GtS        Operator = 0x4a
	I32GtU        Operator = 0x4b
	I32LeS        Operator = 0x4c
	I32LeU        Operator = 0x4d
	I32GeS        Operator = 0x4e
	I32GeU        Operator = 0x4f
	I64Eqz        Operator = 0x50
	I64Eq         Operator = 0x51
	I64Ne         Operator = 0x52
	I64LtS        Operator = 0x53
	I64LtU        Operator = 0x54
	I64GtS        Operator = 0x55
	I64GtU        Operator = 0x56
	I64LeU        Operator = 0x58
	I64GeU        Operator = 0x5a
	I32Add        Operator = 0x6a
	I32Sub        Operator = 0x6b
	I32Mul        Operator = 0x6c
	I32DivU       Operator = 0x6e
	I32RemU       Operator = 0x70
	I32And        Operator = 0x71
	I32Or         Operator = 0x72
	I32Xor        Operator = 0x73
	I32Shl        Operator = 0x74
	I32ShrU       Operator = 0x76
	I64Add        Operator = 0x7c
	I64Sub        Operator = 0x7d
	I64Mul        Operator = 0x7e
	I64And        Operator = 0x83
	I64Or         Operator = 0x84
	I64Xor        Operator = 0x85
	I64Shl        Operator = 0x86
	I64ShrU       Operator = 0x88
	I32WrapI64    Operator = 0xa7
	I64ExtendI32U Operator = 0xad
)

// Op writes a numeric instruction.
func (c *Code) Op(o Operator) { c.op(byte(o)) }
