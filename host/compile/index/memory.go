package index

import (
	"runtime"
	"sync"

	"github.com/footlight-bots/footlight/host/compile/ir"
)

// Memory keeps the outlines of the patterns of the last program, and how large its index
// was. Outlines are of use to the next program if that has its patterns from the same
// lower.Memory: patterns with the same nodes are the same. The zero Memory is empty. It
// holds no more than the last program has, and must not be used by two builds at once.
type Memory struct {
	sizes    sizes                  // of the last index
	outlines map[*ir.Node][]outline // by the first node of the pattern
}

// outline lists the outlines of all patterns of a program. None of them depends on
// another, so each processor draws a stretch of them.
func (m *Memory) outline(p *ir.Program) [][]outline {
	list := make([][]outline, len(p.Patterns))
	shares := runtime.GOMAXPROCS(0)
	var drawing sync.WaitGroup
	for i := range shares {
		from, to := len(list)*i/shares, len(list)*(i+1)/shares
		drawing.Go(func() {
			for n := from; n < to; n++ {
				if list[n] = m.outlines[firstNode(p, n)]; list[n] == nil {
					list[n] = outlines(&p.Patterns[n])
				}
			}
		})
	}
	drawing.Wait()
	m.outlines = make(map[*ir.Node][]outline, len(list))
	for n := range list {
		m.outlines[firstNode(p, n)] = list[n]
	}
	return list
}

func firstNode(p *ir.Program, pattern int) *ir.Node { return &p.Patterns[pattern].Nodes[0] }
