package bench

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/dialogue/chat"
	"github.com/footlight-bots/footlight/host/turn"
)

func says(texts ...string) (list []turn.Event) {
	for _, text := range texts {
		list = append(list, turn.Event{Kind: turn.Text, Text: text})
	}
	return list
}

func TestLines(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       []Talk
	}{
		{"nothing", "\n\n  \n", nil},
		{"comments only", "# one\n#\n", nil},
		{"one person", "hello\n  tea \r\n# green\n#1\n", []Talk{{Says: says("hello", "tea", "#1")}}},
		{"two people", "\nhello\n\n\n# the next\ntea", []Talk{{Says: says("hello")}, {Says: says("tea")}}},
	} {
		if d := cmp.Diff(row.want, Lines(row.text)); d != "" {
			t.Errorf("%s:\n%s", row.name, d)
		}
	}
}

func TestTests(t *testing.T) {
	file, mistakes := chat.Parse("a.chat", []byte(`
test "orders"
  given name = Ann, topic = shop
  > hello
  < Hi!
  > :tap Green
  > :read
test "is left out" skip "not today"
  > no
test "from a state"
  given state = "x.json"
  > no
test "says nothing"
  ~ topic shop
`))
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	want := []Talk{{
		Topic: "shop", Vars: map[string]any{"name": "Ann"}, BotVars: map[string]string{},
		Says: append(says("hello"), turn.Event{Kind: turn.QuickReply, Text: "Green"}),
	}}
	if d := cmp.Diff(want, Tests([]chat.File{file})); d != "" {
		t.Error(d)
	}
}
