package graph

import "github.com/footlight-bots/footlight/host/compile/ir"

// What a node has to know of those behind it, and of those that lead to it.

// endsAfter tells whether from node i on only captures close and the text ends:
// a wildcard in front of it can only take all that is left.
func endsAfter(p *ir.Pattern, i int) bool {
	for range p.Nodes {
		switch p.Nodes[i].Op {
		case ir.Close:
			i = p.Nodes[i].Next
		case ir.Accept:
			return true
		default:
			return false
		}
	}
	return false
}

// StopAtBorder is the stop of a wildcard in front of a gap. No text begins with this byte.
const StopAtBorder = 1

// stopOf tells where a wildcard in front of node i has taken enough for that
// node to begin: at a border, or at the first byte of a literal; 0 is anywhere.
func stopOf(p *ir.Pattern, i int) byte {
	for range p.Nodes {
		n := &p.Nodes[i]
		switch {
		case n.Op == ir.Open || n.Op == ir.Close:
			i = n.Next
		case n.Op == ir.Gap:
			return StopAtBorder
		case n.Op == ir.Literal && n.Text != "" && n.Text[0] > StopAtBorder:
			return n.Text[0]
		default:
			return 0
		}
	}
	return 0
}

// skipStop tells where a [*] in front of node i has skipped enough for that node to
// begin: at the first byte of a literal; 0 is at any border, where it always ends.
func skipStop(p *ir.Pattern, i int) byte {
	if stop := stopOf(p, i); stop != StopAtBorder {
		return stop
	}
	return 0
}

// remembering counts the ways in which each node can be reached at one position.
// Only those with several have to remember where they failed, so that each way is
// gone once (L-TRIG-13).
func remembering(p *ir.Pattern) []int {
	ways := make([]int, len(p.Nodes))
	for i := range p.Nodes {
		n := &p.Nodes[i]
		switch n.Op {
		case ir.Accept, ir.Fail:
		case ir.Split:
			for _, alt := range n.Alts {
				ways[alt]++
			}
		case ir.Gap: // with the blank swallowed, or not
			ways[n.Next] += 2
		default:
			ways[n.Next]++
		}
	}
	return ways
}
