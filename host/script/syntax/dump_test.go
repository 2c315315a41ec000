package syntax_test

import (
	"fmt"
	"strings"

	"github.com/footlight-bots/footlight/host/script/syntax"
)

// The dump writes a tree in few words, so that goldens can be read and checked
// by eye: text is quoted, tags are (kind args), templates are [ ].

var nodeNames = map[syntax.NodeKind]string{
	syntax.StarNode: "star", syntax.BotStarNode: "botstar", syntax.InputNode: "input", syntax.ReplyNode: "reply",
	syntax.IDNode: "id", syntax.ClearNode: "clear", syntax.TopicNode: "topic", syntax.RedirectNode: "redirect",
	syntax.CallNode: "call", syntax.DataNode: "data", syntax.RandomNode: "random", syntax.ArrayNode: "array",
	syntax.RawNode: "raw", syntax.SendNode: "send", syntax.DelayNode: "delay", syntax.NoReplyNode: "noreply",
	syntax.OKNode: "ok", syntax.DirectionNode: "direction", syntax.ShortcodeNode: "shortcode", syntax.GetNode: "get",
	syntax.SetNode: "assign", syntax.MathNode: "math", syntax.FormatNode: "format",
}

func dumpTemplate(t *syntax.Template) string {
	if t == nil {
		return "nil"
	}
	var parts []string
	for i := range t.Nodes {
		parts = append(parts, dumpNode(&t.Nodes[i]))
	}
	return "[" + strings.Join(parts, " ") + "]"
}

func dumpNode(n *syntax.Node) string {
	if n.Kind == syntax.TextNode {
		return fmt.Sprintf("%q", n.Text)
	}
	out := []string{nodeNames[n.Kind]}
	if n.Name != "" && n.Kind != syntax.DelayNode {
		out = append(out, n.Name)
	}
	if n.N != 0 {
		out = append(out, fmt.Sprint(n.N))
	}
	if n.Text != "" {
		out = append(out, fmt.Sprintf("%q", n.Text))
	}
	for _, list := range [][]*syntax.Template{n.Args, n.Blocks} {
		for _, t := range list {
			out = append(out, dumpTemplate(t))
		}
	}
	for _, a := range n.Attributes {
		out = append(out, a.Name+"="+dumpTemplate(a.Value))
	}
	if sc := n.Shortcode; sc != nil && sc.Problem == "" {
		for _, t := range sc.Args {
			out = append(out, dumpTemplate(t))
		}
		out = append(out, dumpJSON(sc.JSON)...)
	}
	return "(" + strings.Join(out, " ") + ")"
}

func dumpJSON(pieces []syntax.JSONPiece) (out []string) {
	for _, p := range pieces {
		switch {
		case p.Template == nil:
			out = append(out, "`"+p.Text+"`")
		case p.InString:
			out = append(out, "in "+dumpTemplate(p.Template))
		default:
			out = append(out, "as "+dumpTemplate(p.Template))
		}
	}
	return out
}

var elementNames = map[syntax.ElementKind]string{
	syntax.Space: "␣", syntax.Star: "*", syntax.Hash: "#", syntax.Underscore: "_", syntax.ArrayRef: "@",
	syntax.BotRef: "bot ", syntax.GetRef: "get ", syntax.InputRef: "input", syntax.ReplyRef: "reply",
}

func dumpElements(list []syntax.Element) string {
	var parts []string
	for _, e := range list {
		switch e.Kind {
		case syntax.Literal:
			parts = append(parts, fmt.Sprintf("%q", e.Text))
		case syntax.Group, syntax.Optional:
			var alternatives []string
			for _, a := range e.Alternatives {
				alternatives = append(alternatives, dumpElements(a))
			}
			in := strings.Join(alternatives, " | ")
			if e.Kind == syntax.Group {
				parts = append(parts, "("+in+")")
			} else {
				parts = append(parts, "["+in+"]")
			}
		case syntax.InputRef, syntax.ReplyRef:
			parts = append(parts, fmt.Sprint(elementNames[e.Kind], e.N))
		default:
			parts = append(parts, elementNames[e.Kind]+e.Text)
		}
	}
	return strings.Join(parts, " ")
}

// dump writes a whole document.
func dump(d *syntax.Document) string {
	var b strings.Builder
	for _, def := range d.Definitions {
		fmt.Fprintf(&b, "! %s %q", def.Type, def.Name)
		if def.Lines == nil {
			fmt.Fprintf(&b, " %q", def.Value)
		}
		for _, l := range def.Lines {
			fmt.Fprintf(&b, " <%s>", l.Value)
		}
		b.WriteString("\n")
	}
	for _, o := range d.Objects {
		fmt.Fprintf(&b, "object %s %s %q\n", o.Name, o.Language, o.Code)
	}
	for _, block := range d.Blocks {
		dumpBlock(&b, &block)
	}
	for _, t := range d.Broken {
		b.WriteString("broken:\n")
		dumpTrigger(&b, t)
	}
	for _, a := range d.Allows {
		fmt.Fprintf(&b, "allow %v on line %d\n", a.Names, a.Covers.Line())
	}
	return b.String()
}

func dumpBlock(b *strings.Builder, block *syntax.Block) {
	switch {
	case block.Begin:
		b.WriteString("begin:\n")
	case block.Topic != "":
		b.WriteString("topic " + block.Topic)
		for _, r := range block.Includes {
			b.WriteString(" +" + r.Value)
		}
		for _, r := range block.Inherits {
			b.WriteString(" <" + r.Value)
		}
		b.WriteString(":\n")
	case len(block.Triggers) > 0:
		b.WriteString("own:\n")
	}
	for _, t := range block.Triggers {
		dumpTrigger(b, t)
	}
}

func dumpTrigger(b *strings.Builder, t *syntax.Trigger) {
	fmt.Fprintf(b, "+ %q", t.Text)
	if t.Weight != 0 {
		fmt.Fprintf(b, " weight %d", t.Weight)
	}
	if t.NoStrip {
		b.WriteString(" nostrip")
	}
	fmt.Fprintf(b, ": %s\n", dumpElements(t.Pattern.Elements))
	for _, s := range t.Samples {
		fmt.Fprintf(b, "  ? %q\n", s.Value)
	}
	if t.Previous != nil {
		fmt.Fprintf(b, "  %% %q: %s\n", t.PrevText, dumpElements(t.Previous.Elements))
	}
	for _, r := range t.Requests {
		fmt.Fprintf(b, "  $ %s %q %s %s%s\n", r.Method, r.Name, dumpTemplate(r.URL), strings.Join(dumpJSON(r.JSON), " "), r.Problem)
	}
	if t.Alias != nil {
		fmt.Fprintf(b, "  @ %s\n", dumpTemplate(t.Alias))
	}
	for _, c := range t.Conditions {
		fmt.Fprintf(b, "  * %s %s %s => %s\n", dumpTemplate(c.Left), c.Op, dumpTemplate(c.Right), dumpTemplate(c.Reply))
	}
	for _, r := range t.Replies {
		fmt.Fprintf(b, "  - %d %s\n", r.Weight, dumpTemplate(r.Template))
	}
}
