package bytecode

import "fmt"

// Bits of the number that begins a segment of elements.
const (
	segmentPassive  = 1 // or declared, with the next bit
	segmentExplicit = 2 // names its table, if it is not passive
	segmentExprs    = 4 // entries are expressions, not indices
)

func (m *Module) readElement(r *reader) error {
	m.Elements++
	flags, err := r.number()
	if err != nil {
		return err
	}
	if flags > 7 {
		return fmt.Errorf("a segment of kind %d is not known", flags)
	}
	if flags&segmentPassive == 0 {
		table := uint32(0)
		if flags&segmentExplicit != 0 {
			if table, err = r.number(); err != nil {
				return err
			}
		}
		if int(table) >= len(m.Tables) {
			return fmt.Errorf("there is no table %d", table)
		}
		if err := m.constant(r); err != nil {
			return err
		}
	}
	if flags&(segmentPassive|segmentExplicit) != 0 {
		kind, err := r.byte()
		if err != nil {
			return err
		}
		if exprs := flags&segmentExprs != 0; exprs && !ValType(kind).reference() || !exprs && kind != 0 {
			return fmt.Errorf("a segment has entries of kind %#x, which is not known", kind)
		}
	}
	if flags&segmentExprs != 0 {
		return r.each(func() error { return m.constant(r) })
	}
	return r.each(func() error { return m.funcRef(r) })
}

func (m *Module) readData(r *reader) error {
	m.Data++
	flags, err := r.number()
	if err != nil {
		return err
	}
	if flags > 2 {
		return fmt.Errorf("a segment of kind %d is not known", flags)
	}
	if flags != 1 {
		memory := uint32(0)
		if flags == 2 {
			if memory, err = r.number(); err != nil {
				return err
			}
		}
		if int(memory) >= len(m.Memories) {
			return fmt.Errorf("there is no memory %d", memory)
		}
		if err := m.constant(r); err != nil {
			return err
		}
	}
	size, err := r.number()
	if err != nil {
		return err
	}
	_, err = r.bytes(size)
	return err
}

// constant reads an expression whose value is known when the module starts.
func (m *Module) constant(r *reader) error {
	c := Cursor{module: m, r: *r, where: "a constant"}
	for !c.done {
		i, err := c.Next()
		if err != nil {
			return err
		}
		switch i.Op {
		case OpI32Const, OpI64Const, OpF32Const, OpF64Const, OpV128Const, OpGlobalGet, OpRefNull, OpEnd:
		case OpRefFunc:
			size := len(i.Raw) - 1
			m.Refs = append(m.Refs, Ref{At: i.At + 1, Len: size, Func: i.Index})
		default:
			return &Error{Where: c.where, Offset: i.At, What: fmt.Sprintf("%s in a constant belongs to %s", i.Op, extended.title()), Cure: extended.cure}
		}
	}
	*r = c.r
	return nil
}
