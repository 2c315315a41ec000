package lower

import (
	"runtime"
	"slices"
	"sync"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/match"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// patterns are those of a bot, numbered as triggers come, once for each text.
type patterns struct {
	numbers  map[string]int // by text
	list     []*syntax.Pattern
	arrays   map[string][]string // entries
	compiled []ir.Pattern
	keys     []match.Key
	triggers int // of the bot
}

// newPatterns compiles the patterns of a bot but for those that are as they were in
// another program. One does not depend on another, so each processor takes a stretch
// of them.
func newPatterns(in *link.Program, before *patterns) *patterns {
	topics := in.Topics
	if in.Begin != nil {
		topics = append(topics[:len(topics):len(topics)], in.Begin)
	}
	p := &patterns{arrays: make(map[string][]string, len(in.Arrays))}
	for _, t := range topics {
		p.triggers += len(t.Triggers)
	}
	for name, array := range in.Arrays {
		p.arrays[name] = array.Entries
	}
	p.numbers, p.list = make(map[string]int, p.triggers), make([]*syntax.Pattern, 0, p.triggers)
	for _, t := range topics {
		for _, trigger := range t.Triggers {
			p.add(trigger.Pattern)
			if trigger.Previous != nil {
				p.add(trigger.Previous)
			}
		}
	}
	p.compiled, p.keys = make([]ir.Pattern, len(p.list)), make([]match.Key, len(p.list))
	var compiling sync.WaitGroup
	shares := runtime.GOMAXPROCS(0)
	for i := range shares {
		from, to := len(p.list)*i/shares, len(p.list)*(i+1)/shares
		compiling.Go(func() { p.compile(from, to, in.Arrays, before) })
	}
	compiling.Wait()
	return p
}

func (p *patterns) add(of *syntax.Pattern) {
	if _, known := p.numbers[of.Text]; !known {
		p.numbers[of.Text] = len(p.list)
		p.list = append(p.list, of)
	}
}

// compile compiles the patterns from one number up to another.
func (p *patterns) compile(from, to int, arrays map[string]*link.Array, before *patterns) {
	compiler := match.NewCompiler(arrays)
	for i := from; i < to; i++ {
		of := p.list[i]
		if n, known := before.number(of.Text); known && before.same(n, of.Elements, p.arrays) {
			p.compiled[i], p.keys[i] = before.compiled[n], before.keys[n]
			continue
		}
		p.compiled[i], p.keys[i] = compiler.Compile(of), match.NewKey(of.Text)
	}
}

func (p *patterns) number(text string) (n int, known bool) {
	n, known = p.numbers[text]
	return n, known
}

// same tells whether a pattern is made of some elements, and of arrays that are as they
// were.
func (p *patterns) same(n int, elements []syntax.Element, arrays map[string][]string) bool {
	return sameElements(p.list[n].Elements, elements, func(name string) bool {
		return slices.Equal(p.arrays[name], arrays[name])
	})
}

// sameElements compares elements, but for where they stand.
func sameElements(a, b []syntax.Element, sameArray func(name string) bool) bool {
	return slices.EqualFunc(a, b, func(a, b syntax.Element) bool {
		if a.Kind != b.Kind || a.Text != b.Text || a.N != b.N || a.Kind == syntax.ArrayRef && !sameArray(a.Text) {
			return false
		}
		return slices.EqualFunc(a.Alternatives, b.Alternatives, func(a, b []syntax.Element) bool {
			return sameElements(a, b, sameArray)
		})
	})
}

// of is the number of a pattern of the bot.
func (p *patterns) of(pattern *syntax.Pattern) int { return p.numbers[pattern.Text] }

func (p *patterns) key(pattern *syntax.Pattern) match.Key { return p.keys[p.of(pattern)] }
