package bench

import (
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/trace"
)

// Class is a kind of trigger, as far as it matters for the search.
type Class uint8

// The classes.
const (
	Exact     Class = iota // words and nothing else
	Pattern                // wildcards, optionals, alternatives, arrays
	Dynamic                // values of variables or history stand in it
	Previous               // it has a %
	Fallback               // the bare *
	Unmatched              // no trigger at all
	Silent                 // the event started no turn
	classes
)

var (
	classNames  = [classes]string{"exact", "pattern", "dynamic", "previous", "fallback", "unmatched", "silent"}
	classTitles = [classes]string{"exact sentence", "pattern", "with variables", "with % previous", "fallback *", "no match", "no turn"}
)

// String names the class in one word.
func (c Class) String() string { return classNames[c] }

// ClassOf is the class of a trigger.
func ClassOf(p *ir.Program, trigger int) Class {
	if trigger == ir.None {
		return Unmatched
	}
	t := &p.Triggers[trigger]
	if t.Previous != ir.None {
		return Previous
	}
	pattern := &p.Patterns[t.Pattern]
	if pattern.Bare {
		return Fallback
	}
	class := Exact
	for i := range pattern.Nodes {
		switch pattern.Nodes[i].Op {
		case ir.Literal, ir.Accept:
		case ir.Dynamic, ir.Empty:
			return Dynamic
		default:
			class = Pattern
		}
	}
	return class
}

// winner is the trigger that a message met first, those of the begin block aside.
func winner(p *ir.Program, events []trace.Event) int {
	for _, e := range events {
		if e.Kind == trace.Matched && p.Meta.Triggers.At(e.Trigger).Topic != ir.None {
			return e.Trigger
		}
	}
	return ir.None
}
