package interp

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
)

// Matcher asks single patterns of a program, for those who look at a script without
// running it. It is for one goroutine.
type Matcher struct {
	patterns []ir.Pattern
	plans    []plan
	value    func(*ir.Node) string
	m        matcher
}

// NewMatcher prepares the patterns of a program. value reads what a Dynamic node
// stands for, normalised.
func NewMatcher(p *ir.Program, value func(*ir.Node) string) *Matcher {
	return &Matcher{patterns: p.Patterns, plans: make([]plan, len(p.Patterns)), value: value}
}

// Matches tells whether a pattern matches a whole text.
func (m *Matcher) Matches(pattern int, text message.Text) bool {
	p, pl := &m.patterns[pattern], &m.plans[pattern]
	if pl.memo == nil {
		*pl = newPlan(p)
	}
	if p.Bare && text.String == "" {
		return true
	}
	_, ok := m.m.match(p, pl, text, m.value)
	return ok
}
