package emit

import "github.com/footlight-bots/footlight/host/compile/ir"

// facts are what every text must have that a pattern can match. They turn most
// triggers away before the matcher is asked.
type facts struct {
	size int    // bytes, at least
	mask uint64 // see maskOf
}

// maskOf is the set of bytes in a text, by their lowest six bits.
func maskOf(text string) uint64 {
	var m uint64
	for i := range len(text) {
		m |= 1 << (text[i] & 63)
	}
	return m
}

// factsOf finds the facts of a pattern.
func factsOf(p *ir.Pattern) facts {
	if p.Bare || len(p.Nodes) == 0 {
		return facts{}
	}
	f := finder{nodes: p.Nodes, known: make([]*facts, len(p.Nodes)), busy: make([]bool, len(p.Nodes))}
	return f.from(0)
}

// finder computes the facts of what matching still needs from a node on.
type finder struct {
	nodes []ir.Node
	known []*facts
	busy  []bool
}

func (f *finder) from(i int) facts {
	if f.known[i] != nil {
		return *f.known[i]
	}
	if f.busy[i] { // a loop can be left at once: nothing is sure
		return facts{}
	}
	f.busy[i] = true
	result := f.compute(&f.nodes[i])
	f.busy[i] = false
	f.known[i] = &result
	return result
}

func (f *finder) compute(n *ir.Node) facts {
	switch n.Op {
	case ir.Accept, ir.Fail:
		return facts{}
	case ir.Split:
		return f.common(n.Alts)
	}
	rest := f.from(n.Next)
	switch n.Op {
	case ir.Literal:
		rest.size += len(n.Text)
		rest.mask |= maskOf(n.Text)
	case ir.AnyRun, ir.DigitRun, ir.WordRun:
		rest.size++
	}
	return rest
}

// common is what all alternatives need.
func (f *finder) common(alts []int) facts {
	if len(alts) == 0 {
		return facts{}
	}
	result := f.from(alts[0])
	for _, alt := range alts[1:] {
		other := f.from(alt)
		result.size = min(result.size, other.size)
		result.mask &= other.mask
	}
	return result
}
