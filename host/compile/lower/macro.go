package lower

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// macro lowers <call>; one without a name calls nothing (L-JS-2).
func (l *lowerer) macro(n *syntax.Node) ir.Op {
	if len(n.Args) == 0 {
		return ir.Op{Kind: ir.EmitProblem, Text: l.out.Errors.NoObject}
	}
	return ir.Op{Kind: ir.CallMacro, F: l.arguments(n.Args)}
}

// objects describes the macros.
func (l *lowerer) objects() []ir.Object {
	var list []ir.Object
	for _, o := range l.in.Objects {
		list = append(list, ir.Object{Name: o.Name, Language: o.Language, Code: o.Code, Loc: l.place(o.Span)})
	}
	return list
}
