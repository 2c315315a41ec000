package wasmbin

// PageSize is the unit in which memory grows, in bytes.
const PageSize = 65536

// limits are the smallest and greatest size of a memory or table.
type limits struct{ min, max uint32 }

func (l limits) encode(w *writer) {
	w.byte(0x01) // with a maximum
	w.u32(l.min)
	w.u32(l.max)
}

// Memory gives the module its memory, from minPages to maxPages pages.
func (m *Module) Memory(minPages, maxPages uint32) {
	if m.memory != nil {
		m.problem("a second memory")
	}
	if minPages > maxPages || maxPages > 65536 {
		m.problem("memory of %d to %d pages: the minimum is above the maximum, or the maximum above 65536", minPages, maxPages)
	}
	m.memory = &limits{minPages, maxPages}
}

func (m *Module) memorySection() []byte {
	if m.memory == nil {
		return nil
	}
	w := writer{buf: []byte{1}}
	m.memory.encode(&w)
	return w.buf
}
