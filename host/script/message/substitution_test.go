package message

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSubstitutions(t *testing.T) {
	tests := []struct {
		name     string
		subs     []Substitution
		raw      string
		want     string
		wantMode Mode
	}{
		{"L-SUB-1 whole words", []Substitution{{"u", "you"}}, "u cup u", "you cup you", Dexter},
		{"L-SUB-1 beside punctuation", []Substitution{{"brb", "be right back"}}, "(brb!)", "be right back", Dexter},
		{"L-SUB-1 beside a mark", []Substitution{{"q", "x"}}, "q q\u0303", "x q\u0303", Dexter},
		{"L-SUB-1 letters of other scripts", []Substitution{{"я", "меня"}}, "моя я", "моя меня", Dexter},
		{"L-SUB-2 neighbours", []Substitution{{"a", "x"}}, "a a a", "x x x", Dexter},
		{"L-SUB-2 replaced text is not looked at again", []Substitution{{"a", "b"}, {"b", "c"}}, "a b", "b c", Dexter},
		{"L-SUB-2 more words first", []Substitution{{"am", "pm"}, {"i am", "i'm"}}, "i am am", "i'm pm", UTF8},
		{"L-SUB-2 longer first", []Substitution{{"a-b", "long"}, {"a", "short"}}, "a-b a", "long short", Dexter},
		{"L-SUB-3 signs", []Substitution{{":)", "smile"}, {"<3", "heart"}, {"what's", "what is"}}, "What's up :) <3", "what is up smile heart", Dexter},
		{"L-NORM-3 blanks afterwards", []Substitution{{"please", " "}}, "tea please now", "tea now", Dexter},
		{"L-NORM-4 the result is stripped too", []Substitution{{"etc", "e.t.c."}}, "etc", "etc", Dexter},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := New(Options{Mode: tt.wantMode, Subs: tt.subs})
			if got := n.Message(tt.raw).String; got != tt.want {
				t.Errorf("Message(%q) = %q, want %q", tt.raw, got, tt.want)
			}
		})
	}
}

func TestPerson(t *testing.T) {
	n := New(Options{Person: []Substitution{{"i am", "you are"}, {"my", "Your"}, {"été", "summer"}}})
	tests := []struct{ name, in, want string }{
		{"L-TAG-9 any case", "I AM My own", "you are Your own"},
		{"L-TAG-9 the rest keeps its writing", "Mylar, MY Été!", "Mylar, Your summer!"},
		{"L-TAG-9 characters that fold to another length", "İ my İ", "İ Your İ"},
	}
	for _, tt := range tests {
		if got := n.Person(tt.in); got != tt.want {
			t.Errorf("%s: Person(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
	if got := New(Options{}).Person("I am"); got != "I am" {
		t.Errorf("without definitions: %q", got)
	}
}

// The trie finds what trying every pattern in turn finds (L-SUB-2).
func TestSubstitutionsAgreeWithPlainSearch(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("ab-' ä\u0301")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		var subs []Substitution
		for i, from := range rapid.SliceOfN(text, 1, 5).Draw(t, "patterns") {
			from = strings.Join(strings.Fields(from), " ")
			subs = append(subs, Substitution{from, string(rune('A' + i))})
		}
		in := string(squeeze([]byte(text.Draw(t, "text"))))
		want := plainReplace(in, subs)
		got := in
		if table := newTable(subs); table != nil {
			got = string(table.replace(nil, []byte(in)))
		}
		if got != want {
			t.Fatalf("%q with %q: got %q, want %q", in, subs, got, want)
		}
	})
}

func plainReplace(s string, subs []Substitution) string {
	wordBehind := func(i int) bool { return i > 0 && shapeBefore([]byte(s), 0, i, blank) == word }
	wordAhead := func(i int) bool { return wordAt([]byte(s), i, shapeBefore([]byte(s), 0, i, blank)) }
	rank := ranks(subs)
	var out strings.Builder
	for i := 0; i < len(s); {
		best := -1
		for k, sub := range subs {
			if sub.From != "" && strings.HasPrefix(s[i:], sub.From) && !wordBehind(i) && !wordAhead(i+len(sub.From)) &&
				(best < 0 || rank[k] < rank[best]) {
				best = k
			}
		}
		if best < 0 {
			size := len(string([]rune(s[i:])[:1]))
			out.WriteString(s[i : i+size])
			i += size
			continue
		}
		out.WriteString(subs[best].To)
		i += len(subs[best].From)
	}
	return out.String()
}
