package index

import "github.com/footlight-bots/footlight/host/compile/ir"

// joins finds for each node the nearest one behind it through which all its ways to
// the end go (its immediate postdominator), or ir.None.
func joins(p *ir.Pattern) []int {
	j := joiner{join: make([]int, len(p.Nodes)), depth: make([]int, len(p.Nodes))}
	for i := range j.join {
		j.join[i] = ir.None
	}
	for _, i := range behindFirst(p) {
		switch n := &p.Nodes[i]; n.Op {
		case ir.Accept:
			j.depth[i] = 1
		case ir.Fail:
		case ir.Split:
			at := ir.None
			for _, alt := range n.Alts {
				at = j.common(at, alt)
			}
			j.put(i, at)
		default:
			if j.depth[n.Next] > 0 {
				j.put(i, n.Next)
			}
		}
	}
	return j.join
}

// behindFirst lists the nodes so that what comes behind a node precedes it. A
// pattern has no circles: a wildcard's is inside of its node.
func behindFirst(p *ir.Pattern) []int {
	var order []int
	seen := make([]bool, len(p.Nodes))
	type visit struct{ node, next int }
	todo := []visit{{0, 0}}
	seen[0] = true
	for len(todo) > 0 {
		v := &todo[len(todo)-1]
		n := &p.Nodes[v.node]
		var ways []int
		switch n.Op {
		case ir.Accept, ir.Fail:
		case ir.Split:
			ways = n.Alts
		default:
			ways = []int{n.Next}
		}
		if v.next == len(ways) {
			order = append(order, v.node)
			todo = todo[:len(todo)-1]
			continue
		}
		next := ways[v.next]
		v.next++
		if !seen[next] {
			seen[next] = true
			todo = append(todo, visit{next, 0})
		}
	}
	return order
}

// joiner is a tree in which each node hangs below its join.
type joiner struct{ join, depth []int } // depth 0: no way to the end

func (j *joiner) put(i, at int) {
	if at != ir.None {
		j.join[i], j.depth[i] = at, j.depth[at]+1
	}
}

// common is the nearest node that lies above both; one without a way to the end
// does not count.
func (j *joiner) common(a, b int) int {
	switch {
	case j.depth[b] == 0:
		return a
	case a == ir.None:
		return b
	}
	for a != b {
		if j.depth[a] < j.depth[b] {
			a, b = b, a
		}
		a = j.join[a]
	}
	return a
}
