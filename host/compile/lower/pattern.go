package lower

import (
	"runtime"
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
	compiled []ir.Pattern
	keys     []match.Key
	triggers int // of the bot
}

// newPatterns compiles the patterns of a bot. One does not depend on another, so each
// processor takes a stretch of them.
func newPatterns(in *link.Program) *patterns {
	topics := in.Topics
	if in.Begin != nil {
		topics = append(topics[:len(topics):len(topics)], in.Begin)
	}
	p := &patterns{}
	for _, t := range topics {
		p.triggers += len(t.Triggers)
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
		compiling.Go(func() { p.compile(from, to, in.Arrays) })
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
func (p *patterns) compile(from, to int, arrays map[string]*link.Array) {
	compiler := match.NewCompiler(arrays)
	for i := from; i < to; i++ {
		p.compiled[i], p.keys[i] = compiler.Compile(p.list[i]), match.NewKey(p.list[i].Text)
	}
}

func (p *patterns) number(of *syntax.Pattern) int { return p.numbers[of.Text] }

func (p *patterns) key(of *syntax.Pattern) match.Key { return p.keys[p.number(of)] }
