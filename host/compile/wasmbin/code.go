package wasmbin

// MaxBody is the size above which a function body is refused, in bytes: the
// compilers of hosts are slow on large functions, so emitters split them.
const MaxBody = 64 << 10

// MaxBranches is the number of branching instructions above which a function
// body is refused, for the same reason.
const MaxBranches = 200

// row says that a place of a script begins at an address, which counts from
// the contents of the code section.
type row struct {
	address    uint32
	file, line int
}

// codeSection encodes all bodies and gathers the rows of the line table. A
// function without rows gets one that is nowhere, so that it does not seem to
// belong to the line before it.
func (m *Module) codeSection() ([]byte, []row) {
	if len(m.funcs) == 0 {
		return nil, nil
	}
	var w writer
	var rows []row
	w.count(len(m.funcs))
	for _, f := range m.funcs {
		if f.body == nil {
			continue
		}
		locals := f.body.encodeLocals()
		w.count(len(locals) + len(f.body.buf) + 1)
		rows = append(rows, row{address: uint32(len(w.buf))})
		w.bytes(locals)
		start := uint32(len(w.buf))
		for _, r := range f.body.rows {
			r.address += start
			rows = append(rows, r)
		}
		w.bytes(f.body.buf)
		w.byte(opEnd)
		if len(f.body.buf) > MaxBody {
			m.problem("function %s: %d bytes are more than %d", f.name, len(f.body.buf), MaxBody)
		}
		if f.body.branches > MaxBranches {
			m.problem("function %s: %d branches are more than %d", f.name, f.body.branches, MaxBranches)
		}
	}
	return w.buf, rows
}

// encodeLocals writes the locals beyond the parameters, neighbours of one type together.
func (c *Code) encodeLocals() []byte {
	var runs []int
	var kinds []ValType
	for i, t := range c.locals {
		if i == 0 || t != c.locals[i-1] {
			runs = append(runs, 0)
			kinds = append(kinds, t)
		}
		runs[len(runs)-1]++
	}
	var w writer
	w.count(len(runs))
	for i, n := range runs {
		w.count(n)
		w.byte(byte(kinds[i]))
	}
	return w.buf
}
