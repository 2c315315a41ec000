package lower

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// arrayFuncs are the entries of an array as templates, lowered once.
type arrayFuncs struct {
	funcs []int
	done  bool
}

// array lowers (@name): a random entry (L-TAG-7). A reference that leads back to
// the array it stands in is text, as is one to no array.
func (l *lowerer) array(ops []ir.Op, n *syntax.Node) []ir.Op {
	entries := l.entries(n.Text)
	if entries == nil || !entries.done {
		text := n.Span.Text()
		if text == "" {
			text = "(@" + n.Text + ")"
		}
		return appendText(ops, text)
	}
	if len(entries.funcs) == 0 {
		return ops
	}
	return append(ops, ir.Op{Kind: ir.RandomBlock, F: entries.funcs})
}

func (l *lowerer) entries(name string) *arrayFuncs {
	if known := l.arrays[name]; known != nil {
		return known
	}
	array := l.in.Arrays[name]
	if array == nil {
		return nil
	}
	entries := &arrayFuncs{}
	l.arrays[name] = entries
	file, role, nth, loc := l.file, l.role, l.nth, l.loc
	for i, t := range array.Templates {
		l.at(t.Span, "array "+name+" entry", i+1)
		entries.funcs = append(entries.funcs, l.template(t, ""))
	}
	l.file, l.role, l.nth, l.loc = file, role, nth, loc
	entries.done = true
	return entries
}
