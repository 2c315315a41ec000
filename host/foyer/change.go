package foyer

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// Change is a property that a Page has otherwise than it is wanted.
type Change struct {
	Property Property
	Want     any      // in the platform's shape; nil: the property is to be removed
	Lines    []string // what it means, a line each, after "+ " what comes, after "- " what goes
}

// Compare tells what is to change on a Page that has installed, for it to be as wanted.
// A property that is not wanted is removed only if it is ours: people may have set it by hand.
func Compare(wanted map[Property]any, installed map[string]json.RawMessage, ours []Property) []Change {
	var out []Change
	for _, p := range Properties() {
		want, wants := wanted[p]
		raw, has := installed[string(p)]
		var have any
		if has {
			have = read(p, raw)
		}
		switch {
		case wants && !reflect.DeepEqual(want, have):
			out = append(out, Change{p, want, difference(describe(have), describe(want))})
		case !wants && has && slices.Contains(ours, p):
			out = append(out, Change{p, nil, difference(describe(have), nil)})
		}
	}
	return out
}

// difference are the lines that only one side has.
func difference(old, fresh []string) []string {
	var out []string
	for _, line := range old {
		if !slices.Contains(fresh, line) {
			out = append(out, "- "+line)
		}
	}
	for _, line := range fresh {
		if !slices.Contains(old, line) {
			out = append(out, "+ "+line)
		}
	}
	if len(out) == 0 {
		return []string{"~ the same entries in another order"}
	}
	return out
}

// describe says what a property shows, a line for each thing that people see.
func describe(v any) []string {
	var out []string
	add := func(locale, format string, args ...any) {
		line := fmt.Sprintf(format, args...)
		if locale != everybody {
			line = locale + ": " + line
		}
		out = append(out, line)
	}
	switch v := v.(type) {
	case wireStart:
		add(everybody, "a button Get Started (%s)", v.Payload)
	case []wireGreeting:
		for _, g := range v {
			add(g.Locale, "%q", g.Text)
		}
	case []wireMenu:
		for _, m := range v {
			for _, item := range m.Items {
				if item.URL != "" {
					add(m.Locale, "%q opens %s", item.Title, item.URL)
				} else {
					add(m.Locale, "%q says %q", item.Title, item.Payload)
				}
			}
			if m.Closed {
				add(m.Locale, "people can tap, and not type")
			}
		}
	case []wireStarters:
		for _, s := range v {
			for _, item := range s.Items {
				add(s.Locale, "%q says %q", item.Question, item.Payload)
			}
		}
	case []wireCommands:
		for _, c := range v {
			for _, item := range c.Items {
				add(c.Locale, "/%s: %s", item.Name, item.Description)
			}
		}
	case []string:
		out = append(out, v...)
	}
	return out
}

// Title is how a property is called among people.
func (p Property) Title() string {
	switch p {
	case GetStarted:
		return "Get Started button"
	case IceBreakers:
		return "ice breakers"
	case Menu:
		return "menu"
	case Domains:
		return "domains"
	}
	return string(p)
}
