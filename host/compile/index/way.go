package index

import "github.com/footlight-bots/footlight/host/compile/ir"

// itemKind is what an item of a way stands for.
type itemKind uint8

const (
	itemText  itemKind = iota // this text
	itemSet                   // one of these texts
	itemGap                   // a border, and a blank if there is one
	itemRun                   // a wildcard
	itemStar                  // [*]: borders, and any text between them
	itemVague                 // anything, even parts of a unit
)

// item is a stretch of a way through a pattern.
type item struct {
	kind  itemKind
	text  string
	texts []string
	run   ir.NodeOp
}

// vague tells whether what touches the item may be a part of a larger unit.
func (it *item) vague() bool { return it.kind == itemRun || it.kind == itemVague }

func (it *item) begins(c byte) bool { return it.kind == itemText && it.text != "" && it.text[0] == c }

func (it *item) ends(c byte) bool {
	return it.kind == itemText && it.text != "" && it.text[len(it.text)-1] == c
}

// wayfinder lists the ways through a pattern.
type wayfinder struct {
	p    *ir.Pattern
	ways int // that are begun
	out  [][]item
	// values tells whether a value stands in the pattern: what it is only the pattern knows.
	values bool
	join   []int // see joins
}

// walk follows the ways from node i on, behind the items so far.
func (w *wayfinder) walk(i int, items []item) {
	for {
		n := &w.p.Nodes[i]
		switch n.Op {
		case ir.Accept:
			w.out = append(w.out, items)
			return
		case ir.Fail:
			return
		case ir.Literal:
			items = addText(items, n.Text)
		case ir.Gap:
			items = append(items, item{kind: itemGap})
		case ir.AnyRun, ir.DigitRun, ir.WordRun:
			items = append(items, item{kind: itemRun, run: n.Op})
		case ir.Dynamic:
			w.values = true
			items = append(items, item{kind: itemVague})
		case ir.Empty: // what stands before and behind it touches
			w.values = true
		case ir.Split:
			next, done := w.split(i, &items)
			if done {
				return
			}
			i = next
			continue
		}
		i = n.Next
	}
}

// addText appends a text; what belongs to one text stays one item.
func addText(items []item, text string) []item {
	if n := len(items); n > 0 && items[n-1].kind == itemText {
		return append(items[:n-1:n-1], item{kind: itemText, text: items[n-1].text + text})
	}
	return append(items, item{kind: itemText, text: text})
}

// split goes on at a choice: it adds an item for all of it, or walks each way and
// is done.
func (w *wayfinder) split(i int, items *[]item) (next int, done bool) {
	alts := w.p.Nodes[i].Alts
	if after, ok := w.anyOptional(alts); ok {
		*items = append(*items, item{kind: itemStar})
		return after, false
	}
	if texts, after, ok := w.literals(alts); ok {
		*items = append(*items, item{kind: itemSet, texts: texts})
		return after, false
	}
	if texts, after, ok := w.optional(alts); ok && w.ways < maxWays {
		w.ways++
		with := append((*items)[:len(*items):len(*items)], item{kind: itemGap}, item{kind: itemSet, texts: texts}, item{kind: itemGap})
		w.walk(after, with)
		*items = append(*items, item{kind: itemGap})
		return after, false
	}
	if w.ways+len(alts)-1 <= maxWays {
		w.ways += len(alts) - 1
		for _, alt := range alts {
			w.walk(alt, (*items)[:len(*items):len(*items)])
		}
		return 0, true
	}
	after := w.joinOf(i)
	if after == ir.None {
		return 0, true
	}
	*items = append(*items, item{kind: itemVague})
	return after, false
}

// anyOptional recognises [*].
func (w *wayfinder) anyOptional(alts []int) (after int, ok bool) {
	if len(alts) != 2 {
		return 0, false
	}
	with, without := &w.p.Nodes[alts[0]], &w.p.Nodes[alts[1]]
	if with.Op != ir.Gap || without.Op != ir.Gap {
		return 0, false
	}
	run := &w.p.Nodes[with.Next]
	if run.Op != ir.AnyRun {
		return 0, false
	}
	end := &w.p.Nodes[run.Next]
	return without.Next, end.Op == ir.Gap && end.Next == without.Next
}

// literals recognises a choice among texts.
func (w *wayfinder) literals(alts []int) (texts []string, after int, ok bool) {
	for i, alt := range alts {
		n := &w.p.Nodes[alt]
		if n.Op != ir.Literal || i > 0 && n.Next != after {
			return nil, 0, false
		}
		after = n.Next
		texts = append(texts, n.Text)
	}
	return texts, after, len(alts) > 0
}

// optional recognises [a|b|c] of texts.
func (w *wayfinder) optional(alts []int) (texts []string, after int, ok bool) {
	last := len(alts) - 1
	without := &w.p.Nodes[alts[last]]
	if without.Op != ir.Gap {
		return nil, 0, false
	}
	for _, alt := range alts[:last] {
		begin := &w.p.Nodes[alt]
		if begin.Op != ir.Gap {
			return nil, 0, false
		}
		text := &w.p.Nodes[begin.Next]
		if text.Op != ir.Literal {
			return nil, 0, false
		}
		end := &w.p.Nodes[text.Next]
		if end.Op != ir.Gap || end.Next != without.Next {
			return nil, 0, false
		}
		texts = append(texts, text.Text)
	}
	return texts, without.Next, last > 0
}

// joinOf is the first node that all ways from node i on have in common, or ir.None
// if none of them leads to the end.
func (w *wayfinder) joinOf(i int) int {
	if w.join == nil {
		w.join = joins(w.p)
	}
	return w.join[i]
}
