package link

import (
	"strings"

	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// set is a set of names.
type set map[string]bool

func (s *set) add(name string) {
	if *s == nil {
		*s = set{}
	}
	(*s)[name] = true
}

// reading is one place where a variable is read.
type reading struct {
	name string
	span source.Span
}

// uses is what the scripts of a bot read, set, call and go to: the ground of
// the checks that look at the whole bot.
type uses struct {
	arrays, topics    set
	userRead, userSet set
	botRead, envRead  set
	reads             []reading // of user variables
	sets              []reading
	anyTopic          bool // a topic is chosen by a tag
	anyRead, anySet   bool // a variable is named by a tag
	anyBot, anyEnv    bool
	plugins           bool // a direction of a plug-in may set variables
	redirects         []redirect
}

func (u *uses) init() {
	for _, s := range []*set{&u.arrays, &u.topics, &u.userRead, &u.userSet, &u.botRead, &u.envRead} {
		if *s == nil {
			*s = set{}
		}
	}
}

// read takes the reading of a variable.
func (u *uses) read(kind, name string, at source.Span) {
	switch kind {
	case "get":
		u.userRead.add(name)
		u.reads = append(u.reads, reading{name, at})
	case "bot":
		u.botRead.add(name)
	case "env":
		u.envRead.add(name)
	}
}

// observe takes note of what a node uses, and reports what it names in vain.
func (l *linker) observe(n *syntax.Node) {
	switch n.Kind {
	case syntax.GetNode:
		l.observeRead(n)
	case syntax.SetNode, syntax.ClearNode, syntax.MathNode:
		l.observeSet(n)
	case syntax.TopicNode:
		l.observeTopic(n)
	case syntax.CallNode:
		l.observeCall(n)
	case syntax.RedirectNode:
		l.observeRedirect(n.Args[0], n.Span, false)
	}
}

func (l *linker) observeRead(n *syntax.Node) {
	if name, literal := n.Args[0].Literal(); literal {
		l.uses.read(n.Name, name, n.Span)
		return
	}
	switch n.Name {
	case "get":
		l.uses.anyRead = true
	case "bot":
		l.uses.anyBot = true
	case "env":
		l.uses.anyEnv = true
	}
}

func (l *linker) observeSet(n *syntax.Node) {
	if n.Name == "bot" || n.Name == "env" {
		return
	}
	name, literal := n.Args[0].Literal()
	if !literal {
		l.uses.anySet = true
		return
	}
	if n.Kind != syntax.ClearNode {
		l.uses.userSet.add(name)
	}
	l.uses.sets = append(l.uses.sets, reading{name, n.Span})
}

// observeTopic reports a switch to a topic that does not exist (E021).
func (l *linker) observeTopic(n *syntax.Node) {
	name, literal := n.Args[0].Literal()
	if !literal {
		l.uses.anyTopic = true
		return
	}
	known := l.topicName(strings.ToLower(name))
	if name != "" && l.topics[known] != nil {
		l.uses.topics.add(known)
		n.Args[0] = textTemplate(known, n.Args[0].Span)
		return
	}
	defer func() { n.Args[0] = textTemplate(l.root, n.Args[0].Span) }()
	at := n.Args[0].Span
	if at.Start == at.End {
		at = n.Span
	}
	d := draft("E021", at, `topic "`+name+`" does not exist`, "no topic has this name")
	if l.nearest(d, at, strings.ToLower(name), keys(l.topics), "") {
		other := l.topics[d.Suggestion.Text]
		l.uses.topics.add(other.Name)
		if !other.span.IsZero() {
			d.AddNote(`topic "`+other.Name+`" begins`, other.span)
		}
	}
	d.Help = `people who reach this line go to topic "` + l.root + `" instead.`
	l.found.Add(*d)
}

// observeCall reports a call of a macro that does not exist (E028).
func (l *linker) observeCall(n *syntax.Node) {
	if len(n.Args) == 0 {
		l.add("E028", n.Span, "this call names no macro", "people see an error text", "")
		return
	}
	name, literal := n.Args[0].Literal()
	if !literal {
		return
	}
	var known []string
	for _, o := range l.program.Objects {
		if o.Name == name {
			return
		}
		known = append(known, o.Name)
	}
	d := draft("E028", n.Args[0].Span, `there is no macro "`+name+`"`, "people see an error text")
	l.nearest(d, n.Args[0].Span, name, known, "")
	l.found.Add(*d)
}

// textTemplate is a template of nothing but text.
func textTemplate(text string, at source.Span) *syntax.Template {
	return &syntax.Template{Nodes: []syntax.Node{{Kind: syntax.TextNode, Text: text, Span: at}}, Span: at}
}
