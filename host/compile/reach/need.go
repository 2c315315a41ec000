package reach

import (
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// need is what a pattern asks of every text that it matches. Its texts are copies, as it
// may outlive the document that the pattern stands in.
type need struct {
	words [][]string // of each of these, one stands in the text as a word
	piece string     // stands somewhere in the text; may be empty
	whole bool       // the piece is all of the text
}

// maxChoice is how many words a choice may have to be kept; one among more tells little.
const maxChoice = 32

// needOf reads the need of a pattern off its outermost elements, and off its groups.
func needOf(p *syntax.Pattern, compiled *ir.Pattern, arrays map[string]*link.Array) *need {
	if text, ok := compiled.WholeText(); ok {
		return &need{piece: text, whole: true}
	}
	r := needReader{arrays: arrays}
	return &need{words: r.sequence(p.Elements, true, true), piece: piece(p.Elements)}
}

// needReader reads needs.
type needReader struct{ arrays map[string]*link.Array }

// sequence lists the choices of words in a row of elements; before and after tell
// whether there are always borders at its ends.
func (r *needReader) sequence(elements []syntax.Element, before, after bool) [][]string {
	var list [][]string
	for i := range elements {
		e := &elements[i]
		left, right := border(elements, i, -1, before), border(elements, i, 1, after)
		var choice []string
		switch e.Kind {
		case syntax.Literal:
			for _, w := range wordsOf(strings.Clone(message.Fold(e.Text)), left, right) {
				list = append(list, []string{w})
			}
			continue
		case syntax.Group:
			choice = r.group(e, left, right)
		case syntax.ArrayRef:
			choice = r.entries(e.Text, left, right)
		}
		if choice != nil {
			list = append(list, choice)
		}
	}
	return list
}

// group is the choice of a group: words of each alternative. It is nil if there is an
// alternative without.
func (r *needReader) group(e *syntax.Element, left, right bool) []string {
	var choice []string
	for _, alternative := range e.Alternatives {
		words := r.sequence(alternative, left, right)
		if len(words) == 0 || len(choice)+len(words[0]) > maxChoice {
			return nil
		}
		choice = append(choice, words[0]...)
	}
	return choice
}

// entries is the choice of an array.
func (r *needReader) entries(name string, left, right bool) []string {
	a := r.arrays[name]
	if a == nil || len(a.Entries) > maxChoice {
		return nil
	}
	var choice []string
	for _, entry := range a.Entries {
		words := wordsOf(strings.Clone(message.Fold(entry)), left, right)
		if len(words) == 0 {
			return nil
		}
		choice = append(choice, words[0])
	}
	return choice
}

// wordsOf lists the words of a folded literal that are words wherever it stands;
// before and after tell whether there are always borders at its ends.
func wordsOf(text string, before, after bool) (words []string) {
	lead := len(text) - len(strings.TrimLeftFunc(text, trailing))
	runs(text, func(start, end int) {
		if (start > lead || before) && (end < len(text) || after) {
			words = append(words, text[start:end])
		}
	})
	return words
}

// trailing tells whether a character takes its shape from the one before it.
func trailing(r rune) bool {
	return message.ShapeOf(r, message.Word) == message.Word && message.ShapeOf(r, message.BlankGap) == message.Symbol
}

// border tells whether there is always a border between element i and its neighbour
// to one side; at the end of the row it is as outside says.
func border(elements []syntax.Element, i, side int, outside bool) bool {
	i += side
	if i < 0 || i >= len(elements) {
		return outside
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

// piece is the longest of the outermost literals of a pattern: every text that it
// matches holds it.
func piece(elements []syntax.Element) string {
	longest := ""
	for i := range elements {
		if e := &elements[i]; e.Kind == syntax.Literal && len(e.Text) > len(longest) {
			longest = e.Text
		}
	}
	return strings.Clone(message.Fold(longest))
}

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
