package wasmbin

// Global is the number of a global variable.
type Global uint32

type global struct {
	name string
	typ  ValType
	init int64
}

// Global adds a variable of type I32 or I64 with its first value.
func (m *Module) Global(name string, t ValType, init int64) Global {
	if t != I32 && t != I64 {
		m.problem("global %s: type %#x is neither i32 nor i64", name, byte(t))
	}
	m.globals = append(m.globals, global{name, t, init})
	return Global(len(m.globals) - 1)
}

func (m *Module) globalSection() []byte {
	if len(m.globals) == 0 {
		return nil
	}
	var w writer
	w.count(len(m.globals))
	for _, g := range m.globals {
		w.byte(byte(g.typ))
		w.byte(0x01) // may be changed
		if g.typ == I64 {
			w.byte(opI64Const)
			w.s64(g.init)
		} else {
			w.byte(opI32Const)
			w.s32(int32(g.init))
		}
		w.byte(opEnd)
	}
	return w.buf
}

// SetInit changes the first value of a global, for values that are known late.
func (m *Module) SetInit(g Global, init int64) { m.globals[g].init = init }
