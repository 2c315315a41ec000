package lower

import (
	"encoding/json"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// isReminder tells the shortcodes whose arguments are never data (L-SC-3): a
// name, a time, and a content whose inert text nobody may take for script.
func isReminder(name string) bool { return name == "reminder" || name == "reminderCancel" }

// content lowers what a reminder will say (L-REM-3). Without <raw> it is a text
// like any other. With <raw> it is a JSON list of texts, evaluated now, and of
// scripts, which are also lowered here: as one template with a gap for each text.
func (l *lowerer) content(t *syntax.Template) ir.Arg {
	var (
		arg   = ir.Arg{JSON: true}
		held  reply.Content
		later []ir.Op
		now   syntax.Template // nodes of the text in the making
		comma = "["
	)
	flush := func() {
		if len(now.Nodes) == 0 {
			return
		}
		held = append(held, reply.Held{})
		later = append(later, ir.Op{Kind: ir.EmitHeld, N: len(held.Texts())})
		now.Span = t.Span
		arg.Pieces = append(arg.Pieces, literal(comma+`"`), ir.Piece{Func: l.argument(&now), InString: true}, literal(`"`))
		now, comma = syntax.Template{}, ","
	}
	for i := range t.Nodes {
		n := &t.Nodes[i]
		if n.Kind != syntax.RawNode || len(n.Blocks) == 0 {
			now.Nodes = append(now.Nodes, *n)
			continue
		}
		if n.Text == "" {
			continue
		}
		flush()
		script := reply.Held{Script: n.Text}
		held = append(held, script)
		later = l.nodes(later, n.Blocks[0], whole)
		arg.Pieces = append(arg.Pieces, literal(comma+string(must(json.Marshal(script)))))
		comma = ","
	}
	flush()
	if held.Key() == "" {
		return ir.Arg{Pieces: []ir.Piece{{Func: l.argument(t)}}}
	}
	arg.Pieces = append(arg.Pieces, literal("]"))
	l.later(held.Key(), later)
	return arg
}

// later notes a deferred script. Equal ones are one.
func (l *lowerer) later(key string, ops []ir.Op) {
	for _, known := range l.out.Meta.Deferred {
		if known == key {
			return
		}
	}
	l.out.Meta.Deferred = append(l.out.Meta.Deferred, key)
	l.out.Deferred = append(l.out.Deferred, l.add(" when it comes due", ops))
}

func literal(text string) ir.Piece { return ir.Piece{Text: text, Func: ir.None} }

// must is for values that always have an encoding.
func must(data []byte, err error) []byte {
	if err != nil {
		panic("unreachable: a text is always JSON")
	}
	return data
}
