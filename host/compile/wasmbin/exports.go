package wasmbin

type export struct {
	name  string
	kind  byte
	index uint32
}

// Kinds of exports.
const (
	exportFunc   = 0x00
	exportMemory = 0x02
	exportGlobal = 0x03
)

// ExportFunc shows a function to the host under a name.
func (m *Module) ExportFunc(name string, f Func) { m.export(name, exportFunc, uint32(f)) }

// ExportMemory shows the memory to the host under a name.
func (m *Module) ExportMemory(name string) { m.export(name, exportMemory, 0) }

// ExportGlobal shows a global to the host under a name.
func (m *Module) ExportGlobal(name string, g Global) { m.export(name, exportGlobal, uint32(g)) }

func (m *Module) export(name string, kind byte, index uint32) {
	for _, e := range m.exports {
		if e.name == name {
			m.problem("export %s: the name is taken", name)
		}
	}
	m.exports = append(m.exports, export{name, kind, index})
}

func (m *Module) exportSection() []byte {
	if len(m.exports) == 0 {
		return nil
	}
	var w writer
	w.count(len(m.exports))
	for _, e := range m.exports {
		w.name(e.name)
		w.byte(e.kind)
		w.u32(e.index)
	}
	return w.buf
}
