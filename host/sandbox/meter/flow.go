package meter

import "github.com/footlight-bots/footlight/host/sandbox/bytecode"

// Limits of what runs between two checks, in bytes of code.
const (
	// stretch is how many there are at most; a unit of fuel is that much work or less.
	stretch = 256
	// maxInstruction is what one instruction counts at most: a table of branches takes no
	// longer because it is long.
	maxInstruction = 16
	// slow is what an instruction counts that takes as long as a dozen others: a division
	// or a root.
	slow = 32
)

// flow knows how many bytes of code may have run since the last check, on whichever way
// the instruction at hand was reached.
type flow struct {
	since  int
	blocks []blockFlow
}

// blockFlow is an open block; the first one is the function.
type blockFlow struct {
	loop  bool
	begin int // since, where an if begins: what its second arm starts with, or who has none passes on
	end   int // since, of those who come to its end: by a branch, or through the first arm of an if
}

func (f *flow) begin() { f.blocks = append(f.blocks, blockFlow{}) }

// due tells whether a check has to stand before an instruction.
func (f *flow) due(i bytecode.Instr) bool {
	if f.since+cost(i) <= stretch {
		return false
	}
	f.since = 0
	return true
}

func cost(i bytecode.Instr) int {
	if i.Op.Slow() {
		return slow
	}
	return min(len(i.Raw), maxInstruction)
}

// pass goes over an instruction. It tells whether a check has to stand behind it, which
// is so where a loop begins again.
func (f *flow) pass(i bytecode.Instr) (check bool) {
	f.since += cost(i)
	inner := &f.blocks[len(f.blocks)-1]
	switch i.Op {
	case bytecode.OpBlock:
		f.blocks = append(f.blocks, blockFlow{})
	case bytecode.OpIf:
		f.blocks = append(f.blocks, blockFlow{begin: f.since})
	case bytecode.OpLoop:
		f.blocks = append(f.blocks, blockFlow{loop: true})
		f.since = 0
		return true
	case bytecode.OpElse:
		inner.end = max(inner.end, f.since)
		f.since, inner.begin = inner.begin, 0
	case bytecode.OpEnd:
		f.since = max(f.since, inner.end, inner.begin)
		f.blocks = f.blocks[:len(f.blocks)-1]
	case bytecode.OpBr:
		f.branch(i.Index)
		f.since = 0 // nobody comes by this way
	case bytecode.OpBrIf:
		f.branch(i.Index)
	case bytecode.OpBrTable:
		for _, label := range i.Labels {
			f.branch(label)
		}
		f.since = 0
	case bytecode.OpReturn, bytecode.OpUnreachable:
		f.since = 0
	}
	return false
}

// branch goes to the end of a block, or to the begin of a loop, where a check stands.
func (f *flow) branch(label uint32) {
	if b := &f.blocks[len(f.blocks)-1-int(label)]; !b.loop {
		b.end = max(b.end, f.since)
	}
}
