package index

import (
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
)

// An outline is what an index keeps of one way through a pattern: its words in
// their order, and where others may stand between them. The units of every text
// that goes this way meet the outline (see Units).
type outline struct {
	steps []step
	open  bool // any units may follow
	exact bool // in a plain text (see Split) the outline says all that the pattern does
}

// step is one unit of a text.
type step struct {
	gap   bool     // any units may stand before it
	words []string // it is one of these, ascending; nil: all units up to the next blank
}

const (
	// maxWays is how many ways through a pattern are kept apart. What branches more
	// is replaced by "anything", and left to the pattern.
	maxWays = 16
	// maxOutline is how many units of a pattern an outline has; the rest is left to
	// the pattern. It bounds how deep a search can go.
	maxOutline = 64
	// maxAnyUnits is how many wildcards in a row are counted.
	maxAnyUnits = 8
)

// outlines are those of a pattern; never nil, though a pattern may match nothing.
func outlines(p *ir.Pattern) []outline {
	if p.Bare {
		return []outline{{open: true, exact: true}} // it matches the empty message as well
	}
	if out, ok := plain(p); ok {
		return []outline{out}
	}
	w := wayfinder{p: p, ways: 1}
	w.walk(0, nil)
	list := make([]outline, len(w.out))
	for i, way := range w.out {
		list[i] = draw(way)
		list[i].exact = list[i].exact && !w.values
	}
	return list
}

// plain is the outline of a pattern that is units with blanks between them, as most
// are: what draw says of its only way, without drawing it.
func plain(p *ir.Pattern) (out outline, ok bool) {
	first := &p.Nodes[0]
	if first.Op != ir.Literal || p.Nodes[first.Next].Op != ir.Accept {
		return out, false
	}
	units := Units(first.Text)
	if len(units) == 0 || len(units) > maxOutline || strings.Join(units, " ") != first.Text {
		return out, false
	}
	out = outline{steps: make([]step, len(units)), exact: true}
	for i := range units {
		out.steps[i].words = units[i : i+1 : i+1]
	}
	return out, true
}

// draw reads a way. Texts that stand in a row are cut at their blanks; a piece
// that touches something of unknown text is a part of some unit only.
func draw(way []item) outline {
	d := drawing{exact: true}
	for i := 0; i < len(way); {
		switch way[i].kind {
		case itemText, itemSet:
			end := i
			for end < len(way) && (way[end].kind == itemText || way[end].kind == itemSet) {
				end++
			}
			list := pieces(way[i:end])
			d.texts(list, i > 0 && way[i-1].vague(), end < len(way) && way[end].vague())
			d.blanks(list, i > 0 && way[i-1].kind == itemRun, end < len(way) && way[end].kind == itemRun)
			i = end
			continue
		case itemRun:
			d.run(way[i].run, i == 0 || way[i-1].ends(' '), i+1 == len(way) || way[i+1].begins(' '))
		case itemStar:
			d.gap = true
		case itemVague:
			d.anything()
		}
		i++
	}
	return outline{steps: d.steps, open: d.gap, exact: d.exact}
}

// pieces cuts texts and sets at the blanks. An empty piece stands for a blank at
// an end.
func pieces(items []item) [][]item {
	list := [][]item{nil}
	for _, it := range items {
		if it.kind == itemSet {
			list[len(list)-1] = append(list[len(list)-1], it)
			continue
		}
		for i, part := range strings.Split(it.text, " ") {
			if i > 0 {
				list = append(list, nil)
			}
			if part != "" {
				list[len(list)-1] = append(list[len(list)-1], item{kind: itemText, text: part})
			}
		}
	}
	return list
}

// drawing is an outline in the making.
type drawing struct {
	steps []step
	gap   bool
	exact bool
}

// anything lets any units stand here.
func (d *drawing) anything() { d.gap, d.exact = true, false }

// step adds a unit.
func (d *drawing) step(words []string) {
	if len(d.steps) == maxOutline {
		d.anything()
		return
	}
	d.steps = append(d.steps, step{d.gap, words})
	d.gap = false
}

// any adds what stands between two blanks. Among gaps the order does not matter, so it
// comes before them.
func (d *drawing) any() {
	n := len(d.steps)
	count := 0
	for count < n && d.steps[n-1-count].words == nil {
		count++
	}
	if count >= maxAnyUnits {
		d.anything()
		return
	}
	gap := d.gap
	d.gap = false
	d.step(nil)
	d.gap = d.gap || gap
}

// run adds a wildcard. Only one with blanks or ends on both sides surely takes
// whole units.
func (d *drawing) run(op ir.NodeOp, before, after bool) {
	if !before || !after {
		d.anything()
		return
	}
	d.any()
	if op == ir.AnyRun {
		d.gap = true
	} else { // what it consists of only the pattern knows
		d.exact = false
	}
}

// texts adds pieces; the first or last of them may touch unknown text.
func (d *drawing) texts(list [][]item, vagueBefore, vagueAfter bool) {
	for i, piece := range list {
		switch {
		case len(piece) == 0:
		case i == 0 && vagueBefore || i == len(list)-1 && vagueAfter:
			d.anything()
		case len(piece) == 1 && piece[0].kind == itemSet:
			d.set(piece[0].texts)
		default:
			d.text(piece)
		}
	}
}

// blanks doubts the outline if a blank does not surely stand between two units: in
// an outline, there is no blank that could be missing.
func (d *drawing) blanks(list [][]item, runBefore, runAfter bool) {
	for i, piece := range list {
		if len(piece) == 0 && (i > 0 || !runBefore) && (i < len(list)-1 || !runAfter) {
			d.exact = false
		}
	}
}

// text adds the units of texts that touch each other.
func (d *drawing) text(piece []item) {
	var text strings.Builder
	for _, it := range piece {
		if it.kind == itemSet {
			d.anything()
			return
		}
		text.WriteString(it.text)
	}
	units := Units(text.String())
	d.exact = d.exact && len(units) == 1
	for i := range units {
		d.step(units[i : i+1 : i+1])
	}
}

// set adds one of several texts. Of those with several units only the first counts.
func (d *drawing) set(texts []string) {
	words := make([]string, 0, len(texts))
	whole := true
	for _, text := range texts {
		units := Units(text)
		if len(units) == 0 || text[0] == ' ' || text[len(text)-1] == ' ' {
			d.anything()
			return
		}
		whole = whole && len(units) == 1
		words = append(words, units[0])
	}
	slices.Sort(words)
	d.step(slices.Compact(words))
	if !whole {
		d.anything()
	}
}
