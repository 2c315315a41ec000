package admission

import "github.com/footlight-bots/footlight/host/sandbox/bytecode"

// code reads all functions, and weighs what they cost the compiler.
func (c *check) code() {
	var worst bytecode.Body
	most := 0
	for _, b := range c.module.Bodies {
		c.report.Largest = max(c.report.Largest, len(b.Bytes))
		if len(b.Bytes) > MaxBody {
			c.refuse("%s has a body of %d bytes, more than %d: split it, or compile for size and with less inlining", c.module.Title(b.Func), len(b.Bytes), MaxBody)
			continue
		}
		branches, err := c.branches(b)
		if err != nil {
			c.refuse("%s", err)
			continue
		}
		c.report.Branching += uint64(branches) * uint64(branches)
		if branches > most {
			worst, most = b, branches
		}
	}
	if c.report.Branching > MaxBranching {
		c.refuse("the functions are too branchy for this server, above all %s with %d branches: split them into functions of a few hundred branches each, or compile with less inlining", c.module.Title(worst.Func), most)
	}
}

// branches counts the blocks and branches of a body.
func (c *check) branches(b bytecode.Body) (int, error) {
	n := 0
	for code := c.module.Code(b); !code.Done(); {
		i, err := code.Next()
		if err != nil {
			return n, err
		}
		switch i.Op {
		case bytecode.OpBlock, bytecode.OpLoop, bytecode.OpIf, bytecode.OpBr, bytecode.OpBrIf, bytecode.OpBrTable:
			n++
		}
	}
	return n, nil
}
