package wasmbin

// imported is one function that the module asks its host for.
type imported struct {
	module, name string
	typ          uint32
}

// Import asks the host for a function. All imports come before the first Declare.
func (m *Module) Import(module, name string, t FuncType) Func {
	if len(m.funcs) > 0 {
		m.problem("import %s.%s comes after the module's own functions", module, name)
	}
	m.imports = append(m.imports, imported{module, name, m.types.index(t)})
	return Func(len(m.imports) - 1)
}

func (m *Module) importSection() []byte {
	if len(m.imports) == 0 {
		return nil
	}
	var w writer
	w.count(len(m.imports))
	for _, i := range m.imports {
		w.name(i.module)
		w.name(i.name)
		w.byte(0x00) // a function
		w.u32(i.typ)
	}
	return w.buf
}
