package match

import "github.com/footlight-bots/footlight/host/script/link"

// Reached is a topic whose triggers are in force in another one.
type Reached struct {
	Topic int // into Program.Topics
	Level int // L-TOP-6: lower ones hide what is above them
	Steps int // of includes and inherits on the way
}

// better tells whether a way comes before another: lower level, then fewer steps.
func (r Reached) better(o Reached) bool {
	return r.Level < o.Level || r.Level == o.Level && r.Steps < o.Steps
}

// Reach lists the topics whose triggers are in force in each topic (L-TOP-5 to
// L-TOP-8), itself first.
func Reach(p *link.Program) [][]Reached {
	g := newGraph(p)
	all := make([][]Reached, len(p.Topics))
	for i := range p.Topics {
		s := newSearch(g, len(p.Topics))
		s.walk(Reached{Topic: i})
		if p.Dialect == link.Dexter && !s.known[0] {
			s.walk(Reached{Level: s.lowest() + 1})
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
	found []Reached
}

func newSearch(g graph, topics int) *search { return &search{graph: g, known: make([]bool, topics)} }

// walk adds what can be reached from a topic. Waits are short: an author's topics
// reach a handful of others, so the best one is looked for by a plain scan.
func (s *search) walk(from Reached) {
	waiting := []Reached{from}
	for len(waiting) > 0 {
		best := 0
		for i := range waiting {
			if waiting[i].better(waiting[best]) {
				best = i
			}
		}
		r := waiting[best]
		waiting = append(waiting[:best], waiting[best+1:]...)
		if s.known[r.Topic] {
			continue
		}
		s.known[r.Topic] = true
		s.found = append(s.found, r)
		for _, t := range s.includes[r.Topic] {
			waiting = append(waiting, Reached{t, r.Level, r.Steps + 1})
		}
		for _, t := range s.inherits[r.Topic] {
			waiting = append(waiting, Reached{t, r.Level + 1, r.Steps + 1})
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
