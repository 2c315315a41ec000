package match

import (
	"cmp"
	"slices"
	"sync"

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

// compareKeys orders triggers by their patterns. Those with % are never compared
// with the others; they come last here.
func (c *Candidate) compareKeys(o *Candidate, byText bool) int {
	switch {
	case c.Previous == nil && o.Previous != nil:
		return -1
	case c.Previous != nil && o.Previous == nil:
		return 1
	case c.Previous != nil:
		if n := c.Previous.compare(o.Previous, byText); n != 0 {
			return n
		}
	}
	return c.Key.compare(&o.Key, byText)
}

// Ranks finds the ranks of all triggers of a program, in the order of the
// candidates. ByText tells whether equal keys go by length and text (L-SORT-6).
func Ranks(candidates []Candidate, byText bool) []ir.Rank {
	ranks := make([]ir.Rank, len(candidates))
	for i := range candidates {
		ranks[i].Source = candidates[i].Source
	}
	var sorting sync.WaitGroup
	sorting.Go(func() {
		dense(candidates, func(a, b *Candidate) int { return cmp.Compare(b.Weight, a.Weight) }, func(i, place int) { ranks[i].Weight = place })
	})
	dense(candidates, func(a, b *Candidate) int { return a.compareKeys(b, byText) }, func(i, place int) { ranks[i].Key = place })
	sorting.Wait()
	return ranks
}

// dense tells the place of each candidate; equal ones have the same.
func dense(candidates []Candidate, compare func(a, b *Candidate) int, tell func(i, place int)) {
	order := make([]int32, len(candidates))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return compare(&candidates[a], &candidates[b]) })
	place := 0
	for n, i := range order {
		if n > 0 && compare(&candidates[order[n-1]], &candidates[i]) != 0 {
			place++
		}
		tell(int(i), place)
	}
}

// Group puts the triggers of a topic into their order; ranks are those of
// the candidates.
func Group(candidates []Candidate, ranks []ir.Rank) ir.Group {
	order := make([]int, len(candidates))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return ranks[a].Compare(ranks[b], ir.Reach{}, ir.Reach{}) })
	var g ir.Group
	for _, i := range order {
		c := &candidates[i]
		if c.Previous != nil {
			g.Previous = append(g.Previous, c.Number)
		} else {
			g.Order = append(g.Order, c.Number)
		}
	}
	return g
}
