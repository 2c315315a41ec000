package link

import "github.com/footlight-bots/footlight/host/script/syntax"

// answer is one way a trigger can reply.
type answer struct {
	template *syntax.Template
	guarded  bool // the trigger has conditions: whether it comes to this depends
}

// answers lists the replies of a trigger, its alias left out.
func answers(t *Trigger) []answer {
	var out []answer
	guarded := len(t.Conditions) > 0
	for _, c := range t.Conditions {
		out = append(out, answer{c.Reply, guarded})
	}
	for _, r := range t.Replies {
		out = append(out, answer{r.Template, guarded})
	}
	return out
}

// walkTrigger visits every node of a trigger's templates.
func walkTrigger(t *Trigger, visit func(*syntax.Node)) {
	walk(t.Alias, visit)
	for _, c := range t.Conditions {
		walk(c.Left, visit)
		walk(c.Right, visit)
	}
	for _, a := range answers(t) {
		walk(a.template, visit)
	}
	for _, r := range t.Requests {
		walk(r.URL, visit)
		walkPieces(r.JSON, visit)
	}
}

// walk visits every node of a template, those in arguments and blocks included.
func walk(t *syntax.Template, visit func(*syntax.Node)) {
	if t == nil {
		return
	}
	for i := range t.Nodes {
		n := &t.Nodes[i]
		visit(n)
		for _, a := range n.Args {
			walk(a, visit)
		}
		for _, b := range n.Blocks {
			walk(b, visit)
		}
		for _, a := range n.Attributes {
			walk(a.Value, visit)
		}
		if n.Shortcode != nil {
			for _, a := range n.Shortcode.Args {
				walk(a, visit)
			}
			walkPieces(n.Shortcode.JSON, visit)
		}
	}
}

func walkPieces(list []syntax.JSONPiece, visit func(*syntax.Node)) {
	for _, p := range list {
		walk(p.Template, visit)
	}
}

// leaves tells whether one of some triggers of a topic can lead out of it.
func (l *linker) leaves(t *topic, triggers []*Trigger) bool {
	out := false
	for _, trigger := range triggers {
		walkTrigger(trigger, func(n *syntax.Node) {
			switch n.Kind {
			case syntax.TopicNode:
				name, literal := n.Args[0].Literal()
				out = out || !literal || l.topicName(name) != t.Name
			case syntax.SetNode:
				out = out || dynamicName(n)
			case syntax.CallNode, syntax.DirectionNode:
				out = true
			}
		})
	}
	return out
}
