package match

import (
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
)

// arrange numbers the nodes that can be reached in the order of a walk from
// start, which becomes node 0, and joins literals that stand in a row.
func arrange(nodes []ir.Node, start int) []ir.Node {
	ways := make([]int, len(nodes))
	count(nodes, start, ways)
	a := arranger{nodes: nodes, ways: ways, number: make([]int, len(nodes))}
	for i := range a.number {
		a.number[i] = ir.None
	}
	a.out = make([]ir.Node, 0, len(nodes))
	a.place(start)
	return a.out
}

// count counts the ways that lead to each node that can be reached.
func count(nodes []ir.Node, start int, ways []int) {
	todo := []int{start}
	ways[start]++
	for len(todo) > 0 {
		n := &nodes[todo[len(todo)-1]]
		todo = todo[:len(todo)-1]
		for _, to := range successors(n) {
			if ways[to] == 0 {
				todo = append(todo, to)
			}
			ways[to]++
		}
	}
}

func successors(n *ir.Node) []int {
	switch n.Op {
	case ir.Accept, ir.Fail:
		return nil
	case ir.Split:
		return n.Alts
	}
	return []int{n.Next}
}

type arranger struct {
	nodes  []ir.Node
	ways   []int
	number []int // of each node in out
	out    []ir.Node
}

// place gives a node and all behind it their numbers.
func (a *arranger) place(start int) {
	type link struct{ from, alt, to int } // node from of out leads to node to; alt is the place in Alts, or ir.None
	todo := []link{{from: ir.None, to: start}}
	for len(todo) > 0 {
		l := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		fresh := a.number[l.to] == ir.None
		if fresh {
			a.number[l.to] = len(a.out)
			a.out = append(a.out, a.joined(l.to))
		}
		number := a.number[l.to]
		switch {
		case l.from == ir.None:
		case l.alt == ir.None:
			a.out[l.from].Next = number
		default:
			a.out[l.from].Alts[l.alt] = number
		}
		if !fresh {
			continue
		}
		n := &a.out[number]
		next := successors(n)
		for i := len(next) - 1; i >= 0; i-- {
			alt := ir.None
			if n.Op == ir.Split {
				alt = i
			}
			todo = append(todo, link{number, alt, next[i]})
		}
		if n.Op == ir.Split {
			n.Alts = make([]int, len(n.Alts))
		}
	}
}

// joined is a copy of a node, with the literals behind it that nothing else leads to.
// Its texts are copies as well: patterns may outlive the document that they stand in.
func (a *arranger) joined(i int) ir.Node {
	n := a.nodes[i]
	if n.Op != ir.Literal {
		n.Name = strings.Clone(n.Name)
		return n
	}
	texts := []string{n.Text}
	for a.nodes[n.Next].Op == ir.Literal && a.ways[n.Next] == 1 {
		n = a.nodes[n.Next]
		texts = append(texts, n.Text)
	}
	if len(texts) == 1 {
		return ir.Node{Op: ir.Literal, Text: strings.Clone(n.Text), Next: n.Next}
	}
	return ir.Node{Op: ir.Literal, Text: strings.Join(texts, ""), Next: n.Next}
}
