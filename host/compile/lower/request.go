package lower

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// requests lowers the $ lines of a trigger. What stands below a broken one is
// never sent (L-HTTP-8) and left out.
func (l *lowerer) requests(list []syntax.Request) []ir.Request {
	var out []ir.Request
	before := false // the request before stands for itself
	for i := range list {
		r := &list[i]
		l.at(r.Span, "request", i+1)
		if r.Problem != "" {
			return append(out, ir.Request{Loc: l.loc, URL: ir.None, Problem: r.Problem})
		}
		lowered := ir.Request{Loc: l.loc, Method: r.Method, Name: r.Name, URL: l.argument(r.URL)}
		if r.JSON != nil {
			lowered.Options = &ir.Arg{JSON: true, Pieces: l.json(r.JSON)}
		}
		alone := l.standsAlone(&lowered)
		lowered.Joins = before && alone
		before = alone
		out = append(out, lowered)
	}
	return out
}

// standsAlone tells whether a request neither looks at what happened before it nor
// changes what comes after it (L-HTTP-3).
func (l *lowerer) standsAlone(r *ir.Request) bool {
	if !l.still(r.URL) {
		return false
	}
	if r.Options != nil {
		for _, p := range r.Options.Pieces {
			if p.Func != ir.None && !l.still(p.Func) {
				return false
			}
		}
	}
	return true
}

// still tells whether a template only reads, and nothing of the answers.
func (l *lowerer) still(fn int) bool {
	for i := range l.out.Funcs[fn].Ops {
		op := &l.out.Funcs[fn].Ops[i]
		switch op.Kind {
		case ir.EmitData, ir.CallMacro, ir.CallDirection, ir.SetVar, ir.ClearVar, ir.Math, ir.SwitchTopic, ir.Redirect:
			return false
		}
		for _, inner := range op.F {
			if !l.still(inner) {
				return false
			}
		}
		for _, arg := range op.Args {
			for _, p := range arg.Pieces {
				if p.Func != ir.None && !l.still(p.Func) {
					return false
				}
			}
		}
	}
	return true
}

// direction lowers a direction of a plug-in (L-EXT-4).
func (l *lowerer) direction(n *syntax.Node) ir.Op {
	op := ir.Op{Kind: ir.CallDirection, Text: n.Name}
	for i := range n.Attributes {
		a := &n.Attributes[i]
		value := l.constant("true") // a flag (L-DIR-2)
		if a.Value != nil {
			value = l.argument(a.Value)
		}
		op.Names = append(op.Names, a.Name)
		op.F = append(op.F, value)
	}
	if len(n.Blocks) > 0 {
		op.F = append(op.F, l.argument(n.Blocks[0]))
	}
	return op
}
