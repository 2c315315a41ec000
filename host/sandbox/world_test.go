package sandbox

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/trace"
)

// person is a small World that writes down everything that is done to it.
type person struct {
	meta    *ir.Meta
	vars    [3]map[string]string // by scope
	topic   int
	inputs  []string
	replies []string
	part    string
	draws   *rand.PCG
	trace   []trace.Event
	deeds   []string // changes and draws
}

var _ world.World = (*person)(nil)

func newPerson(meta *ir.Meta, seed uint64) *person {
	p := &person{meta: meta, draws: rand.NewPCG(seed, 1)}
	for i := range p.vars {
		p.vars[i] = map[string]string{}
	}
	for _, d := range meta.BotVars {
		p.vars[world.Bot][d.Name] = d.Value
	}
	for _, d := range meta.Env {
		p.vars[world.Env][d.Name] = d.Value
	}
	return p
}

// turn forgets what was written down, and makes chance the same for everybody.
func (p *person) turn(seed uint64) {
	p.trace, p.deeds = nil, nil
	p.draws.Seed(seed, 1)
}

// heard records a turn in the history.
func (p *person) heard(text string, tokens []reply.Token) {
	p.inputs = append([]string{text}, p.inputs...)
	if r := reply.Finish(tokens, reply.Options{}); r.Text != "" && !r.Silent {
		p.replies = append([]string{r.Text}, p.replies...)
		p.part = r.Last
	}
}

func (p *person) did(format string, args ...any) {
	p.deeds = append(p.deeds, fmt.Sprintf(format, args...))
}

func (p *person) Get(scope world.Scope, name string) (string, bool) {
	if scope == world.User && name == "topic" {
		return p.meta.Topics[p.topic], true
	}
	v, ok := p.vars[scope][name]
	return v, ok
}

func (p *person) Set(scope world.Scope, name, value string) {
	p.did("set %d %q %q", scope, name, value)
	if scope == world.User && name == "topic" {
		p.SwitchTopic(value)
		return
	}
	if len(value) <= 4096 {
		p.vars[scope][name] = value
	}
}

func (p *person) Clear(scope world.Scope, name string) {
	p.did("clear %d %q", scope, name)
	delete(p.vars[scope], name)
}

func (p *person) Math(op world.MathOp, name, operand string) string {
	p.did("math %d %q %q", op, name, operand)
	n, ok := world.Number(operand)
	if !ok {
		return "[ERR: Math can't do it with '" + operand + "']"
	}
	old, _ := world.Number(p.vars[world.User][name])
	p.vars[world.User][name] = fmt.Sprint(old + n*float64(op+1))
	return ""
}

func (p *person) Input(n int) (string, bool) { return nth(p.inputs, n) }
func (p *person) Reply(n int) (string, bool) { return nth(p.replies, n) }

func nth(list []string, n int) (string, bool) {
	if n < 1 || n > len(list) {
		return "", false
	}
	return list[n-1], true
}

func (p *person) LastReply() (part, whole string, ok bool) {
	whole, ok = nth(p.replies, 1)
	return p.part, whole, ok
}

func (p *person) ID() string { return "ann-1" }
func (p *person) Topic() int { return p.topic }

func (p *person) SwitchTopic(name string) {
	p.did("switch %q", name)
	p.Trace(trace.Event{Kind: trace.Switch, Text: name}) // among the others, so that the order counts
	p.topic = max(0, slices.Index(p.meta.Topics, strings.ToLower(name)))
}

func (p *person) Random(n uint64) uint64 {
	r := p.draws.Uint64() % n
	p.did("random %d: %d", n, r)
	return r
}

func (p *person) Trace(e trace.Event) {
	e.Captures = slices.Clone(e.Captures)
	p.trace = append(p.trace, e)
}

// state is everything of a person that a turn may have changed.
func (p *person) state() string {
	var b strings.Builder
	fmt.Fprintln(&b, "topic", p.topic)
	for scope := range p.vars {
		for _, name := range slices.Sorted(maps.Keys(p.vars[scope])) {
			fmt.Fprintf(&b, "%d %q=%q\n", scope, name, p.vars[scope][name])
		}
	}
	for _, d := range p.deeds {
		fmt.Fprintln(&b, d)
	}
	for _, e := range p.trace {
		fmt.Fprintf(&b, "%s %+v\n", e.Kind, e)
	}
	return b.String()
}
