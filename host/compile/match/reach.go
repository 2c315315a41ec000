package match

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
)

// better tells whether a way comes before another: lower level, then fewer steps.
func better(r, o ir.Reach) bool {
	return r.Level < o.Level || r.Level == o.Level && r.Steps < o.Steps
}

// Reach lists the topics whose triggers are in force in each topic (L-TOP-5 to
// L-TOP-8), itself first. Groups have the numbers of topics.
func Reach(p *link.Program) []ir.View {
	g := newGraph(p)
	all := make([]ir.View, len(p.Topics))
	for i := range p.Topics {
		s := newSearch(g, len(p.Topics))
		s.walk(ir.Reach{Group: i})
		if p.Dialect == link.Dexter && !s.known[0] {
			s.walk(ir.Reach{Level: s.lowest() + 1})
		}
		all[i] = s.found
	}
	return all
}

// graph holds the relations of topics by number. Topics that do not exist are left out (L-TOP-7).
type graph struct {
	includes, inherits [][]int
}

func newGraph(p *link.Program) graph {
	number := make(map[string]int, len(p.Topics))
	for i, t := range p.Topics {
		number[t.Name] = i
	}
	if _, taken := number["random"]; !taken && p.Dialect == link.Dexter {
		number["random"] = 0 // the root topic by its other name (L-DIA-2)
	}
	resolve := func(names []string) (topics []int) {
		for _, name := range names {
			if i, ok := number[name]; ok {
				topics = append(topics, i)
			}
		}
		return topics
	}
	g := graph{make([][]int, len(p.Topics)), make([][]int, len(p.Topics))}
	for i, t := range p.Topics {
		g.includes[i], g.inherits[i] = resolve(t.Includes), resolve(t.Inherits)
	}
	return g
}

// search finds the best way to every topic, best ways first.
type search struct {
	graph
	known []bool
	found []ir.Reach
}

func newSearch(g graph, topics int) *search { return &search{graph: g, known: make([]bool, topics)} }

// walk adds what can be reached from a topic. Waits are short: an author's topics
// reach a handful of others, so the best one is looked for by a plain scan.
func (s *search) walk(from ir.Reach) {
	waiting := []ir.Reach{from}
	for len(waiting) > 0 {
		best := 0
		for i := range waiting {
			if better(waiting[i], waiting[best]) {
				best = i
			}
		}
		r := waiting[best]
		waiting = append(waiting[:best], waiting[best+1:]...)
		if s.known[r.Group] {
			continue
		}
		s.known[r.Group] = true
		s.found = append(s.found, r)
		for _, t := range s.includes[r.Group] {
			waiting = append(waiting, ir.Reach{Group: t, Level: r.Level, Steps: r.Steps + 1})
		}
		for _, t := range s.inherits[r.Group] {
			waiting = append(waiting, ir.Reach{Group: t, Level: r.Level + 1, Steps: r.Steps + 1})
		}
	}
}

func (s *search) lowest() int {
	level := 0
	for _, r := range s.found {
		level = max(level, r.Level)
	}
	return level
}
