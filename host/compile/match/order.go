package match

import (
	"cmp"
	"slices"

	"github.com/footlight-bots/footlight/host/compile/ir"
)

// Candidate is a trigger as sorting sees it, wherever it is in force.
type Candidate struct {
	Number   int // of the trigger in the program
	Weight   uint32
	Key      Key
	Previous *Key // nil without %
	Source   int  // place in the source order of the bot
}

// placed is a candidate in one view.
type placed struct {
	*Candidate
	level, steps int
}

// View puts the triggers of the topics that a topic reaches in the order in which
// they are tried (L-SORT, L-PREV-4). The order is total. ByText tells whether
// equal keys go by length and text (L-SORT-6).
func View(reached []Reached, topics [][]Candidate, byText bool) ir.View {
	var previous, order []placed
	for _, r := range reached {
		for i := range topics[r.Topic] {
			c := placed{&topics[r.Topic][i], r.Level, r.Steps}
			if c.Previous != nil {
				previous = append(previous, c)
			} else {
				order = append(order, c)
			}
		}
	}
	slices.SortFunc(previous, func(a, b placed) int { return a.compare(b, byText) })
	slices.SortFunc(order, func(a, b placed) int { return a.compare(b, byText) })
	return ir.View{Previous: numbers(previous), Order: numbers(order)}
}

// compare orders two triggers of one view, either both with % or both without.
func (c placed) compare(o placed, byText bool) int {
	if n := cmp.Or(cmp.Compare(o.Weight, c.Weight), cmp.Compare(c.level, o.level)); n != 0 {
		return n
	}
	if c.Previous != nil {
		if n := c.Previous.compare(*o.Previous, byText); n != 0 {
			return n
		}
	}
	return cmp.Or(c.Key.compare(o.Key, byText), cmp.Compare(c.steps, o.steps), cmp.Compare(c.Source, o.Source))
}

func numbers(list []placed) []int {
	n := make([]int, len(list))
	for i, c := range list {
		n[i] = c.Number
	}
	return n
}
