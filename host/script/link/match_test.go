package link

import (
	"testing"

	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

func pattern(t *testing.T, text string) *syntax.Pattern {
	t.Helper()
	doc, found := syntax.Parse(source.New("default.topic", []byte("+ "+text+"\n- x\n")))
	if len(found) > 0 {
		t.Fatalf("%q: %s", text, found[0].Message)
	}
	return doc.Blocks[0].Triggers[0].Pattern
}

// TestMatches holds the matcher of the checks against section 8.2.
func TestMatches(t *testing.T) {
	arrays := map[string]*Array{"leaf": {Entries: []string{"green", "earl grey"}}, "none": {}}
	tests := []struct {
		trigger string
		yes, no []string
	}{
		{"hello bot", []string{"hello bot"}, []string{"hello", "hello bots", ""}},
		{"Hello", []string{"hello"}, []string{"hell"}},
		{"*", []string{"", "x", "x y"}, nil},
		{"* *", []string{"x y"}, []string{"x", ""}},
		{"[*] tea [*]", []string{"tea", "green tea please", "green-tea", "tea🍵"}, []string{"steam", "teas", "tea2"}},
		{"a [b] c", []string{"a c", "a b c"}, []string{"ac", "abc", "a b b c"}},
		{"a[b]c", []string{"a c", "a b c"}, []string{"abc"}},
		{"foo*", []string{"foobar", "foo bar"}, []string{"foo", "xfoo bar"}},
		{"room#", []string{"room5", "room55"}, []string{"room", "roomx", "room 5"}},
		{"##", []string{"12", "123"}, []string{"1", "a1"}},
		{"i am _", []string{"i am ann", "i am é-x"}, []string{"i am 5", "i am a b", "i am"}},
		{"((a|b) c|d)", []string{"a c", "b c", "d"}, []string{"a", "d c"}},
		{"my @leaf tea", []string{"my green tea", "my earl grey tea"}, []string{"my tea", "my leaf tea"}},
		{"(x|@none)", []string{"x"}, []string{"none", ""}},
		{"@none", nil, []string{"", "none"}},
		{"i am <get name>", []string{"i am x", "i am x y", "i am"}, []string{"i", "you are x"}},
		{"[a|b]", []string{"", "a", "b"}, []string{"c", "a b"}},
	}
	none := ""
	kept := message.New(message.Options{Mode: message.UTF8, Punctuation: &none})
	for _, tt := range tests {
		p := pattern(t, tt.trigger)
		check := func(text string, want bool) {
			m := &matcher{arrays: arrays, text: kept.Kept(text)}
			if got := m.matches(p); got != want {
				t.Errorf("%q matches %q: %t", tt.trigger, text, got)
			}
			c := newCandidate(&Trigger{Trigger: &syntax.Trigger{Pattern: p}}, nil)
			if got := c.takesText(kept.Kept(text), arrays); got != want {
				t.Errorf("the quick look says %t of %q and %q", got, tt.trigger, text)
			}
		}
		for _, text := range tt.yes {
			check(text, true)
		}
		for _, text := range tt.no {
			check(text, false)
		}
	}
}

func TestCatchAll(t *testing.T) {
	for text, want := range map[string]bool{
		"*": true, "{weight=3}*": true, "[*]": true, "(a|*)": true, "(a|[b|[*]])": true,
		"* *": false, "_": false, "#": false, "a": false, "[*] a": false, "(a|b *)": false,
	} {
		if got := catchAll(pattern(t, text).Elements); got != want {
			t.Errorf("%q catches all: %t", text, got)
		}
	}
}
