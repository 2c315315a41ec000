package reach

import (
	"slices"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// checker is what all judges of a program know. None of them changes it.
type checker struct {
	in       *link.Program
	out      *ir.Program
	words    *message.Normalizer
	triggers []*link.Trigger   // by number in the program
	views    []int             // the view of the topic each trigger stands in, which is also its group
	patterns []*syntax.Pattern // by number in the program
	needs    []*need           // of the patterns
	demands  []demand
	lexicon  lexicon
	groups   []finders // of all triggers
	fresh    []finders // of those that are new, or stand elsewhere
	recalled []*fact   // by trigger; nil of those that have to be looked at. All are nil if nothing is remembered.
	memory   *Memory
}

// finders find the triggers of a group: those without %, and those with.
type finders struct{ all, previous *finder }

func newChecker(in *link.Program, out *ir.Program, m *Memory) *checker {
	c := &checker{in: in, out: out, words: message.New(out.Meta.Message), memory: m}
	c.gather()
	m.prepare(c)
	c.needs = make([]*need, len(c.patterns))
	for i, p := range c.patterns {
		if c.needs[i] = m.need(&out.Patterns[i]); c.needs[i] == nil {
			c.needs[i] = needOf(p, &out.Patterns[i], in.Arrays)
		}
	}
	c.lexicon.numbers = make(map[string]int32, len(c.patterns))
	c.demands = c.lexicon.demands(c.needs)
	c.groups = c.newFinders(func(int) bool { return true })
	m.recall(c)
	return c
}

// gather numbers the triggers as lowering has done.
func (c *checker) gather() {
	add := func(t *link.Topic, view int) {
		for range t.Triggers {
			c.views = append(c.views, view)
		}
		c.triggers = append(c.triggers, t.Triggers...)
	}
	for i, t := range c.in.Topics {
		add(t, i)
	}
	if c.in.Begin != nil {
		add(c.in.Begin, c.out.Begin)
	}
	c.patterns = make([]*syntax.Pattern, len(c.out.Patterns))
	for n, t := range c.triggers {
		c.patterns[c.out.Triggers[n].Pattern] = t.Pattern
		if t.Previous != nil {
			c.patterns[c.out.Triggers[n].Previous] = t.Previous
		}
	}
}

// newFinders makes finders of the triggers for which wanted holds.
func (c *checker) newFinders(wanted func(n int) bool) []finders {
	list := make([]finders, len(c.out.Groups))
	for i := range c.out.Groups {
		g := &c.out.Groups[i]
		list[i] = finders{
			all:      c.newFinder(g.Order, wanted, func(t *ir.Trigger) int { return t.Pattern }),
			previous: c.newFinder(g.Previous, wanted, func(t *ir.Trigger) int { return t.Previous }),
		}
	}
	return list
}

func (c *checker) newFinder(order []int, wanted func(n int) bool, pattern func(*ir.Trigger) int) *finder {
	var members, sought []int
	for _, n := range order {
		if wanted(n) {
			members, sought = append(members, n), append(sought, pattern(&c.out.Triggers[n]))
		}
	}
	return newFinder(members, sought, c.demands)
}

// reachOf is how a view reaches a trigger, if it does.
func (c *checker) reachOf(view, n int) (r ir.Reach, ok bool) {
	bypass := len(c.in.Topics) // the group of the triggers of the root that have a weight (L-EV-10)
	for _, r := range c.out.Views[view] {
		if r.Group == c.views[n] || r.Group == bypass && c.views[n] == 0 && c.triggers[n].Weight > 0 {
			return r, true
		}
	}
	return ir.Reach{}, false
}

// compare orders two triggers of a view.
func (c *checker) compare(a, b int, from, to ir.Reach) int {
	return c.out.Triggers[a].Rank.Compare(c.out.Triggers[b].Rank, from, to)
}

// value is what a variable or a line of history is to somebody who has just come.
func (c *checker) value(n *ir.Node) string {
	if n.Dynamic == ir.BotVar {
		for _, d := range c.out.Meta.BotVars {
			if d.Name == n.Name {
				return c.words.Value(d.Value)
			}
		}
	}
	return "undefined"
}

// forms are the shapes of a message.
func (c *checker) forms(text string) message.Forms { return c.words.Forms(text, c.out.Meta.Kept) }

// examples are messages that a trigger should match: all of them, if it takes one.
func (c *checker) examples(n int) []message.Forms {
	if known := c.memory.tried(&c.out.Patterns[c.out.Triggers[n].Pattern]); known != nil {
		return known
	}
	elements := c.triggers[n].Pattern.Elements
	text := c.example(elements, shortest)
	list := []message.Forms{c.forms(text)}
	if other := c.example(elements, longest); other != text {
		list = append(list, c.forms(other))
	}
	return slices.Clip(list)
}
