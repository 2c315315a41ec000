package reach

import (
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// A word of a text is a run of word characters with borders at both ends.

// runs visits the runs of word characters in a text.
func runs(text string, visit func(start, end int)) {
	before, start := message.BlankGap, -1
	for i, r := range text {
		before = message.ShapeOf(r, before)
		switch {
		case before == message.Word && start < 0:
			start = i
		case before != message.Word && start >= 0:
			visit(start, i)
			start = -1
		}
	}
	if start >= 0 {
		visit(start, len(text))
	}
}

// mandatoryWords lists words that stand, as words, in every text that a pattern
// matches: those of its outermost literals that are not glued to anything.
func mandatoryWords(elements []syntax.Element) []string {
	var words []string
	for i := range elements {
		if elements[i].Kind != syntax.Literal {
			continue
		}
		text := message.Fold(elements[i].Text)
		before, after := border(elements, i, -1), border(elements, i, 1)
		lead := len(text) - len(strings.TrimLeftFunc(text, trailing))
		runs(text, func(start, end int) {
			if (start > lead || before) && (end < len(text) || after) {
				words = append(words, text[start:end])
			}
		})
	}
	return words
}

// trailing tells whether a character takes its shape from the one before it.
func trailing(r rune) bool {
	return message.ShapeOf(r, message.Word) == message.Word && message.ShapeOf(r, message.BlankGap) == message.Symbol
}

// border tells whether there is always a border between element i and its
// neighbour to one side.
func border(elements []syntax.Element, i, side int) bool {
	i += side
	if i < 0 || i >= len(elements) {
		return true
	}
	switch elements[i].Kind {
	case syntax.Optional:
		return true
	case syntax.Space: // beside an empty value it may be gone
		i += side
		return i < 0 || i >= len(elements) || !dynamic(elements[i].Kind)
	}
	return false
}

func dynamic(k syntax.ElementKind) bool {
	return k == syntax.BotRef || k == syntax.GetRef || k == syntax.InputRef || k == syntax.ReplyRef
}

// index finds the triggers of a view that may match a text.
type index struct {
	view    int
	place   []int            // of each trigger in the order of the view; -1 where it is not in force
	byWord  map[string][]int // places of triggers by their key
	keyless []int            // places of the others
}

// indexed is how many triggers can be put in an index while a pattern is tried once.
const indexed = 16

func (c *checker) index(view int) *index {
	if c.latest != nil && c.latest.view == view {
		return c.latest
	}
	all := c.order(view).all
	c.tries -= len(all) / indexed
	x := &index{view: view, place: make([]int, len(c.triggers)), byWord: map[string][]int{}}
	for i := range x.place {
		x.place[i] = -1
	}
	for place, n := range all {
		x.place[n] = place
		if key := c.keys[n]; key != "" {
			x.byWord[key] = append(x.byWord[key], place)
		} else {
			x.keyless = append(x.keyless, place)
		}
	}
	c.latest = x
	return x
}

// candidates lists, in order, the places before limit of triggers that may match a
// message. Beside their key, the longest text of the pattern has to stand in it.
func (c *checker) candidates(x *index, heard message.Forms, limit int) []int {
	order := c.order(x.view).all
	var out []int
	texts := []message.Text{heard.Plain}
	if heard.Kept.Classes != nil {
		texts = append(texts, heard.Kept)
	}
	take := func(list []int) {
		for _, place := range list {
			if place >= limit {
				break
			}
			piece := c.pieces[order[place]]
			if slices.ContainsFunc(texts, func(t message.Text) bool { return strings.Contains(t.String, piece) }) {
				out = append(out, place)
			}
		}
	}
	take(x.keyless)
	seen := map[string]bool{}
	for _, text := range texts {
		runs(text.String, func(start, end int) {
			w := text.String[start:end]
			if list := x.byWord[w]; list != nil && !seen[w] {
				seen[w] = true
				take(list)
			}
		})
	}
	slices.Sort(out)
	return out
}

// piece is the longest of the outermost literals of a pattern: every text that it
// matches holds it.
func piece(elements []syntax.Element) string {
	longest := ""
	for i := range elements {
		if e := &elements[i]; e.Kind == syntax.Literal && len(e.Text) > len(longest) {
			longest = e.Text
		}
	}
	return message.Fold(longest)
}
