package lower

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// early tells the tags of a begin reply that run before the message is answered
// (L-BEGIN-3).
func early(n *syntax.Node) bool {
	switch n.Kind {
	case syntax.TopicNode, syntax.ClearNode:
		return true
	case syntax.SetNode:
		return scope(n.Name) == uint8(world.User)
	}
	return false
}

// first lowers the first pass over a begin reply: its choices, its sets and
// topics, and a note if the message is to be answered. Choices among array entries
// are left to the second pass: what is in them does not stand in the reply.
func (l *lowerer) first(t *syntax.Template) (ops []ir.Op) {
	if t == nil {
		return nil
	}
	for i := range t.Nodes {
		n := &t.Nodes[i]
		switch {
		case n.Kind == syntax.TopicNode:
			ops = append(ops, l.switchNow(n))
		case early(n):
			op, ok := l.called(n)
			if !ok {
				op = l.change(n)
			}
			ops = append(ops, op)
		case n.Kind == syntax.FormatNode:
			ops = append(ops, l.first(block(n))...)
		case n.Kind == syntax.RandomNode && len(n.Blocks) == 1:
			ops = append(ops, l.first(n.Blocks[0])...)
		case n.Kind == syntax.RandomNode && len(n.Blocks) > 1:
			ops = append(ops, l.chosen(n))
		case wantsOK(n):
			ops = append(ops, ir.Op{Kind: ir.NoteOK})
		}
	}
	return ops
}

// switchNow lowers a {topic=…} that takes effect at once, between the sets beside it.
func (l *lowerer) switchNow(n *syntax.Node) ir.Op {
	f := append([]int{l.constant("topic")}, l.arguments(n.Args)...)
	return ir.Op{Kind: ir.SetVar, Scope: uint8(world.User), F: f}
}

// chosen lowers a {random} whose choice the second pass will take again.
func (l *lowerer) chosen(n *syntax.Node) ir.Op {
	number := l.out.Choices
	l.choices[n] = number
	l.out.Choices++
	op := ir.Op{Kind: ir.ChooseBlock, N: number}
	for _, b := range n.Blocks {
		op.F = append(op.F, l.add(" before in {random}", l.first(b)))
	}
	return op
}

// wantsOK tells whether a node holds an {ok}, in its arguments too.
func wantsOK(n *syntax.Node) bool {
	if n.Kind == syntax.OKNode {
		return true
	}
	for _, list := range [][]*syntax.Template{n.Args, n.Blocks, {n.Plain}} {
		for _, t := range list {
			if holdsOK(t) {
				return true
			}
		}
	}
	for i := range n.Attributes {
		if holdsOK(n.Attributes[i].Value) {
			return true
		}
	}
	if n.Shortcode == nil {
		return false
	}
	for _, t := range n.Shortcode.Args {
		if holdsOK(t) {
			return true
		}
	}
	for _, p := range n.Shortcode.JSON {
		if holdsOK(p.Template) {
			return true
		}
	}
	return false
}

func holdsOK(t *syntax.Template) bool {
	if t == nil {
		return false
	}
	for i := range t.Nodes {
		if wantsOK(&t.Nodes[i]) {
			return true
		}
	}
	return false
}

// second lowers what the first pass has left.
func (l *lowerer) second(t *syntax.Template) int { return l.add("", l.nodes(nil, t, second)) }
