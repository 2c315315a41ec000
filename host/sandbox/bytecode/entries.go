package bytecode

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ValType is the type of a value.
type ValType byte

// The types of values.
const (
	I32       ValType = 0x7f
	I64       ValType = 0x7e
	F32       ValType = 0x7d
	F64       ValType = 0x7c
	V128      ValType = 0x7b
	FuncRef   ValType = 0x70
	ExternRef ValType = 0x6f
)

// String is the name of the type in text.
func (t ValType) String() string {
	switch t {
	case I32:
		return "i32"
	case I64:
		return "i64"
	case F32:
		return "f32"
	case F64:
		return "f64"
	case V128:
		return "v128"
	case FuncRef:
		return "funcref"
	case ExternRef:
		return "externref"
	}
	return fmt.Sprintf("type %#x", byte(t))
}

func (t ValType) known() bool { return t >= V128 && t <= I32 || t.reference() }

func (t ValType) reference() bool { return t == FuncRef || t == ExternRef }

// MaxValues is how many parameters a function may have, and how many results, as in
// browsers.
const MaxValues = 1000

// FuncType is the type of a function.
type FuncType struct{ Params, Results []ValType }

// String is the type as people write it: (i32, i32) -> (i64).
func (t FuncType) String() string {
	list := func(types []ValType) string {
		names := make([]string, len(types))
		for i, v := range types {
			names[i] = v.String()
		}
		return "(" + strings.Join(names, ", ") + ")"
	}
	return list(t.Params) + " -> " + list(t.Results)
}

// Equal compares two types.
func (t FuncType) Equal(o FuncType) bool {
	return slices.Equal(t.Params, o.Params) && slices.Equal(t.Results, o.Results)
}

func (t FuncType) values() int { return len(t.Params) + len(t.Results) }

// Kind is what is imported or exported.
type Kind byte

// The kinds of imports and exports.
const (
	FuncKind   Kind = 0
	TableKind  Kind = 1
	MemoryKind Kind = 2
	GlobalKind Kind = 3
)

// String is the name of the kind.
func (k Kind) String() string {
	return [...]string{"function", "table", "memory", "global", "tag"}[min(k, 4)]
}

// Import is something that a module wants from its host.
type Import struct {
	Module, Name string
	Kind         Kind
	Type         FuncType // of a function
}

// String is the import's full name.
func (i Import) String() string { return i.Module + "." + i.Name }

// Export is something that a module shows to its host.
type Export struct {
	Name  string
	Kind  Kind
	Index uint32
	Type  FuncType // of a function
}

// Limits are the smallest and greatest size of a memory, in pages of 64 KiB, or of a
// table, in entries.
type Limits struct {
	Min, Max uint32
	HasMax   bool
}

// Variable is a global of the module's own that its code can change.
type Variable struct {
	Index uint32
	Type  ValType
}

// Table is a table of references.
type Table struct {
	Type ValType
	Limits
}

// FuncCount is how many functions there are, imports counted first.
func (m *Module) FuncCount() int { return len(m.importedFuncs) + len(m.Funcs) }

// ImportedFuncs is how many functions are imported.
func (m *Module) ImportedFuncs() int { return len(m.importedFuncs) }

// FuncType is the type of a function that exists.
func (m *Module) FuncType(f uint32) FuncType {
	if n := len(m.importedFuncs); int(f) >= n {
		return m.Types[m.Funcs[int(f)-n]]
	}
	return m.Types[m.importedFuncs[f]]
}

// section reads the entries of a section.
func (m *Module) section(id byte, r *reader) error {
	switch id {
	case SectionType:
		return r.each(func() error { return m.readType(r) })
	case SectionImport:
		return r.each(func() error { return m.readImport(r) })
	case SectionFunction:
		return r.each(func() error {
			n, err := m.typeIndex(r)
			m.Funcs = append(m.Funcs, n)
			return err
		})
	case SectionTable:
		return r.each(func() error { return m.readTable(r) })
	case SectionMemory:
		return r.each(func() error { return m.readMemory(r) })
	case SectionGlobal:
		return r.each(func() error {
			before := r.b
			if err := readGlobalType(r); err != nil {
				return err
			}
			if before[1] == 1 {
				m.Mutable = append(m.Mutable, Variable{Index: uint32(m.Globals), Type: ValType(before[0])})
			}
			m.Globals++ // an initialiser that names its own global is refused by the runtime
			return m.constant(r)
		})
	case SectionExport:
		return r.each(func() error { return m.readExport(r) })
	case SectionStart:
		m.Start = true
		return m.funcRef(r)
	case SectionElement:
		return r.each(func() error { return m.readElement(r) })
	case SectionDataCount:
		n, err := r.number()
		m.dataCount = int(n)
		return err
	case SectionCode:
		return r.each(func() error { return m.readBody(r) })
	default:
		return r.each(func() error { return m.readData(r) })
	}
}

func (m *Module) readType(r *reader) error {
	form, err := r.byte()
	if err != nil {
		return err
	}
	if form != 0x60 {
		return &Error{Where: "the type section", Offset: r.at - 1, What: "a type is no function; it belongs to " + collected.title(), Cure: collected.cure}
	}
	var t FuncType
	for _, list := range [...]*[]ValType{&t.Params, &t.Results} {
		err := r.each(func() error {
			b, err := r.byte()
			if v := ValType(b); err == nil && !v.known() {
				err = fmt.Errorf("%s is not known", v)
			}
			*list = append(*list, ValType(b))
			if len(*list) > MaxValues {
				err = fmt.Errorf("a type has more than %d parameters or results", MaxValues)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	m.Types = append(m.Types, t)
	return nil
}

// typeIndex reads the index of a type that exists.
func (m *Module) typeIndex(r *reader) (uint32, error) {
	n, err := r.number()
	if err == nil && int(n) >= len(m.Types) {
		err = fmt.Errorf("there is no type %d", n)
	}
	return n, err
}

func (m *Module) readImport(r *reader) error {
	var i Import
	var err error
	if i.Module, err = r.text(); err != nil {
		return err
	}
	if i.Name, err = r.text(); err != nil {
		return err
	}
	kind, err := r.byte()
	if err != nil {
		return err
	}
	switch i.Kind = Kind(kind); i.Kind {
	case FuncKind:
		var n uint32
		if n, err = m.typeIndex(r); err == nil {
			i.Type = m.Types[n]
			m.importedFuncs = append(m.importedFuncs, n)
		}
	case TableKind:
		err = m.readTable(r)
	case MemoryKind:
		err = m.readMemory(r)
	case GlobalKind:
		m.Globals++
		err = readGlobalType(r)
	default:
		err = fmt.Errorf("%s is neither function nor table, memory or global", i)
	}
	m.Imports = append(m.Imports, i)
	return err
}

func readGlobalType(r *reader) error {
	b, err := r.bytes(2)
	if err == nil && (!ValType(b[0]).known() || b[1] > 1) {
		err = errors.New("the type of a global is not known")
	}
	return err
}

func (m *Module) readTable(r *reader) error {
	b, err := r.byte()
	if err != nil {
		return err
	}
	t := Table{Type: ValType(b)}
	if !t.Type.reference() {
		return &Error{Where: "the table section", Offset: r.at - 1, What: "a table has entries of a kind or with a first value that belongs to " + references.title(), Cure: references.cure}
	}
	flags, err := r.byte()
	if err == nil && flags > 1 {
		err = errors.New("the limits of a table are not written as known")
	}
	if err != nil {
		return err
	}
	t.Limits, err = readLimits(r, flags)
	m.Tables = append(m.Tables, t)
	return err
}

func (m *Module) readMemory(r *reader) error {
	flags, err := r.byte()
	if err != nil {
		return err
	}
	if flags > 1 {
		p := &memory64
		if flags <= 3 {
			p = &threads
		}
		return &Error{Where: "the memory section", Offset: r.at - 1, What: "the memory belongs to " + p.title(), Cure: p.cure}
	}
	l, err := readLimits(r, flags)
	m.Memories = append(m.Memories, l)
	return err
}

func readLimits(r *reader, flags byte) (l Limits, err error) {
	if l.Min, err = r.number(); err != nil || flags == 0 {
		return l, err
	}
	l.HasMax = true
	l.Max, err = r.number()
	if err == nil && l.Max < l.Min {
		err = fmt.Errorf("the maximum %d is below the minimum %d", l.Max, l.Min)
	}
	return l, err
}

// funcRef reads the index of a function that exists, and notes its place.
func (m *Module) funcRef(r *reader) error {
	at := r.at
	n, err := r.number()
	if err == nil && int(n) >= m.FuncCount() {
		err = fmt.Errorf("there is no function %d", n)
	}
	m.Refs = append(m.Refs, Ref{At: at, Len: r.at - at, Func: n})
	return err
}

func (m *Module) readExport(r *reader) error {
	var e Export
	var err error
	if e.Name, err = r.text(); err != nil {
		return err
	}
	kind, err := r.byte()
	if err != nil {
		return err
	}
	e.Kind = Kind(kind)
	count := 0
	switch e.Kind {
	case FuncKind:
		if err = m.funcRef(r); err == nil {
			e.Index = m.Refs[len(m.Refs)-1].Func
			e.Type = m.FuncType(e.Index)
		}
		m.Exports = append(m.Exports, e)
		return err
	case TableKind:
		count = len(m.Tables)
	case MemoryKind:
		count = len(m.Memories)
	case GlobalKind:
		count = m.Globals
	}
	if e.Index, err = r.number(); err == nil && int(e.Index) >= count {
		err = fmt.Errorf("export %q: there is no %s %d", e.Name, e.Kind, e.Index)
	}
	m.Exports = append(m.Exports, e)
	return err
}
