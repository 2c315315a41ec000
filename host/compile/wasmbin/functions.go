package wasmbin

// Func is the number of a function, imports counted first.
type Func uint32

// function is one of the module's own.
type function struct {
	name string
	typ  uint32
	body *Code
}

// Declare announces a function, so that others can call it before its body is
// there. The name is for people; it need not be unique.
func (m *Module) Declare(name string, t FuncType) Func {
	m.funcs = append(m.funcs, function{name: name, typ: m.types.index(t)})
	return Func(len(m.imports) + len(m.funcs) - 1)
}

// Body starts the body of a declared function. The body ends when the module
// is encoded; whatever is still open then is an error.
func (m *Module) Body(f Func) *Code {
	i := int(f) - len(m.imports)
	if i < 0 || i >= len(m.funcs) {
		m.problem("function %d: a body for a function that was not declared", f)
		return &Code{module: m}
	}
	fn := &m.funcs[i]
	if fn.body != nil {
		m.problem("function %s: a second body", fn.name)
	}
	fn.body = &Code{module: m, name: fn.name, params: len(m.types.list[fn.typ].Params)}
	return fn.body
}

// Func declares a function and starts its body.
func (m *Module) Func(name string, t FuncType) (Func, *Code) {
	f := m.Declare(name, t)
	return f, m.Body(f)
}

func (m *Module) checkDefined() {
	for _, f := range m.funcs {
		switch {
		case f.body == nil:
			m.problem("function %s: declared without a body", f.name)
		case len(f.body.open) > 0:
			m.problem("function %s: %d blocks are still open at its end", f.name, len(f.body.open))
		}
	}
}

func (m *Module) functionSection() []byte {
	if len(m.funcs) == 0 {
		return nil
	}
	var w writer
	w.count(len(m.funcs))
	for _, f := range m.funcs {
		w.u32(f.typ)
	}
	return w.buf
}
