package wasmbin

// Subsections of the name section.
const (
	nameModule    = 0
	nameFunctions = 1
	nameGlobals   = 7
)

// nameSection gives the module, its functions and its globals their names, for
// stack traces and disassemblers.
func (m *Module) nameSection() []byte {
	var w writer
	if m.Name != "" {
		var s writer
		s.name(m.Name)
		w.section(nameModule, s.buf)
	}
	if n := len(m.imports) + len(m.funcs); n > 0 {
		var s writer
		s.count(n)
		for i, f := range m.imports {
			s.count(i)
			s.name(f.name)
		}
		for i, f := range m.funcs {
			s.count(len(m.imports) + i)
			s.name(f.name)
		}
		w.section(nameFunctions, s.buf)
	}
	if len(m.globals) > 0 {
		var s writer
		s.count(len(m.globals))
		for i, g := range m.globals {
			s.count(i)
			s.name(g.name)
		}
		w.section(nameGlobals, s.buf)
	}
	return w.buf
}
