package lower

import (
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// shortcode lowers ^name(…); a broken one is its error text (L-SC-5).
func (l *lowerer) shortcode(n *syntax.Node) ir.Op {
	sc := n.Shortcode
	if sc.Problem != "" {
		return ir.Op{Kind: ir.EmitProblem, Text: sc.Problem}
	}
	op := ir.Op{Kind: ir.EmitCall, Text: n.Name}
	for i, a := range sc.Args {
		if n.Name == "reminder" && i == 1 {
			op.Args = append(op.Args, l.content(a))
			continue
		}
		piece := ir.Piece{Func: l.argument(a)}
		op.Args = append(op.Args, ir.Arg{Data: isTag(a) && !isReminder(n.Name), Pieces: []ir.Piece{piece}})
	}
	if sc.JSON != nil {
		op.Args = append(op.Args, ir.Arg{JSON: true, Pieces: l.json(sc.JSON)})
	}
	return op
}

// isTag tells whether an argument consists of one tag that inserts a value and is
// not quoted: such a value may be a list or an object (L-SC-3).
func isTag(t *syntax.Template) bool {
	if len(t.Nodes) != 1 {
		return false
	}
	switch t.Nodes[0].Kind {
	case syntax.GetNode, syntax.StarNode, syntax.BotStarNode, syntax.InputNode, syntax.ReplyNode,
		syntax.DataNode, syntax.CallNode:
		return !strings.HasPrefix(t.Span.Text(), `"`) && !strings.HasPrefix(t.Span.Text(), "'") &&
			!strings.HasPrefix(t.Span.Text(), "“")
	}
	return false
}

func (l *lowerer) json(pieces []syntax.JSONPiece) []ir.Piece {
	out := make([]ir.Piece, len(pieces))
	for i, p := range pieces {
		out[i] = ir.Piece{Text: p.Text, Func: ir.None}
		if p.Template != nil {
			out[i] = ir.Piece{Func: l.argument(p.Template), InString: p.InString}
		}
	}
	return out
}
