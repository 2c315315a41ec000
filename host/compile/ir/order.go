package ir

import (
	"cmp"
	"slices"
)

// Group is the triggers of one topic, each list in its order: a trigger that comes
// first in its group does so in every view that reaches the group.
type Group struct {
	Previous []int // triggers with %, in the order of L-PREV-4
	Order    []int // all others, in the order of L-SORT
}

// View is what a person in a topic can reach: groups, own and included and
// inherited and fallen back on (sections 9 and 10), the nearest first.
type View []Reach

// Reach is a group whose triggers are in force in a view.
type Reach struct {
	Group int // into Program.Groups
	Level int // L-TOP-6: lower ones hide what is above them
	Steps int // of includes and inherits on the way
}

// Rank is what the order of triggers depends on but for the view. Weight and Key
// are places among all weights and keys of the program; lower comes first.
type Rank struct {
	Weight int // 0 is the heaviest (L-SORT-2)
	Key    int // of the pattern, and before it the previous pattern (L-SORT-4 to L-SORT-6, L-PREV-4)
	Source int // place in the source order of the bot
}

// Compare orders two triggers that are reached in one view, both with % or both
// without (L-SORT-2 to L-SORT-7).
func (r Rank) Compare(o Rank, from, other Reach) int {
	return cmp.Or(
		cmp.Compare(r.Weight, o.Weight), cmp.Compare(from.Level, other.Level), cmp.Compare(r.Key, o.Key),
		cmp.Compare(from.Steps, other.Steps), cmp.Compare(r.Source, o.Source),
	)
}

// Order lists the triggers of a view in the order in which a naive search tries
// them: those with %, and all others.
func (p *Program) Order(view int) (previous, order []int) {
	v := p.Views[view]
	lists := func(pick func(*Group) []int) []int {
		var from []Reach
		var numbers []int
		for _, r := range v {
			for _, n := range pick(&p.Groups[r.Group]) {
				numbers, from = append(numbers, n), append(from, r)
			}
		}
		if len(v) < 2 {
			return numbers
		}
		places := make([]int, len(numbers))
		for i := range places {
			places[i] = i
		}
		slices.SortFunc(places, func(a, b int) int {
			return p.Triggers[numbers[a]].Rank.Compare(p.Triggers[numbers[b]].Rank, from[a], from[b])
		})
		for i, at := range places {
			places[i] = numbers[at]
		}
		return places
	}
	return lists(func(g *Group) []int { return g.Previous }), lists(func(g *Group) []int { return g.Order })
}
