package dialogue

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/turn"
)

// textOf is the reply text of parts as people see it (L-TEXT-3), error texts included.
func textOf(parts []reply.Part) string {
	var texts []string
	for _, part := range parts {
		if part.Text != "" {
			texts = append(texts, part.Text)
		}
	}
	return strings.Join(texts, " ")
}

// canonical writes a value as JSON in which equal values are equal texts.
func canonical(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("unprintable: %v", err)
	}
	var plain any
	if json.Unmarshal(data, &plain) == nil {
		if data, err = json.Marshal(plain); err == nil {
			return string(data)
		}
	}
	return string(data)
}

func canonicalParts(parts []PartOf) string {
	for i := range parts {
		if parts[i].Shortcodes == nil {
			parts[i].Shortcodes = [][]any{}
		}
	}
	return canonical(parts)
}

func renderParts(parts []reply.Part) string {
	list := make([]PartOf, len(parts))
	for i, part := range parts {
		list[i] = PartOf{Text: part.Text, Delay: part.Delay.Seconds(), NoCancel: part.NoCancel, Shortcodes: callLists(part.Shortcodes)}
	}
	return canonical(list)
}

// callLists is shortcodes in the shape of a case: name first, then arguments.
func callLists(calls []reply.Call) [][]any {
	lists := make([][]any, len(calls))
	for i, call := range calls {
		list := []any{call.Name}
		if call.Name == "buttons" {
			for _, label := range (reply.Part{Shortcodes: []reply.Call{call}}).Labels() {
				list = append(list, label)
			}
			lists[i] = list
			continue
		}
		for n, arg := range call.Args {
			if call.Name == "reminder" && n == 1 { // as written, whatever the compiler made of it
				arg = reply.Arg{Text: reply.ReadContent(arg).String()}
			}
			if arg.JSON == "" {
				list = append(list, arg.Text)
				continue
			}
			list = append(list, json.RawMessage(arg.JSON))
		}
		lists[i] = list
	}
	return lists
}

// Set changes variables as a host may: names with _ are allowed, null clears.
func (t *Talk) Set(values map[string]any) error {
	t.State.Vars = maps.Clone(t.State.Vars)
	if t.State.Vars == nil {
		t.State.Vars = map[string]json.RawMessage{}
	}
	for name, value := range values {
		switch {
		case name == "topic":
			topic, _ := value.(string)
			t.State.Topic = topic
		case value == nil:
			delete(t.State.Vars, name)
		default:
			data, err := json.Marshal(value)
			if err != nil {
				return fmt.Errorf("set %s: %w", name, err)
			}
			t.State.Vars[name] = data
		}
	}
	return nil
}

func (p *play) get(want map[string]string) error {
	for name, text := range want {
		got := "undefined"
		if name == "topic" {
			got = p.topic()
		} else if value, ok := turn.Variable(p.talk().State, name); ok {
			got = value
		}
		if got != text {
			return p.fail(fmt.Sprintf("%s = %q", name, text), "%q", got)
		}
	}
	return nil
}

// topic is where the current person stands; somebody new, and somebody in a
// topic that has vanished, is in the root topic.
func (p *play) topic() string {
	topics := p.cast.Script.Program().Topics
	if at := p.talk().State.Topic; at == ir.Bypass || slices.Contains(topics, at) {
		return at
	}
	return topics[0]
}

func (p *play) reload(ctx context.Context, changes map[string]*string) error {
	p.files = maps.Clone(p.files)
	for path, text := range changes {
		if text == nil {
			delete(p.files, path)
			continue
		}
		p.files[path] = *text
	}
	return p.load(ctx)
}

func (p *play) matched(want map[string]string) error {
	first, last := "undefined", "undefined"
	if matched := p.talk().State.Matched; len(matched) > 0 {
		first, last = matched[0], matched[len(matched)-1]
	}
	for _, check := range []struct{ key, got string }{{"first", first}, {"last", last}} {
		if text, asked := want[check.key]; asked && text != check.got {
			return p.fail(check.key+" matched "+text, "%s", check.got)
		}
	}
	return nil
}
