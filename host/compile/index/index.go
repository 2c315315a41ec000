// Package index finds the trigger that wins without asking all of them. From the
// patterns of a program it makes flat tables, which package emit puts into a
// module's memory and which the search written there (and, for comparison, Search
// in plain Go) walks word by word.
//
// An index never decides alone what matches: what it stores of a pattern, its
// outlines, is met by every text that the pattern matches, and perhaps by others.
// So each trigger it names is asked before it wins, but for those whose outline
// says the same as the pattern. Searching goes from the best rank known: what
// cannot be better is not looked at.
//
// It knows the patterns of ir and the shapes of characters, and nothing of replies
// or wasm. No API of the host is promised.
package index

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
)

// Index is the tables of a program and what its groups have in them.
type Index struct {
	Table
	Groups []Group // one for each of Program.Groups
}

// Group is the triggers of one ir.Group.
type Group struct {
	Set
	// Previous are the triggers with %, by their previous pattern.
	Previous []Previous
	// PreviousRoot is where the previous patterns are searched; their ranks are
	// places in Previous. PreviousSet is their number among the sets.
	PreviousRoot, PreviousSet int
}

// Previous are triggers of a group that have one previous pattern.
type Previous struct {
	Set
	Pattern int // into Program.Patterns
}

// Set is triggers that are searched together.
type Set struct {
	Order []int // numbers of the triggers; a rank is a place in this list
	// Root and Number are where triggers are searched that see a message as usual,
	// KeptRoot and KeptNumber those that see it unstripped as well (L-NORM-8). A root
	// of 0 has no triggers.
	Root, KeptRoot     int
	Number, KeptNumber int
}

// Build makes the index of a program. The same program gives the same index.
func Build(p *ir.Program) *Index { return new(Memory).Build(p) }

// Build is Build of the package, with the same result.
func (m *Memory) Build(p *ir.Program) *Index {
	b, outlines := newBuilder(m.sizes), m.outline(p)
	x := &Index{}
	for i := range p.Groups {
		g := &p.Groups[i]
		group := Group{Set: b.set(p, g.Order, outlines)}
		group.PreviousRoot, group.PreviousSet = b.root(), b.number()
		places := map[int]int{}
		var orders [][]int
		for _, n := range g.Previous {
			pattern := p.Triggers[n].Previous
			place, known := places[pattern]
			if !known {
				place = len(orders)
				places[pattern] = place
				orders = append(orders, nil)
				group.Previous = append(group.Previous, Previous{Pattern: pattern})
				b.add(group.PreviousRoot, group.PreviousSet, place, outlines[pattern])
			}
			orders[place] = append(orders[place], n)
		}
		for place, order := range orders {
			group.Previous[place].Set = b.set(p, order, outlines)
		}
		x.Groups = append(x.Groups, group)
	}
	m.sizes = b.sizes()
	final := b.finish()
	x.Table = b.Table
	for i := range x.Groups {
		g := &x.Groups[i]
		g.PreviousRoot = final[g.PreviousRoot]
		g.renumber(final)
		for j := range g.Previous {
			g.Previous[j].renumber(final)
		}
	}
	return x
}

func (s *Set) renumber(final []int) { s.Root, s.KeptRoot = final[s.Root], final[s.KeptRoot] }

// set indexes triggers that are in their order.
func (b *builder) set(p *ir.Program, order []int, outlines [][]outline) Set {
	s := Set{Order: order, Number: b.number(), KeptNumber: b.number()}
	for rank, n := range order {
		t := &p.Triggers[n]
		root, number := &s.Root, s.Number
		if t.Kept {
			root, number = &s.KeptRoot, s.KeptNumber
		}
		if *root == 0 {
			*root = b.root()
		}
		b.add(*root, number, rank, outlines[t.Pattern])
	}
	return s
}
