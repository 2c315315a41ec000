package bytecode

import "fmt"

// MaxLocals is how many local variables a function may have besides its parameters.
// The runtime makes room for all of them, however few bytes declare them.
const MaxLocals = 10_000

// Body is the body of a function.
type Body struct {
	Func   uint32 // its index
	At     int    // offset of Bytes in the module
	Bytes  []byte // local variables and instructions
	Groups uint32 // of local variables
	Code   int    // where in Bytes the instructions begin
	Params int
	Locals int // parameters included
}

// readBody reads all but the instructions.
func (m *Module) readBody(r *reader) error {
	if len(m.Bodies) >= len(m.Funcs) {
		return fmt.Errorf("there are more bodies than the %d functions", len(m.Funcs))
	}
	size, err := r.number()
	if err != nil {
		return err
	}
	f := uint32(len(m.importedFuncs) + len(m.Bodies))
	b := Body{Func: f, At: r.at, Params: len(m.FuncType(f).Params)}
	if b.Bytes, err = r.bytes(size); err != nil {
		return err
	}
	inside := reader{b.Bytes, b.At}
	if err := b.readLocals(&inside); err != nil {
		return located(err, m.Title(f), inside.at)
	}
	b.Code = inside.at - b.At
	m.Bodies = append(m.Bodies, b)
	return nil
}

func (b *Body) readLocals(r *reader) error {
	locals := uint64(b.Params)
	err := r.each(func() error {
		b.Groups++
		n, err := r.number()
		if err != nil {
			return err
		}
		if locals += uint64(n); locals > MaxLocals+uint64(b.Params) {
			return &Error{Offset: r.at, What: fmt.Sprintf("more than %d local variables", MaxLocals), Cure: "split the function"}
		}
		t, err := r.byte()
		if err == nil && !ValType(t).known() {
			err = fmt.Errorf("a local variable is of %s, which is not known", ValType(t))
		}
		return err
	})
	b.Locals = int(locals)
	return err
}

// Instr is one instruction.
type Instr struct {
	Op     Op
	At     int      // offset in the module
	Raw    []byte   // all of it
	Index  uint32   // the function, local variable, global, type, table or label that it names first
	Labels []uint32 // of br_table; valid until the next instruction
	Values int      // that a block or a function that is called takes and leaves
}

// Cursor goes through the instructions of a body.
type Cursor struct {
	module *Module
	r      reader
	where  string
	fn     uint32
	locals int
	open   int // blocks
	done   bool
	inBody bool
	labels []uint32
}

// Code begins to read the instructions of a body.
func (m *Module) Code(b Body) *Cursor {
	return &Cursor{module: m, r: reader{b.Bytes[b.Code:], b.At + b.Code}, fn: b.Func, locals: b.Locals, inBody: true}
}

// Done tells whether the end of the body has been read.
func (c *Cursor) Done() bool { return c.done }

// Open is the number of blocks that are open behind the last instruction.
func (c *Cursor) Open() int { return c.open }

// Next reads an instruction. An error is an *Error.
func (c *Cursor) Next() (Instr, error) {
	i := Instr{At: c.r.at}
	before := c.r.b
	err := c.read(&i)
	if err == nil && c.done && c.inBody && len(c.r.b) > 0 {
		err = fmt.Errorf("%d bytes stand behind its end", len(c.r.b))
	}
	if err != nil {
		where := c.where
		if c.inBody {
			where = c.module.Title(c.fn)
		}
		return i, located(err, where, i.At)
	}
	i.Raw = before[:len(before)-len(c.r.b)]
	return i, nil
}

func (c *Cursor) read(i *Instr) error {
	b, err := c.r.byte()
	if err != nil {
		return err
	}
	i.Op = Op(b)
	if b >= 0xfb && b <= 0xfe {
		sub, err := c.r.number()
		if err != nil {
			return err
		}
		i.Op = i.Op<<16 | Op(min(sub, 0xffff))
	}
	s := i.Op.shape()
	if s == unknown {
		what, cure := refuse(i.Op)
		where := c.where
		if c.inBody {
			where = c.module.Title(c.fn)
		}
		return &Error{Where: where, Offset: i.At, What: what, Cure: cure}
	}
	if err := c.immediates(i, s); err != nil {
		return fmt.Errorf("%s: %w", i.Op, err)
	}
	switch i.Op {
	case OpBlock, OpLoop, OpIf:
		c.open++
	case OpEnd:
		c.open--
		c.done = c.open < 0
	}
	return nil
}

// immediates reads what follows an instruction.
func (c *Cursor) immediates(i *Instr, s shape) (err error) {
	m := c.module
	switch s {
	case plain:
	case block:
		i.Values, err = c.blockType()
	case label:
		i.Index, err = c.index("block", c.open+1)
	case labels:
		i.Labels, err = c.readLabels()
	case funcIndex:
		if i.Index, err = c.index("function", m.FuncCount()); err == nil {
			i.Values = m.FuncType(i.Index).values()
		}
	case indirect:
		if i.Index, err = c.index("type", len(m.Types)); err == nil {
			i.Values = m.Types[i.Index].values()
			_, err = c.index("table", len(m.Tables))
		}
	case localIndex:
		i.Index, err = c.index("local variable", c.locals)
	case globalIndex:
		i.Index, err = c.index("global", m.Globals)
	case tableIndex:
		i.Index, err = c.index("table", len(m.Tables))
	case twoTables:
		if i.Index, err = c.index("table", len(m.Tables)); err == nil {
			_, err = c.index("table", len(m.Tables))
		}
	case elementIndex:
		i.Index, err = c.index("segment of elements", m.Elements)
	case elementAndTable:
		if i.Index, err = c.index("segment of elements", m.Elements); err == nil {
			_, err = c.index("table", len(m.Tables))
		}
	case dataIndex, dataAndMemory:
		if i.Index, err = c.index("segment of data", m.dataCount); err == nil && s == dataAndMemory {
			_, err = c.index("memory", len(m.Memories))
		}
	case memoryIndex:
		i.Index, err = c.index("memory", len(m.Memories))
	case twoMemories:
		if i.Index, err = c.index("memory", len(m.Memories)); err == nil {
			_, err = c.index("memory", len(m.Memories))
		}
	default:
		err = c.values(s)
	}
	return err
}

// values reads what names nothing of the module.
func (c *Cursor) values(s shape) (err error) {
	switch s {
	case access, laneAccess:
		if len(c.module.Memories) == 0 {
			return fmt.Errorf("there is no memory")
		}
		var alignment uint32
		if alignment, err = c.r.number(); err != nil {
			return err
		}
		if alignment >= 32 {
			return fmt.Errorf("an access names a memory; that belongs to the proposal \"multiple memories\", which is not run here")
		}
		if _, err = c.r.number(); err == nil && s == laneAccess {
			_, err = c.r.byte()
		}
	case lane:
		_, err = c.r.byte()
	case signed32:
		_, err = c.r.signed(5)
	case signed64:
		_, err = c.r.signed(10)
	case fixed4:
		_, err = c.r.bytes(4)
	case fixed8:
		_, err = c.r.bytes(8)
	case fixed16:
		_, err = c.r.bytes(16)
	case refType:
		err = c.readType(ValType.reference)
	case typeList:
		err = c.r.each(func() error { return c.readType(ValType.known) })
	}
	return err
}

func (c *Cursor) readType(known func(ValType) bool) error {
	b, err := c.r.byte()
	if err == nil && !known(ValType(b)) {
		err = fmt.Errorf("%s is not known", ValType(b))
	}
	return err
}

// index reads the number of one of count things.
func (c *Cursor) index(of string, count int) (uint32, error) {
	n, err := c.r.number()
	if err == nil && int64(n) >= int64(count) {
		err = fmt.Errorf("there is no %s %d", of, n)
	}
	return n, err
}

// emptyBlock is the type of a block without values.
const emptyBlock = -64

// blockType reads the type of a block: a value, nothing, or the number of a type.
func (c *Cursor) blockType() (values int, err error) {
	n, err := c.r.signed(5)
	switch {
	case err != nil || n == emptyBlock:
		return 0, err
	case n < 0:
		if t := ValType(n & 0x7f); n < -64 || !t.known() {
			err = fmt.Errorf("a block is of %s, which is not known", t)
		}
		return 1, err
	case n >= int64(len(c.module.Types)):
		return 0, fmt.Errorf("there is no type %d", n)
	}
	return c.module.Types[n].values(), nil
}

func (c *Cursor) readLabels() ([]uint32, error) {
	c.labels = c.labels[:0]
	one := func() error {
		n, err := c.index("block", c.open+1)
		c.labels = append(c.labels, n)
		return err
	}
	if err := c.r.each(one); err != nil {
		return nil, err
	}
	return c.labels, one()
}
