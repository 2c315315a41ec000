package admission

import (
	"time"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

// What an instruction weighs in the branches of a function: how many blocks the
// compiler makes of it, the check of package meter included. Measured.
const (
	weightBranch = 1 // a block, an if, a branch
	weightLoop   = 4 // with its check
	weightFill   = 3 // memory.fill, which is compiled to a loop
	weightBulk   = 2 // other bulk operations, whose check is a branch
	labelsShared = 7 // labels of a table of branches that go where others go, to weigh as much as a branch
	pairsShared  = 8 // squares of local variables for each branch, to weigh as much as a square of branches
)

// What compiling takes in nanoseconds, on a processor of 2024. Measured.
const (
	nanosOfByte     = 450
	nanosOfFunction = 20_000
	nanosOfCall     = 4_000
	nanosOfValue    = 2_000  // that a call or a block takes or leaves
	nanosOfGuard    = 15_000 // of a division or conversion that may trap
	nanosOfSquare   = 25     // see branching
)

// cost is what a function costs the compiler.
type cost struct {
	branches int // weighed
	locals   int
	calls    int
	values   int
	guards   int
}

// branching is what grows faster than the code: the compiler looks at every branch for
// every other one, and carries every variable across every branch.
func (c cost) branching() uint64 {
	b, l := uint64(c.branches), uint64(c.locals)
	return b*b + l*l*b/pairsShared
}

// time is what the function takes, but for its branches.
func (c cost) time(bytes int) time.Duration {
	return nanosOfFunction + time.Duration(bytes*nanosOfByte+c.calls*nanosOfCall+c.values*nanosOfValue+c.guards*nanosOfGuard)
}

// add notes an instruction.
func (c *cost) add(i bytecode.Instr) {
	c.values += i.Values
	switch op := i.Op; op {
	case bytecode.OpBlock, bytecode.OpIf, bytecode.OpBr, bytecode.OpBrIf:
		c.branches += weightBranch
	case bytecode.OpLoop:
		c.branches += weightLoop
	case bytecode.OpBrTable:
		c.branches += weightBranch + shared(i.Labels)/labelsShared
	case bytecode.OpMemoryFill:
		c.branches += weightFill
	case bytecode.OpMemoryInit, bytecode.OpMemoryCopy, bytecode.OpMemoryGrow,
		bytecode.OpTableInit, bytecode.OpTableCopy, bytecode.OpTableGrow, bytecode.OpTableFill:
		c.branches += weightBulk
	case bytecode.OpCall, bytecode.OpCallIndirect:
		c.calls++
	default:
		if op.Guarded() {
			c.guards++
		}
	}
}

// shared is how many of the labels are among them already.
func shared(labels []uint32) int {
	if len(labels) < labelsShared {
		return 0
	}
	different := map[uint32]bool{}
	for _, label := range labels {
		different[label] = true
	}
	return len(labels) - len(different)
}
