package reach

import (
	"reflect"
	"slices"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
)

// Memory is what is known of the triggers of the last program. It is of use to the next
// one if that has its patterns from the same lower.Memory: patterns with the same nodes
// are the same, with all that they were made of. The zero Memory is empty. It holds no
// more than the last program has, and must not be used by two checks at once.
type Memory struct {
	ground   ground
	patterns map[*ir.Node]known // by the first node
	facts    []fact             // of the triggers, in the order of the source
}

// ground is what all facts rest on. With another ground they are void.
type ground struct {
	dialect string
	message message.Options
	vars    []ir.Definition
	kept    bool
	begin   int
	views   []ir.View
}

// known is what is known of a pattern.
type known struct {
	need  *need
	tried []message.Forms // nil if nobody has asked yet
}

// fact is what is known of a trigger.
type fact struct {
	identity
	free bool // see outcome
	cost cost // of finding that out, or more
}

// identity tells triggers apart, and all that matters of them here.
type identity struct {
	pattern, previous *ir.Node // the first nodes; previous is nil without
	group             int
	weight            uint32
	kept              bool
}

func (c *checker) identity(n int) identity {
	t := &c.out.Triggers[n]
	id := identity{pattern: firstNode(&c.out.Patterns[t.Pattern]), group: c.views[n], weight: c.triggers[n].Weight, kept: t.Kept}
	if t.Previous != ir.None {
		id.previous = firstNode(&c.out.Patterns[t.Previous])
	}
	return id
}

func firstNode(p *ir.Pattern) *ir.Node { return &p.Nodes[0] }

// prepare forgets what does not hold for a program.
func (m *Memory) prepare(c *checker) {
	meta := &c.out.Meta
	now := ground{meta.Dialect, meta.Message, meta.BotVars, meta.Kept, c.out.Begin, c.out.Views}
	if !reflect.DeepEqual(now, m.ground) {
		*m = Memory{ground: now}
	}
}

// need is that of a pattern, if it is known.
func (m *Memory) need(p *ir.Pattern) *need { return m.patterns[firstNode(p)].need }

// tried are the examples for a pattern, if they are known.
func (m *Memory) tried(p *ir.Pattern) []message.Forms { return m.patterns[firstNode(p)].tried }

// recall finds the triggers that were there before in the same order. What is tried
// before one of them now, and was not before, is fresh.
func (m *Memory) recall(c *checker) {
	if len(m.facts) == 0 {
		return
	}
	places := make(map[identity]int, len(m.facts))
	for i := range m.facts {
		places[m.facts[i].identity] = i
	}
	order := c.bySource()
	was := make([]int, len(order)) // place of each among the facts
	for i, n := range order {
		place, ok := places[c.identity(n)]
		if !ok {
			place = ir.None
		}
		was[i] = place
	}
	old, facts := make([]bool, len(c.triggers)), make([]*fact, len(c.triggers))
	for _, i := range ascending(was) {
		n, f := order[i], &m.facts[was[i]]
		if old[n] = true; f.free {
			facts[n] = f
		}
	}
	c.recalled = facts
	c.fresh = c.newFinders(func(n int) bool { return !old[n] })
}

// bySource lists the triggers in the order of the source.
func (c *checker) bySource() []int {
	order := make([]int, len(c.triggers))
	for n := range order {
		order[n] = n
	}
	slices.SortFunc(order, func(a, b int) int { return c.out.Triggers[a].Rank.Source - c.out.Triggers[b].Rank.Source })
	return order
}

// ascending lists places in a row of numbers so that these ascend, as many as can be;
// ir.None does not count.
func ascending(row []int) []int {
	var ends []int // ends[k] is the place of the least number with which k+1 ascend
	before := make([]int, len(row))
	for i, number := range row {
		if number == ir.None {
			continue
		}
		k, _ := slices.BinarySearchFunc(ends, number, func(end, number int) int { return row[end] - number })
		before[i] = ir.None
		if k > 0 {
			before[i] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, i)
		}
		ends[k] = i
	}
	list := slices.Clone(ends)
	for k := len(list) - 1; k > 0; k-- {
		list[k-1] = before[list[k]]
	}
	return list
}

// keep remembers what was found in a program, and forgets what it knew before.
func (m *Memory) keep(c *checker, list []outcome) {
	m.patterns = make(map[*ir.Node]known, len(c.out.Patterns))
	for i := range c.out.Patterns {
		m.patterns[firstNode(&c.out.Patterns[i])] = known{need: c.needs[i]}
	}
	m.facts = make([]fact, len(c.triggers))
	for i, n := range c.bySource() {
		f := &m.facts[i]
		if f.identity = c.identity(n); n < len(list) {
			f.free, f.cost = list[n].free, list[n].freed
			k := m.patterns[f.pattern]
			k.tried = list[n].tried
			m.patterns[f.pattern] = k
		}
	}
}
