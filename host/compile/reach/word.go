package reach

import (
	"strings"

	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// A word of a text is a run of word characters with borders at both ends.

// wordsOf lists the words of a normalised text.
func wordsOf(text message.Text) []string {
	var words []string
	runs(text.String, func(start, end int) { words = append(words, text.String[start:end]) })
	return words
}

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

// traits is a sketch of some words: one bit for each, by its hash. A text whose
// sketch lacks a bit lacks a word.
type traits uint64

func traitsOf(word string) traits {
	hash := uint32(2166136261) // FNV-1a
	for i := range len(word) {
		hash = (hash ^ uint32(word[i])) * 16777619
	}
	return 1 << (hash >> 26)
}

// sketch is that of the words of a message, in both forms.
func sketch(heard message.Forms) traits {
	var all traits
	for _, text := range [...]message.Text{heard.Plain, heard.Kept} {
		runs(text.String, func(start, end int) { all |= traitsOf(text.String[start:end]) })
	}
	return all
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
// message.
func (x *index) candidates(heard message.Forms, limit int) []int {
	lists := [][]int{x.keyless}
	seen := map[string]bool{}
	for _, text := range [...]message.Text{heard.Plain, heard.Kept} {
		for _, w := range wordsOf(text) {
			if list := x.byWord[w]; list != nil && !seen[w] {
				seen[w] = true
				lists = append(lists, list)
			}
		}
	}
	return merge(lists, limit)
}

// merge puts ascending lists together, without what is not below limit.
func merge(lists [][]int, limit int) []int {
	var out []int
	for {
		best := -1
		for i, list := range lists {
			if len(list) > 0 && list[0] < limit && (best < 0 || list[0] < lists[best][0]) {
				best = i
			}
		}
		if best < 0 {
			return out
		}
		out = append(out, lists[best][0])
		lists[best] = lists[best][1:]
	}
}
