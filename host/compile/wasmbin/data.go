package wasmbin

type segment struct {
	offset uint32
	bytes  []byte
}

// Data puts bytes into the memory when the module is instantiated. The bytes
// are not copied.
func (m *Module) Data(offset uint32, bytes []byte) {
	if len(bytes) > 0 {
		m.data = append(m.data, segment{offset, bytes})
	}
}

func (m *Module) dataSection() []byte {
	if len(m.data) == 0 {
		return nil
	}
	var w writer
	w.count(len(m.data))
	for _, s := range m.data {
		w.byte(0x00) // active in memory 0
		w.byte(opI32Const)
		w.s32(int32(s.offset))
		w.byte(opEnd)
		w.count(len(s.bytes))
		w.bytes(s.bytes)
	}
	return w.buf
}
