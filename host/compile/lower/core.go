package lower

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// called lowers a direction of the language to a call of the plug-in that defines it,
// if the bot is built that way. Tags that no plug-in can answer, because they read what
// only the turn knows, are compiled all the same.
func (l *lowerer) called(n *syntax.Node) (ir.Op, bool) {
	if !l.in.Called {
		return ir.Op{}, false
	}
	switch n.Kind {
	case syntax.SendNode:
		return l.core("send"), true
	case syntax.NoReplyNode:
		return l.core("noreply"), true
	case syntax.IDNode:
		return l.core("id"), true
	case syntax.DelayNode:
		return l.coreDelay(n), true
	case syntax.GetNode, syntax.SetNode, syntax.ClearNode:
		if scope(n.Name) != uint8(world.User) {
			return ir.Op{}, false
		}
		name := "set"
		if n.Kind == syntax.GetNode {
			name = "get"
		}
		return l.core(name, l.arguments(n.Args)...), true
	case syntax.MathNode:
		return l.core(n.Name, l.arguments(n.Args)...), true
	}
	return ir.Op{}, false
}

// coreNames are the attributes of the directions that have arguments.
var coreNames = []string{"name", "value"}

func (l *lowerer) core(name string, args ...int) ir.Op {
	return ir.Op{Kind: ir.CallDirection, Text: world.Core + ":" + name, Names: coreNames[:len(args)], F: args}
}

// coreDelay is <delay>. Its seconds are handed on as they are written.
func (l *lowerer) coreDelay(n *syntax.Node) ir.Op {
	op := ir.Op{Kind: ir.CallDirection, Text: world.Core + ":delay", Names: []string{"seconds"}, F: []int{l.constant("0")}}
	keep := false
	for i := range n.Attributes {
		a := &n.Attributes[i]
		switch {
		case a.Name == "nocancel" || a.Name == "nodelay":
			keep = true
		case a.Name == "seconds" && a.Value != nil: // the last one counts
			op.F[0] = l.argument(a.Value)
		}
	}
	if keep {
		op.Names, op.F = append(op.Names, "nocancel"), append(op.F, l.constant("true"))
	}
	return op
}
