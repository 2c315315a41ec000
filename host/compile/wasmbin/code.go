package wasmbin

// MaxBody is the size above which a function body is refused, in bytes: the
// compilers of hosts are slow on large functions, so emitters split them.
const MaxBody = 64 << 10

// MaxBranches is the number of branching instructions above which a function
// body is refused, for the same reason.
const MaxBranches = 200

// codeSection encodes all bodies.
func (m *Module) codeSection() []byte {
	if len(m.funcs) == 0 {
		return nil
	}
	var w writer
	w.count(len(m.funcs))
	for _, f := range m.funcs {
		if f.body == nil {
			continue
		}
		locals := f.body.encodeLocals()
		w.count(len(locals) + len(f.body.buf) + 1)
		w.bytes(locals)
		w.bytes(f.body.buf)
		w.byte(opEnd)
		if len(f.body.buf) > MaxBody {
			m.problem("function %s: %d bytes are more than %d", f.name, len(f.body.buf), MaxBody)
		}
		if f.body.branches > MaxBranches {
			m.problem("function %s: %d branches are more than %d", f.name, f.body.branches, MaxBranches)
		}
	}
	return w.buf
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
