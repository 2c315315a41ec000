package chat

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/trace"
	"github.com/footlight-bots/footlight/host/turn"
)

// state compares facts with how things are after the latest turn.
func (p *performance) state(s *Step) *Failure {
	for _, f := range s.Facts {
		if want, got, ok := p.fact(f); !ok {
			return &Failure{Want: want, Got: got}
		}
	}
	p.script = append(p.script, s.written)
	return nil
}

// fact tells whether a fact holds, and what there is in its place.
func (p *performance) fact(f fact) (want, got string, ok bool) {
	switch f.kind {
	case "topic":
		want, got = "topic "+f.name, "topic "+p.topic()
	case "set":
		value, set := turn.Variable(p.talk.State, f.name)
		if !set {
			value = "undefined"
		}
		want, got = f.name+" = "+f.value, f.name+" = "+value
	case "unset":
		value, set := turn.Variable(p.talk.State, f.name)
		return f.name + " unset", f.name + " = " + value, !set
	case "pending":
		want, got = "pending "+strings.TrimLeft(f.name, "0"), "pending "+strconv.Itoa(p.talk.Pending())
		if strings.Trim(f.name, "0") == "" {
			want = "pending 0"
		}
	case "window":
		want, got = "window "+f.name, "window closed"
		if p.talk.Open() {
			got = "window open"
		}
	case "trigger":
		return "the trigger at " + f.name, p.answered(), p.matched(f.name)
	case "called":
		calls := p.world.calls()
		ok = slices.ContainsFunc(calls, func(d world.Direction) bool {
			return sameTag(f.name, d.Name) && has(d, f.attrs, func(want, got string) bool { return glob(want, got) })
		})
		return "called " + called(f), listed(calls), ok
	}
	return want, got, want == got
}

// topic is where the person stands; somebody new stands in the root topic.
func (p *performance) topic() string {
	if p.talk.State.Topic == "" {
		return p.stage.Cast.Script.Program().Topics[0]
	}
	return p.talk.State.Topic
}

// matched tells whether the trigger at a place answered in the latest turn.
func (p *performance) matched(place string) bool {
	_, last := p.talk.Last()
	return slices.ContainsFunc(last.Trace, func(e trace.Event) bool { return e.Kind == trace.Matched && at(e) == place })
}

// answered lists where the triggers stand that answered in the latest turn.
func (p *performance) answered() string {
	var places []string
	_, last := p.talk.Last()
	for _, e := range last.Trace {
		if e.Kind == trace.Matched {
			places = append(places, at(e))
		}
	}
	if len(places) == 0 {
		return "no trigger answered"
	}
	return "the trigger at " + strings.Join(places, ", then ")
}

func called(f fact) string {
	text := f.name
	for _, a := range f.attrs {
		text += " " + a.Name + "=" + title(a.Value)
	}
	return text
}

func listed(calls []world.Direction) string {
	if len(calls) == 0 {
		return "no direction ran"
	}
	var list []string
	for _, d := range calls {
		text := d.Name
		for _, a := range d.Attributes {
			text += fmt.Sprintf(" %s=%s", a.Name, title(a.Value))
		}
		list = append(list, text)
	}
	return "called " + strings.Join(list, ", ")
}
