package message

import (
	"fmt"
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

// The automaton finds what trying every pattern in turn finds (L-SUB-2).
func TestSubstitutionsAgreeWithPlainSearch(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("aab-'  ä\u0301")), 0, 16, -1)
	rapid.Check(t, func(t *rapid.T) {
		var subs []Substitution
		for i, from := range rapid.SliceOfN(text, 1, 9).Draw(t, "patterns") {
			from = strings.Join(strings.Fields(from), " ")
			subs = append(subs, Substitution{from, string(rune('A' + i))})
		}
		in := string(squeeze([]byte(text.Draw(t, "text"))))
		want := plainReplace(in, subs)
		got := in
		var room Scratch
		if a := newAutomaton(subs); a != nil {
			got = string(room.substitute(a, []byte(in)))
		}
		if got != want {
			t.Fatalf("%q with %q: got %q, want %q", in, subs, got, want)
		}
	})
}

// The writing of what is replaced does not matter to person, and neither does that of
// what is kept (L-TAG-9).
func TestPersonAgreesWithPlainSearch(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune("aB- ä")), 0, 16, -1)
	rapid.Check(t, func(t *rapid.T) {
		var subs []Substitution
		for i, from := range rapid.SliceOfN(text, 1, 5).Draw(t, "patterns") {
			subs = append(subs, Substitution{Fold(strings.Join(strings.Fields(from), " ")), string(rune('1' + i))})
		}
		in := text.Draw(t, "text")
		want := plainReplace(Fold(in), subs)
		if got := New(Options{Person: subs}).Person(in); Fold(got) != want {
			t.Fatalf("%q with %q: got %q, want %q", in, subs, got, want)
		}
	})
}

// BenchmarkSubstitutions has three hundred ordinary ones, and patterns that begin
// everywhere in a long message and end nowhere.
func BenchmarkSubstitutions(b *testing.B) {
	var usual []Substitution
	for i := range 300 {
		usual = append(usual, Substitution{fmt.Sprintf("what%d's", i), fmt.Sprintf("what %d is", i)})
	}
	usual = append(usual, Substitution{"what's", "what is"}, Substitution{"i'm", "i am"})
	hostile := []Substitution{{strings.Repeat("a ", 900) + "b", "x"}, {strings.Repeat("-", 900) + "+", "x"}}
	for _, bench := range []struct {
		name string
		subs []Substitution
		raw  string
	}{
		{"usual", usual, "Well, what's the price of 3 bags? I'm in a hurry."},
		{"hostile words", hostile, strings.Repeat("a ", 1000)},
		{"hostile signs", hostile, strings.Repeat("-", 2000)},
	} {
		n := New(Options{Mode: Dexter, Subs: bench.subs})
		b.Run(bench.name, func(b *testing.B) {
			var s Scratch
			b.ReportAllocs()
			for b.Loop() {
				_ = s.Forms(n, bench.raw, false)
			}
		})
	}
}
