package lower

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// add makes a Func of the line that is being lowered.
func (l *lowerer) add(suffix string, ops []ir.Op) int {
	l.out.Funcs = append(l.out.Funcs, ir.Func{Name: l.label() + suffix, Loc: l.loc, Ops: ops})
	return len(l.out.Funcs) - 1
}

// template lowers a template to a Func.
func (l *lowerer) template(t *syntax.Template, suffix string) int {
	return l.add(suffix, l.nodes(nil, t, whole))
}

// pass says which part of a reply is lowered.
type pass uint8

const (
	whole  pass = iota // everything
	second             // what is left of a begin reply after its first pass
)

// nodes appends the steps of a template.
func (l *lowerer) nodes(ops []ir.Op, t *syntax.Template, p pass) []ir.Op {
	if t == nil {
		return ops
	}
	for i := range t.Nodes {
		ops = l.node(ops, &t.Nodes[i], p)
	}
	return ops
}

// appendText appends a text, to the one before it if there is one.
func appendText(ops []ir.Op, text string) []ir.Op {
	if text == "" {
		return ops
	}
	if n := len(ops); n > 0 && ops[n-1].Kind == ir.EmitText {
		ops[n-1].Text += text
		return ops
	}
	return append(ops, ir.Op{Kind: ir.EmitText, Text: text})
}

// numbered are the nodes that become one step with a number.
var numbered = map[syntax.NodeKind]ir.OpKind{
	syntax.StarNode: ir.EmitStar, syntax.BotStarNode: ir.EmitBotStar,
	syntax.InputNode: ir.EmitInput, syntax.ReplyNode: ir.EmitReply,
	syntax.IDNode: ir.EmitID, syntax.SendNode: ir.EmitSend, syntax.NoReplyNode: ir.EmitNoReply,
}

// node appends the steps of one node.
func (l *lowerer) node(ops []ir.Op, n *syntax.Node, p pass) []ir.Op {
	if op, ok := l.called(n); ok {
		if p == second && early(n) {
			return ops
		}
		return append(ops, op)
	}
	if kind, ok := numbered[n.Kind]; ok {
		return append(ops, ir.Op{Kind: kind, N: n.N})
	}
	switch n.Kind {
	case syntax.TextNode, syntax.RawNode:
		return appendText(ops, n.Text)
	case syntax.GetNode:
		return append(ops, ir.Op{Kind: ir.EmitVar, Scope: scope(n.Name), F: l.arguments(n.Args)})
	case syntax.SetNode, syntax.ClearNode, syntax.TopicNode:
		if p == second && early(n) {
			return ops
		}
		return append(ops, l.change(n))
	case syntax.MathNode:
		return append(ops, ir.Op{Kind: ir.Math, N: int(mathOps[n.Name]), F: l.arguments(n.Args)})
	case syntax.RedirectNode:
		return append(ops, ir.Op{Kind: ir.Redirect, F: l.arguments(n.Args)})
	case syntax.CallNode:
		return append(ops, l.macro(n))
	case syntax.RandomNode:
		return l.random(ops, n, p)
	case syntax.ArrayNode:
		return l.array(ops, n)
	case syntax.FormatNode:
		inner := l.add(" in {"+n.Name+"}", l.nodes(nil, block(n), p))
		return append(ops, ir.Op{Kind: ir.FormatBlock, Format: formats[n.Name], F: []int{inner}})
	case syntax.DelayNode:
		return append(ops, l.delay(n))
	case syntax.OKNode:
		return append(ops, ir.Op{Kind: ir.EmitOK})
	case syntax.DirectionNode:
		return append(ops, l.direction(n))
	case syntax.DataNode:
		return append(ops, ir.Op{Kind: ir.EmitData, Text: n.Text})
	case syntax.ShortcodeNode:
		return append(ops, l.shortcode(n))
	}
	return ops
}

// block is the content of a block, or nil.
func block(n *syntax.Node) *syntax.Template {
	if len(n.Blocks) == 0 {
		return nil
	}
	return n.Blocks[0]
}

// arguments lowers templates in argument position.
func (l *lowerer) arguments(args []*syntax.Template) []int {
	funcs := make([]int, len(args))
	for i, a := range args {
		funcs[i] = l.argument(a)
	}
	return funcs
}

// argument lowers one. Constant ones, such as most names, are shared by the whole program.
func (l *lowerer) argument(t *syntax.Template) int {
	ops := l.nodes(nil, t, whole)
	switch {
	case len(ops) == 0:
		return l.constant("")
	case len(ops) == 1 && ops[0].Kind == ir.EmitText:
		return l.constant(ops[0].Text)
	}
	return l.add(" argument", ops)
}

// constant is the Func of a text.
func (l *lowerer) constant(text string) int {
	if n, known := l.constants[text]; known {
		return n
	}
	f := ir.Func{Name: "constant"}
	if text != "" {
		f.Ops = []ir.Op{{Kind: ir.EmitText, Text: text}}
	}
	n := len(l.out.Funcs)
	l.out.Funcs = append(l.out.Funcs, f)
	l.constants[text] = n
	return n
}

func scope(name string) uint8 {
	switch name {
	case "bot":
		return uint8(world.Bot)
	case "env":
		return uint8(world.Env)
	}
	return uint8(world.User)
}

var mathOps = map[string]world.MathOp{"add": world.Add, "sub": world.Sub, "mult": world.Mult, "div": world.Div}

var formats = map[string]reply.Format{
	"formal": reply.Formal, "sentence": reply.Sentence, "uppercase": reply.Uppercase,
	"lowercase": reply.Lowercase, "person": reply.Person,
}

// change lowers what sets or clears a variable or switches the topic.
func (l *lowerer) change(n *syntax.Node) ir.Op {
	op := ir.Op{Kind: ir.SetVar, Scope: scope(n.Name)}
	switch n.Kind {
	case syntax.ClearNode:
		op.Kind = ir.ClearVar
	case syntax.TopicNode:
		op.Kind = ir.SwitchTopic
	}
	op.F = l.arguments(n.Args)
	return op
}

// random lowers {random}: a choice among its alternatives. In a begin reply the
// first pass has made it.
func (l *lowerer) random(ops []ir.Op, n *syntax.Node, p pass) []ir.Op {
	switch len(n.Blocks) {
	case 0:
		return ops
	case 1:
		return l.nodes(ops, n.Blocks[0], p)
	}
	op := ir.Op{Kind: ir.RandomBlock}
	if p == second {
		op.Kind, op.N = ir.ChosenBlock, l.choices[n]
	}
	for _, b := range n.Blocks {
		op.F = append(op.F, l.add(" in {random}", l.nodes(nil, b, p)))
	}
	return append(ops, op)
}

// delay lowers <delay>.
func (l *lowerer) delay(n *syntax.Node) ir.Op {
	op := ir.Op{Kind: ir.EmitDelay}
	for i := range n.Attributes {
		a := &n.Attributes[i]
		switch {
		case a.Name == "nocancel" || a.Name == "nodelay":
			op.Flag = true
		case a.Name == "seconds" && a.Value != nil:
			if text, literal := a.Value.Literal(); literal {
				op.N, op.F = world.Millis(text), nil
			} else {
				op.F = []int{l.argument(a.Value)}
			}
		}
	}
	return op
}
