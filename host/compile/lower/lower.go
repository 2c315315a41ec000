// Package lower turns a checked bot into ir: it numbers topics and triggers, puts
// them in order, and makes flat steps of the templates. It reports nothing; what
// can be wrong with a script was found before. No API of the host is promised.
package lower

import (
	"slices"
	"strconv"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/match"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Memory keeps the patterns of the last program, so that the next one need not compile
// those that are the same: these it shares with the last one, nodes and all. The zero
// Memory is empty. It must not be used by two calls at once.
type Memory struct{ patterns patterns }

// Program lowers a bot. The same bot gives the same program.
func Program(in *link.Program) *ir.Program { return new(Memory).Program(in) }

// Program is Program of the package, with the same result.
func (m *Memory) Program(in *link.Program) *ir.Program {
	compiled := newPatterns(in, &m.patterns)
	m.patterns = *compiled
	l := &lowerer{
		in: in,
		out: &ir.Program{
			Meta:   meta(in),
			Begin:  ir.None,
			Errors: ir.ErrorTexts(string(in.Dialect)),
		},
		files:     make(map[*source.File]int, len(in.Files)),
		patterns:  compiled,
		arrays:    map[string]*arrayFuncs{},
		constants: map[string]int{},
		choices:   map[*syntax.Node]int{},
	}
	for i, f := range in.Files {
		l.files[f] = i
	}
	l.out.Patterns, l.out.Triggers = compiled.compiled, make([]ir.Trigger, 0, compiled.triggers)
	l.out.Funcs = make([]ir.Func, 0, compiled.triggers) // most have one reply
	l.out.Meta.Triggers.Grow(compiled.triggers)
	l.out.Meta.Objects = l.objects()
	l.topics()
	return l.out
}

// meta describes a bot, but for its triggers.
func meta(in *link.Program) ir.Meta {
	m := ir.Meta{
		Dialect: string(in.Dialect),
		Message: message.Options{
			Mode: mode(in), Punctuation: in.Punctuation,
			Subs: substitutions(in.Subs), Person: substitutions(in.Person),
		},
		BotVars: definitions(in.BotVars),
		Env:     definitions(in.Env),
	}
	for i := range m.Message.Subs {
		m.Message.Subs[i].To = message.Fold(m.Message.Subs[i].To) // L-DEF-7
	}
	for _, f := range in.Files {
		m.Files = append(m.Files, f.Path)
	}
	for _, t := range in.Topics {
		m.Topics = append(m.Topics, t.Name)
	}
	return m
}

// mode is how messages are stripped (L-NORM-4).
func mode(in *link.Program) message.Mode {
	switch {
	case in.Dialect == link.Dexter:
		return message.Dexter
	case in.UTF8:
		return message.UTF8
	}
	return message.ASCII
}

func substitutions(pairs []link.Pair) []message.Substitution {
	list := make([]message.Substitution, len(pairs))
	for i, p := range pairs {
		list[i] = message.Substitution{From: message.Fold(p.Name), To: p.Value}
	}
	return list
}

func definitions(pairs []link.Pair) []ir.Definition {
	list := make([]ir.Definition, len(pairs))
	for i, p := range pairs {
		list[i] = ir.Definition{Name: p.Name, Value: p.Value}
	}
	return list
}

// lowerer is a program in the making.
type lowerer struct {
	in        *link.Program
	out       *ir.Program
	files     map[*source.File]int
	patterns  *patterns
	arrays    map[string]*arrayFuncs
	constants map[string]int       // Funcs of texts
	choices   map[*syntax.Node]int // numbers of the choices of begin replies
	file      string               // of the line that is being lowered
	role      string               // of that line: "reply"
	nth       int                  // "reply 2"; 0 where there is only one
	loc       ir.Loc
}

// topics lowers all triggers, and makes the groups and views.
func (l *lowerer) topics() {
	candidates := make([][]match.Candidate, len(l.in.Topics))
	for i, t := range l.in.Topics {
		candidates[i] = l.triggers(t, i)
	}
	candidates = append(candidates, weighted(candidates[0]))
	l.out.Views = append(match.Reach(l.in), ir.View{{Group: len(l.in.Topics)}})
	if l.in.Begin != nil {
		l.out.Begin = len(l.out.Views)
		candidates = append(candidates, l.triggers(l.in.Begin, ir.None))
		l.out.Views = append(l.out.Views, ir.View{{Group: l.out.Begin}})
	}
	l.order(candidates)
}

// order ranks the triggers and puts each group of them into its order.
func (l *lowerer) order(groups [][]match.Candidate) {
	ranks := match.Ranks(slices.Concat(groups...), l.in.Dialect == link.RiveScript)
	for _, group := range groups {
		own := ranks[:len(group)]
		ranks = ranks[len(group):]
		for i, c := range group {
			l.out.Triggers[c.Number].Rank = own[i]
		}
		l.out.Groups = append(l.out.Groups, match.Group(group, own))
	}
	if l.out.Begin != ir.None {
		l.out.Groups[l.out.Begin].Previous = nil // no % looks at the begin block (L-BEGIN-1)
	}
}

// weighted are the triggers that answer even while a human has the thread (L-EV-10).
func weighted(root []match.Candidate) []match.Candidate {
	var list []match.Candidate
	for _, c := range root {
		if c.Weight > 0 {
			list = append(list, c)
		}
	}
	return list
}

// triggers lowers those of one topic; ir.None stands for the begin block.
func (l *lowerer) triggers(t *link.Topic, topic int) []match.Candidate {
	candidates := make([]match.Candidate, 0, len(t.Triggers))
	for _, trigger := range t.Triggers {
		c := match.Candidate{
			Number: len(l.out.Triggers), Weight: trigger.Weight,
			Key: l.patterns.key(trigger.Pattern), Source: trigger.Order,
		}
		if trigger.Previous != nil {
			key := l.patterns.key(trigger.Previous)
			c.Previous = &key
		}
		lowered := l.trigger(trigger, topic == ir.None)
		info := ir.TriggerInfo{Text: trigger.Text, Topic: topic, Class: c.Key.Class, Loc: l.place(trigger.Span)}
		if n := len(lowered.Replies); n > 0 {
			info.Replies = make([]int, 0, n)
		}
		for _, c := range lowered.Conditions {
			info.Conditions = append(info.Conditions, ir.ConditionInfo{Op: c.Op.String(), Line: c.Loc.Line})
		}
		for _, r := range lowered.Replies {
			info.Replies = append(info.Replies, r.Loc.Line)
		}
		l.out.Meta.Triggers.Add(info)
		l.out.Triggers = append(l.out.Triggers, lowered)
		candidates = append(candidates, c)
	}
	return candidates
}

func (l *lowerer) place(s source.Span) ir.Loc {
	if s.IsZero() {
		return ir.Loc{}
	}
	return ir.Loc{File: l.files[s.File], Line: s.Line()}
}

// at says which line is being lowered, and its role: the n-th reply, or with 0 the
// only alias.
func (l *lowerer) at(s source.Span, role string, n int) {
	l.loc, l.file, l.role, l.nth = l.place(s), "", role, n
	if !s.IsZero() {
		l.file = s.File.Path
	}
}

// label names the line that is being lowered: "order.topic:12 reply 2".
func (l *lowerer) label() string {
	label := l.file + ":" + strconv.Itoa(l.loc.Line) + " " + l.role
	if l.nth > 0 {
		label += " " + strconv.Itoa(l.nth)
	}
	return label
}
