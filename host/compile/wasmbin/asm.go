package wasmbin

// Code is the body of a function in the making. Its methods append one
// instruction each, in the order in which they are called; the blocks take
// functions that write what is inside them, so that they always end.
type Code struct {
	module   *Module
	name     string
	params   int
	locals   []ValType
	buf      []byte
	open     []int // identities of the open blocks, innermost last
	blocks   int   // blocks begun so far: the next identity
	branches int
}

// Local is the number of a parameter or local variable.
type Local uint32

// Label is an open block that can be branched to.
type Label struct {
	code *Code
	id   int
}

// Param is the n-th parameter, from 0.
func (c *Code) Param(n int) Local {
	if n < 0 || n >= c.params {
		c.module.problem("function %s: it has no parameter %d", c.name, n)
	}
	return Local(n)
}

// Local adds a local variable. It is zero at first.
func (c *Code) Local(t ValType) Local {
	c.locals = append(c.locals, t)
	return Local(c.params + len(c.locals) - 1)
}

// Size is the length of the body so far, in bytes.
func (c *Code) Size() int { return len(c.buf) }

// Block writes a block; a branch to its label leaves it.
func (c *Code) Block(inside func(Label)) { c.block(opBlock, typeEmpty, inside) }

// Loop writes a loop; a branch to its label starts it again.
func (c *Code) Loop(inside func(Label)) { c.block(opLoop, typeEmpty, inside) }

// If writes a conditional block for the i32 on the stack. Without otherwise
// there is no else.
func (c *Code) If(then, otherwise func()) { c.conditional(typeEmpty, then, otherwise) }

// IfValue is If with a value of type t that both arms leave on the stack.
func (c *Code) IfValue(t ValType, then, otherwise func()) { c.conditional(byte(t), then, otherwise) }

func (c *Code) conditional(result byte, then, otherwise func()) {
	c.branches++
	c.block(opIf, result, func(Label) {
		then()
		if otherwise != nil {
			c.op(opElse)
			otherwise()
		}
	})
}

func (c *Code) block(op, result byte, inside func(Label)) {
	c.op(op)
	c.op(result)
	id := c.blocks
	c.blocks++
	c.open = append(c.open, id)
	inside(Label{c, id})
	if n := len(c.open); n == 0 || c.open[n-1] != id {
		c.module.problem("function %s: block %d ends while another is open inside it", c.name, id)
		return
	}
	c.open = c.open[:len(c.open)-1]
	c.op(opEnd)
}

// Br branches to an open block.
func (c *Code) Br(l Label) { c.branch(opBr, l) }

// BrIf branches to an open block if the i32 on the stack is not zero.
func (c *Code) BrIf(l Label) { c.branch(opBrIf, l) }

func (c *Code) branch(op byte, l Label) {
	c.branches++
	c.op(op)
	c.u32(c.depth(l))
}

// BrTable branches to the label whose number is on the stack, or to the
// fallback when there are not so many.
func (c *Code) BrTable(fallback Label, labels ...Label) {
	c.branches++
	c.op(opBrTable)
	c.u32(uint32(len(labels)))
	for _, l := range labels {
		c.u32(c.depth(l))
	}
	c.u32(c.depth(fallback))
}

// depth counts the blocks between here and a label.
func (c *Code) depth(l Label) uint32 {
	if l.code == c {
		for i := len(c.open) - 1; i >= 0; i-- {
			if c.open[i] == l.id {
				return uint32(len(c.open) - 1 - i)
			}
		}
	}
	c.module.problem("function %s: a branch to a block that is not open here", c.name)
	return 0
}
