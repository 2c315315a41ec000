package reach

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/lower"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

// lowered is a bot of one trigger.
func lowered(pattern string) *ir.Program {
	in, _ := link.BuildFiles(link.Files(map[string][]byte{"default.topic": []byte("! array few = a|a b|c\n+ " + pattern + "\n- x\n")}), link.Settings{}, nil)
	return lower.Program(in)
}

// accepts reads a text with an automaton; characters that are in no literal are read
// as the one that stands for their class.
func (a *automaton) accepts(text string) bool {
	known := map[rune]bool{' ': true}
	for _, r := range a.symbols {
		known[r] = true
	}
	s, before := a.start(), message.BlankGap
	for _, r := range text {
		here := message.ShapeOf(r, before)
		if !known[r] {
			switch {
			case '0' <= r && r <= '9':
				r = otherDigit
			case r == '\u0300':
				r = otherMark
			case here == message.Word:
				r = otherLetter
			default:
				r = otherSymbol
			}
		}
		closed, _ := a.widen(s, here != before || here == message.BlankGap)
		s, before = a.read(closed, r), here
	}
	_, through := a.widen(s, true)
	return through || text == "" && a.pattern.Bare
}

// TestAutomatonMatchesLikeTheMatcher: proofs are about the patterns that bots run.
func TestAutomatonMatchesLikeTheMatcher(t *testing.T) {
	pieces := []string{"*", "#", "_", "[*]", "[a]", "[a|b c]", "(a|b)", "(a|a b)", "(* a|b)", "((a|b) c|a)", "@few", "(@few)", "r#", "*a", "a*", "a", "b", "a-b", "é", "a\u0301", "7"}
	texts := []string{"a", "b", "c", "7", "r7", "-", "é", "\u0301", "\u0300", "x", " ", " ", "🍵", "_"}
	rapid.Check(t, func(t *rapid.T) {
		p := lowered(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 4).Draw(t, "pattern"), " "))
		if len(p.Patterns) != 1 {
			t.Skip("not a pattern")
		}
		m := interp.NewMatcher(p, nil)
		strict, generous := newAutomaton(&p.Patterns[0], false), newAutomaton(&p.Patterns[0], true)
		n := message.New(p.Meta.Message)
		for range 20 {
			text := n.Kept(strings.Join(rapid.SliceOfN(rapid.SampledFrom(texts), 0, 7).Draw(t, "text"), ""))
			want := m.Matches(0, text)
			if got := strict.accepts(text.String); got != want {
				t.Fatalf("%q: %v, want %v", text.String, got, want)
			}
			if got := generous.accepts(text.String); got != want {
				t.Fatalf("generous, %q: %v, want %v", text.String, got, want)
			}
		}
	})
}

// What is known only while the bot runs is everything on one side of a proof, and
// nothing on the other.
func TestValues(t *testing.T) {
	p := lowered("i am <get name> now")
	strict, generous := newAutomaton(&p.Patterns[0], false), newAutomaton(&p.Patterns[0], true)
	for _, text := range []string{"i am ann now", "i am now", "i am ann bo now"} {
		if strict.accepts(text) || !generous.accepts(text) {
			t.Errorf("%q: strict %v, generous %v", text, strict.accepts(text), generous.accepts(text))
		}
	}
	if generous.accepts("i am ann") {
		t.Error("the rest of the pattern still counts")
	}
}

func TestNeed(t *testing.T) {
	for _, tt := range []struct{ pattern, want string }{
		{"(a|b) c", "a|b c"},
		{"(a [x]|b d) c", "a|b c"},
		{"(a|*) c", "c"},
		{"x(a|b) c", "c"},
		{"x[y](a|b c)", "x a|b"},
		{"((a|b) e|f) [*]", "a|b|f"},
		{"i like @few", "i like a|a|b"},
		{"@few-x", "x"},
		{"@many @none", ""},
		{"[*] Green tea [*]", "green tea"},
		{"(a|b) c* d#e f", "a|b f"},
		{"go-go!x", "go go x"},
		{"<get x> tea <bot y>now then", "then"},
		{"* [tea] *", ""},
		{"tea[now]please", "tea please"},
		{"\u0301te a", "te a"},
		{"*\u0301te a", "a"},
	} {
		in, _ := link.BuildFiles(link.Files(map[string][]byte{"default.topic": []byte("! array few = a|a c|b\n! array many =" + strings.Repeat(" a", maxChoice+1) + "\n+ " + tt.pattern + "\n- x\n")}), link.Settings{}, nil)
		var choices []string
		for _, words := range needOf(in.Topics[0].Triggers[0].Pattern, &ir.Pattern{Nodes: []ir.Node{{}}}, in.Arrays).words {
			choices = append(choices, strings.Join(words, "|"))
		}
		if got := strings.Join(choices, " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.pattern, got, tt.want)
		}
	}
}

// A proof that takes too long is given up, and nothing is said.
func TestProofsAreBounded(t *testing.T) {
	program := lowered(strings.Repeat("* a ", 40) + strings.Repeat("(a|b|* c) ", 20))
	program.Patterns = append(program.Patterns, lowered("*" + strings.Repeat(" [a] _ a", 30)).Patterns[0])
	p := newProver(program)
	if proven, pairs := p.covers(0, 1); proven || pairs > 2*maxProof {
		t.Errorf("it was proven: %v, after %d pairs", proven, pairs)
	}
}
