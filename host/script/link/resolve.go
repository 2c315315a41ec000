package link

import (
	"strings"
	"unicode"

	"github.com/footlight-bots/footlight/host/script/syntax"
)

// squeeze makes one blank of every run of white space.
func squeeze(s string) string {
	if squeezed(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// squeezed tells whether there is nothing to squeeze, as in most texts.
func squeezed(s string) bool {
	before := ' '
	for _, r := range s {
		if unicode.IsSpace(r) && (r != ' ' || before == ' ') {
			return false
		}
		before = r
	}
	return before != ' '
}

// resolve replaces in all triggers and arrays what names nothing. The documents
// are left as they are: triggers of the program in which that changes something are copies.
func (l *linker) resolve() {
	l.uses.init()
	for _, w := range l.words {
		a := l.program.Arrays[w.name]
		for i, t := range a.Templates {
			a.Templates[i] = l.template(t)
		}
	}
	for _, t := range l.all() {
		l.topicNow = t
		for _, trigger := range t.Triggers {
			l.resolveTrigger(trigger)
		}
	}
	l.topicNow = nil
	for _, trigger := range l.broken {
		l.resolveTrigger(trigger)
	}
	l.trigger = nil
}

// all lists the topics, the begin block among them.
func (l *linker) all() []*topic {
	if l.begin == nil {
		return l.order
	}
	return append(l.order[:len(l.order):len(l.order)], l.begin)
}

// resolveTrigger resolves one trigger.
func (l *linker) resolveTrigger(t *Trigger) {
	l.trigger = t
	l.references(t.Pattern)
	l.references(t.Previous)
	if saysText(t) {
		return
	}
	c := *t.Trigger
	t.Trigger = &c
	if c.Alias = l.template(c.Alias); c.Alias != nil {
		l.observeRedirect(c.Alias, c.Alias.Span, true)
	}
	conditions := c.Conditions
	c.Conditions = nil
	for _, k := range conditions {
		k.Left, k.Right, k.Reply = l.template(k.Left), l.template(k.Right), l.template(k.Reply)
		c.Conditions = append(c.Conditions, k)
	}
	replies := c.Replies
	c.Replies = nil
	for _, r := range replies {
		r.Template = l.template(r.Template)
		c.Replies = append(c.Replies, r)
	}
	requests := c.Requests
	c.Requests = nil
	for _, r := range requests {
		r.URL, r.JSON = l.template(r.URL), l.pieces(r.JSON)
		c.Requests = append(c.Requests, r)
	}
}

// saysText tells whether a trigger has only replies without tags, as most have: then
// there is nothing to resolve.
func saysText(t *Trigger) bool {
	if t.Alias != nil || len(t.Conditions) > 0 || len(t.Requests) > 0 {
		return false
	}
	for i := range t.Replies {
		if nodes := t.Replies[i].Template.Nodes; len(nodes) != 1 || nodes[0].Kind != syntax.TextNode {
			return false
		}
	}
	return true
}

// references finds arrays that a pattern names and nobody defines: they exist
// from now on, without entries (L-TRIG-5).
func (l *linker) references(p *syntax.Pattern) {
	if p != nil {
		l.elements(p.Elements)
	}
}

func (l *linker) elements(list []syntax.Element) {
	for i := range list {
		e := &list[i]
		switch e.Kind {
		case syntax.ArrayRef:
			if l.isArray(e.Text) {
				l.uses.arrays.add(e.Text)
				continue
			}
			d := draft("E018", e.Span, "there is no array @"+e.Text, "matches nothing")
			l.nearest(d, e.Span, e.Text, l.arrayNames(), "@")
			l.found.Add(*d)
			if l.program.Arrays[e.Text] == nil {
				l.program.Arrays[e.Text] = &Array{Name: e.Text}
			}
		case syntax.GetRef:
			l.uses.read("get", e.Text, e.Span)
		case syntax.BotRef:
			l.uses.read("bot", e.Text, e.Span)
		}
		for _, alternative := range e.Alternatives {
			l.elements(alternative)
		}
	}
}

// isArray tells whether an array of that name is defined.
func (l *linker) isArray(name string) bool {
	_, found := l.written["array "+name]
	return found
}

func (l *linker) arrayNames() []string {
	var names []string
	for _, w := range l.words {
		names = append(names, w.name)
	}
	return names
}

// template resolves a template; nil stays nil.
func (l *linker) template(t *syntax.Template) *syntax.Template {
	if t == nil {
		return nil
	}
	return &syntax.Template{Nodes: l.nodes(t.Nodes), Span: t.Span}
}

func (l *linker) list(ts []*syntax.Template) []*syntax.Template {
	var out []*syntax.Template
	for _, t := range ts {
		out = append(out, l.template(t))
	}
	return out
}

func (l *linker) pieces(list []syntax.JSONPiece) []syntax.JSONPiece {
	var out []syntax.JSONPiece
	for _, p := range list {
		p.Template = l.template(p.Template)
		out = append(out, p)
	}
	return out
}

// nodes resolves a row of nodes; neighbouring texts become one.
func (l *linker) nodes(list []syntax.Node) []syntax.Node {
	if len(list) == 0 {
		return nil
	}
	out := make([]syntax.Node, 0, len(list))
	for i := range list {
		if list[i].Kind == syntax.TextNode && len(list) == 1 { // most templates are one text
			return append(out, list[i])
		}
		for _, n := range l.node(&list[i]) {
			if last := len(out) - 1; last >= 0 && n.Kind == syntax.TextNode && out[last].Kind == syntax.TextNode {
				out[last].Text += n.Text
				out[last].Span.End = max(out[last].Span.End, n.Span.End)
				continue
			}
			out = append(out, n)
		}
	}
	return out
}

// node resolves one node; a direction nobody offers becomes several.
func (l *linker) node(n *syntax.Node) []syntax.Node {
	if n.Kind == syntax.DirectionNode {
		return l.direction(n)
	}
	c := *n
	if n.Kind == syntax.ArrayNode {
		if !l.isArray(n.Text) {
			c.Kind, c.Text = syntax.TextNode, n.Span.Text()
			return []syntax.Node{c}
		}
		l.uses.arrays.add(n.Text)
	}
	l.children(&c)
	l.observe(&c)
	return []syntax.Node{c}
}

// children resolves what stands inside of a node.
func (l *linker) children(c *syntax.Node) {
	c.Args, c.Blocks = l.list(c.Args), l.list(c.Blocks)
	if c.Attributes != nil {
		attributes := c.Attributes
		c.Attributes = nil
		for _, a := range attributes {
			a.Value = l.template(a.Value)
			c.Attributes = append(c.Attributes, a)
		}
	}
	if c.Shortcode != nil {
		c.Shortcode = &syntax.Shortcode{Args: l.list(c.Shortcode.Args), JSON: l.pieces(c.Shortcode.JSON), Problem: c.Shortcode.Problem}
	}
}
