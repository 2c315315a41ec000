package wasmbin

// Table adds functions to the module's one table and returns the number of the
// first; the others follow it.
func (m *Module) Table(funcs ...Func) uint32 {
	first := uint32(len(m.table))
	m.table = append(m.table, funcs...)
	return first
}

func (m *Module) tableSection() []byte {
	if len(m.table) == 0 && !m.indirect {
		return nil
	}
	w := writer{buf: []byte{1, byte(FuncRef)}}
	n := uint32(len(m.table))
	limits{min: n, max: n}.encode(&w)
	return w.buf
}

// elementSection fills the table from its start: one active segment.
func (m *Module) elementSection() []byte {
	if len(m.table) == 0 {
		return nil
	}
	w := writer{buf: []byte{1, 0x00}} // one segment, active in table 0
	w.byte(opI32Const)
	w.s32(0)
	w.byte(opEnd)
	w.count(len(m.table))
	for _, f := range m.table {
		w.u32(uint32(f))
	}
	return w.buf
}
