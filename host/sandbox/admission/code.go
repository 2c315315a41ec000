package admission

import (
	"time"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

// code reads all functions, and weighs what they cost the compiler.
func (c *check) code() {
	var worst bytecode.Body
	var most uint64
	for _, b := range c.module.Bodies {
		c.report.Largest = max(c.report.Largest, len(b.Bytes))
		if len(b.Bytes) > MaxBody {
			c.refuse("%s has a body of %d bytes, more than %d: split it, or compile for size and with less inlining", c.module.Title(b.Func), len(b.Bytes), MaxBody)
			continue
		}
		w, err := c.weigh(b)
		if err != nil {
			c.refuse("%s", err)
			continue
		}
		branching := w.branching()
		c.report.Branching += branching
		c.report.Compile += w.time(len(b.Bytes)) + time.Duration(min(branching, MaxBranching+1))*nanosOfSquare
		if branching > most {
			worst, most = b, branching
		}
		// Nobody needs to know by how much: reading on would only take time.
		if c.report.Branching > MaxBranching {
			c.refuse("the functions are too branchy for this server, above all %s: split them into functions of a few hundred branches and variables each, or compile with less inlining", c.module.Title(worst.Func))
			return
		}
		if c.report.Compile > MaxCompile {
			c.refuse("the code section would take longer than %s to compile: leave out what is not used, or compile for size (-Os)", MaxCompile)
			return
		}
	}
}

func (c *check) weigh(b bytecode.Body) (cost, error) {
	w := cost{locals: b.Locals}
	for code := c.module.Code(b); !code.Done(); {
		i, err := code.Next()
		if err != nil {
			return w, err
		}
		w.add(i)
	}
	return w, nil
}
