package interp

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/match"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// values are what dynamic elements of tested patterns stand for, normalised.
var values = map[string]string{"x": "a b", "none": "", "y": "b"}

func valueOf(n *ir.Node) string { return values[n.Name] }

const arrays = "! array c = a|a b|b-a\n! array one = a\n"

// parse reads a trigger; nil if it is none.
func parse(trigger string) (*syntax.Pattern, map[string]*link.Array) {
	files := link.Files(map[string][]byte{"a.topic": []byte(arrays + "+ " + trigger + "\n- x\n")})
	p, _ := link.BuildFiles(files, link.Settings{}, nil)
	for _, t := range p.Topics {
		if len(t.Triggers) > 0 {
			return t.Triggers[0].Pattern, p.Arrays
		}
	}
	return nil, nil
}

func matchOne(p *syntax.Pattern, a map[string]*link.Array, text string) ([]string, bool) {
	compiled := match.Compile(p, a)
	r := run{p: &ir.Program{Patterns: []ir.Pattern{compiled}}, m: &Machine{plans: []plan{newPlan(&compiled)}}}
	classified := message.New(message.Options{}).Kept(text)
	if compiled.Bare && text == "" {
		return r.match(0, classified)
	}
	return r.matcher.match(&compiled, &r.m.plans[0], classified, valueOf)
}

func TestMatch(t *testing.T) {
	const no = "-"
	tests := []struct{ rule, trigger, text, want string }{ // captures joined with a bar
		{"L-TRIG-1", "tea", "tea", ""},
		{"L-TRIG-1", "tea", "green tea", no},
		{"L-TRIG-1", "Hello  Bot", "hello bot", ""},
		{"L-TRIG-4", "( a | b c ) d", "b c d", "b c"},
		{"L-TRIG-4", "a [b [c]] d", "a b c d", ""},
		{"L-TRIG-4", "a [b [c]] d", "a c d", no},
		{"L-TRIG-5", "(@c) b", "a b b", "a b"},
		{"L-TRIG-5", "x @nope", "x a", no},
		{"L-TRIG-5", "x (@nope|b)", "x b", "b"},
		{"L-TRIG-6", "i am <get x>", "i am a b", ""},
		{"L-TRIG-6", "x <get none> y", "x y", ""},
		{"L-TRIG-6", "x <get none> y", "xy", no},
		{"L-TRIG-6", "<get none> y", "y", ""},
		{"L-TRIG-6", "x <get none>", "x", ""},
		{"L-TRIG-6", "x <get none> <get none> y", "x y", ""},
		{"L-TRIG-6", "[q] <get none> y", "q y", ""},
		{"L-TRIG-6", "x (<get none> y|z)", "x y", "y"},
		{"L-TRIG-7", "a[b]c", "a c", ""},
		{"L-TRIG-7", "a [b]c", "a b c", ""},
		{"L-TRIG-7", "a [b] c", "abc", no},
		{"L-TRIG-9", "what is your [home] number", "what is your homenumber", no},
		{"L-TRIG-10", "[*] tea [*]", "tea🍵", ""},
		{"L-TRIG-10", "[*] tea [*]", "iced-tea please", ""},
		{"L-TRIG-10", "[*] tea [*]", "steam", no},
		{"L-TRIG-10", "i am # years", "i am 42 years", "42"},
		{"L-TRIG-10", "i am _", "i am r2", no},
		{"L-TRIG-11", "foo*", "foo bar", "bar"},
		{"L-TRIG-11", "room#", "room 5", no},
		{"L-TRIG-11", "##", "1", no},
		{"L-TRIG-11", "##", "12", "1|2"},
		{"L-TRIG-12", "* is *", "what is is is it", "what|is is it"},
		{"L-TRIG-12", "(a|a b) *", "a b c", "a|b c"},
		{"L-TRIG-12", "get [the] *", "get the", "the"},
		{"L-TRIG-12", "get [the] *", "get the bus", "bus"},
		{"L-TRIG-12", "[*] # [*]", "from 12 to 4", "12"},
		{"L-TRIG-12", "a([aaa]*(a|aa))", "a aa", "aa|a|a"},
		{"L-TRIG-14", "*", "", ""},
		{"L-TRIG-14", "[hi]", "", ""},
		{"L-TRIG-14", "* *", "", no},
		{"L-CAP-1", "((a|b) c|d)", "d", "d|"},
		{"L-CAP-1", "((a|b) c|d)", "b c", "b c|b"},
		{"L-CAP-1", "[(a)] * (b)", "a q b", "q|b"},
		{"L-CAP-2", "(big [very]) dog", "big dog", "big"},
		{"L-CAP-3", "(hello *|hi)", "hi", "hi|"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %s with %q", tt.rule, tt.trigger, tt.text), func(t *testing.T) {
			p, a := parse(tt.trigger)
			captures, ok := matchOne(p, a, tt.text)
			got := strings.Join(captures, "|")
			if !ok {
				got = no
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// drawPattern writes a pattern with much room for ambiguity.
func drawPattern(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(1, 4).Draw(t, "length") {
			kind := rapid.IntRange(0, 11).Draw(t, "kind")
			if kind >= 8 && depth == 0 {
				kind -= 8
			}
			switch kind {
			case 0, 1, 2:
				b.WriteString(rapid.SampledFrom([]string{"a", "b", "a b", "-", "ab"}).Draw(t, "literal"))
			case 3:
				b.WriteString(rapid.SampledFrom([]string{"*", "#", "_"}).Draw(t, "wildcard"))
			case 4:
				b.WriteString(rapid.SampledFrom([]string{"<get x>", "<bot none>", "<get y>", "@c", "@one", "@nope"}).Draw(t, "reference"))
			case 5, 6, 7:
				b.WriteString(" ")
			default:
				signs := rapid.SampledFrom([]string{"()", "[]"}).Draw(t, "signs")
				inner := rapid.SliceOfN(drawPattern(depth-1), 1, 3).Draw(t, "alternatives")
				b.WriteString(signs[:1] + strings.Join(inner, "|") + signs[1:])
			}
		}
		return b.String()
	})
}

// drawText writes a text that probably matches.
func drawText(t *rapid.T, elements []syntax.Element, arrays map[string]*link.Array) string {
	var b strings.Builder
	for i := range elements {
		switch e := &elements[i]; e.Kind {
		case syntax.Literal:
			b.WriteString(e.Text)
		case syntax.Space:
			b.WriteString(" ")
		case syntax.Star:
			b.WriteString(rapid.SampledFrom([]string{"a", "b", "a b", "-", "a a", "1"}).Draw(t, "any"))
		case syntax.Hash:
			b.WriteString(rapid.SampledFrom([]string{"1", "11"}).Draw(t, "digits"))
		case syntax.Underscore:
			b.WriteString(rapid.SampledFrom([]string{"a", "b-", "e\u0301"}).Draw(t, "word"))
		case syntax.ArrayRef:
			if a := arrays[e.Text]; a != nil && len(a.Entries) > 0 {
				b.WriteString(rapid.SampledFrom(a.Entries).Draw(t, "entry"))
			}
		case syntax.Group:
			b.WriteString(drawText(t, rapid.SampledFrom(e.Alternatives).Draw(t, "alternative"), arrays))
		case syntax.Optional:
			b.WriteString(" ")
			if rapid.Bool().Draw(t, "taken") {
				b.WriteString(drawText(t, rapid.SampledFrom(e.Alternatives).Draw(t, "alternative"), arrays) + " ")
			}
		default:
			b.WriteString(values[e.Text])
		}
	}
	return b.String()
}

// The graph and the matcher agree with the rules read word for word: winner and captures.
func TestMatchAgreesWithReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trigger := drawPattern(2).Draw(t, "trigger")
		p, a := parse(trigger)
		if p == nil {
			t.Skip("no trigger")
		}
		text := rapid.StringOfN(rapid.SampledFrom([]rune("aab b1-é\u0301")), 0, 9, -1).Draw(t, "text")
		if rapid.IntRange(0, 3).Draw(t, "made to match") > 0 {
			text = drawText(t, p.Elements, a)
		}
		text = message.New(message.Options{}).Kept(text).String
		wantCaptures, want := reference(p, a, text)
		captures, got := matchOne(p, a, text)
		if got != want {
			t.Fatalf("%q with %q: matches %v, want %v", trigger, text, got, want)
		}
		if diff := cmp.Diff(wantCaptures, captures); want && diff != "" {
			t.Fatalf("%q with %q: %s", trigger, text, diff)
		}
	})
}

// L-TRIG-13: messages and triggers made to be slow are not. An exponential search would take longer than tests may.
func TestMatchIsNeverExponential(t *testing.T) {
	deep := strings.Repeat("<get none> (", 70) + "a" + strings.Repeat(")", 70)
	tests := []struct{ name, trigger, text string }{
		{"keywords", "[*] a [*] b [*] c [*] d [*] e [*] f [*]", strings.Repeat("a b c d e ", 200)},
		{"stars", strings.Repeat("* a ", 12) + "b", strings.Repeat("a ", 900)},
		{"optionals", "hi " + strings.Repeat("[a] ", 60) + "bye", "hi" + strings.Repeat(" a", 400)},
		{"many stars", strings.Repeat("* ", 40) + "end", strings.Repeat("a ", 900)},
		{"equal alternatives", strings.Repeat("(a|a|a) ", 40) + "b", strings.Repeat("a ", 41)},
		{"nested values", deep, "b"},
		{"nested optionals", strings.Repeat("[a ", 90) + strings.Repeat("]", 90), strings.Repeat("a ", 91) + "b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, a := parse(tt.trigger)
			if p == nil {
				t.Fatal("no trigger")
			}
			if _, ok := matchOne(p, a, strings.TrimSpace(tt.text)); ok {
				t.Error("it should not match")
			}
		})
	}
}
