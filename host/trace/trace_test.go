package trace

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLines(t *testing.T) {
	got := Lines([]Event{
		{Kind: Input, Text: "hi"},
		{Kind: Topic, Text: "default"},
		{Kind: Matched, Text: "hi *", Captures: []string{"ann"}, File: "a.topic", Line: 3},
		{Kind: Condition, N: 0, Left: "undefined", Text: "!=", Right: "", OK: false},
		{Kind: Reply, N: 1, Of: 2},
		{Kind: Set, Name: "name", Text: "Ann", OK: true},
		{Kind: Set, Name: "name"},
		{Kind: Switch, Text: "menu"},
		{Kind: Redirect, Text: "offer"},
		{Kind: Unmatched, Text: "offer"},
		{Kind: Problem, Text: "[RIVE_ERROR: Reply Not Matched]"},
		{Kind: Request, Name: "now", Text: "GET https://a.example/", N: 200, OK: true},
		{Kind: Request, Text: "GET https://a.example/"},
		{Kind: Direction, Name: "weather", Text: "rain", OK: true},
		{Kind: Direction, Name: "weather", Text: "no such city"},
	})
	want := []Line{
		{Kind: "input", Text: `heard "hi"`},
		{Kind: "topic", Text: "in topic default"},
		{Kind: "matched", Text: `+ hi *   <star> = "ann"`, File: "a.topic", Line: 3},
		{Kind: "condition", Text: `"undefined" != ""? no`},
		{Kind: "reply", Text: "reply 2 of 2"},
		{Kind: "set", Text: `<set name> = "Ann"`},
		{Kind: "set", Text: "<set name>: cleared"},
		{Kind: "switch", Text: "to topic menu"},
		{Kind: "redirect", Text: `go to "offer"`},
		{Kind: "unmatched", Text: `no trigger matches "offer"`, Indent: 1},
		{Kind: "problem", Text: "[RIVE_ERROR: Reply Not Matched]", Indent: 1},
		{Kind: "request", Text: "asked GET https://a.example/ (now): 200", Indent: 1},
		{Kind: "request", Text: "asked GET https://a.example/: no answer", Indent: 1},
		{Kind: "direction", Text: `<weather> gave "rain"`, Indent: 1},
		{Kind: "direction", Text: "<weather> failed: no such city", Indent: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if place := got[2].Place(); place != "a.topic:3" {
		t.Errorf("place %q", place)
	}
	if place := got[0].Place(); place != "" {
		t.Errorf("an event without a place is at %q", place)
	}
}

func TestEveryKindHasAName(t *testing.T) {
	for k := Input; k <= Direction; k++ {
		if name := k.String(); name == "" || name == "unknown" {
			t.Errorf("kind %d has no name", k)
		}
	}
}
