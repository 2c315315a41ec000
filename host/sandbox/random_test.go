package sandbox

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/script/link"
)

// The vocabularies of random scripts are small, so that much matches much.
var (
	randomWords  = []string{"tea", "a", "b", "tea a", "7", "42", "room", "é", "go-go", "what's", "Ann"}
	randomPieces = []string{"*", "#", "_", "[*]", "[a]", "[a|b]", "[tea a]", "(a|b)", "(tea|tea a)", "(* a|b)", "@few", "(@few)", "<get x>", "<bot n>", "<input>", "<reply>", "room#", "*a", "tea*", "((a|b) tea|a)"}
	randomTopics = []string{"default", "shop", "help"}
	randomNames  = []string{"x", "y", "topic"}
)

// scripts draws the parts of a script.
type scripts struct {
	t     *rapid.T
	depth int
}

func (s *scripts) one(of []string) string { return rapid.SampledFrom(of).Draw(s.t, "one") }
func (s *scripts) upTo(n int) int         { return rapid.IntRange(0, n).Draw(s.t, "n") }
func (s *scripts) maybe(oneIn int) bool   { return rapid.IntRange(1, oneIn).Draw(s.t, "maybe") == 1 }

func (s *scripts) bot() string {
	var b strings.Builder
	b.WriteString("! array few = tea|a b|room\n! var n = tea\n! sub what's = what is\n! person i = you\n")
	if s.maybe(4) {
		b.WriteString("> begin\n+ request\n" + s.answers() + "- " + s.text() + "{ok}" + s.text() + "\n< begin\n")
	}
	for i, topic := range randomTopics {
		head := topic
		if i > 0 && s.maybe(3) {
			head += " " + s.one([]string{"inherits", "includes"}) + " " + s.one(randomTopics)
		}
		fmt.Fprintf(&b, "> topic %s\n", head)
		for range 1 + s.upTo(4) {
			b.WriteString(s.trigger())
		}
		b.WriteString("< topic\n")
	}
	return b.String()
}

func (s *scripts) pattern() string {
	words := make([]string, 1+s.upTo(3))
	for i := range words {
		words[i] = s.one(randomPieces)
		if s.maybe(2) {
			words[i] = s.one(randomWords)
		}
	}
	return strings.Join(words, " ")
}

func (s *scripts) trigger() string {
	var b strings.Builder
	if s.maybe(8) {
		b.WriteString("# punc nostrip\n")
	}
	b.WriteString("+ " + s.pattern())
	if s.maybe(6) {
		fmt.Fprintf(&b, "{weight=%d}", s.upTo(3))
	}
	b.WriteString("\n")
	if s.maybe(6) {
		b.WriteString("% " + s.pattern() + "\n")
	}
	if s.maybe(8) {
		return b.String() + "@ " + s.text() + "\n"
	}
	return b.String() + s.answers()
}

func (s *scripts) answers() string {
	var b strings.Builder
	for range s.upTo(2) {
		fmt.Fprintf(&b, "* %s %s %s => %s\n", s.tag(), s.one([]string{"==", "!=", "<", ">=", "eq", "ne"}), s.one(append(randomWords, "undefined", "<get y>")), s.text())
	}
	for range s.upTo(3) {
		b.WriteString("- " + s.text())
		if s.maybe(4) {
			fmt.Fprintf(&b, "{weight=%d}", 1+s.upTo(9))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func (s *scripts) text() string {
	words := make([]string, 1+s.upTo(3))
	for i := range words {
		words[i] = s.one(randomWords)
		if s.maybe(2) {
			words[i] = s.tag()
		}
	}
	return strings.Join(words, " ")
}

// tag draws a tag; those with contents nest a little.
func (s *scripts) tag() string {
	if s.depth > 2 {
		return "<star>"
	}
	s.depth++
	defer func() { s.depth-- }()
	name := s.one(randomNames)
	switch s.upTo(18) {
	case 0:
		return "<set " + name + "=" + s.text() + ">"
	case 1:
		return "<get " + name + ">"
	case 2:
		return "<add x=" + s.one([]string{"1", "abc", "<star>"}) + ">"
	case 3:
		return "{random}" + s.text() + "|" + s.text() + "{/random}"
	case 4:
		return "{" + "formal}" + s.text() + "{/formal}"
	case 5:
		return "{uppercase}" + s.text() + "{/uppercase}"
	case 6:
		return "{person}" + s.text() + "{/person}"
	case 7:
		return "{topic=" + s.one(append(randomTopics, "nowhere", "<get y>")) + "}"
	case 8:
		return "{@ " + s.text() + "}"
	case 9:
		return "<@>"
	case 10:
		return "<send>"
	case 11:
		return "<delay seconds=" + s.one([]string{"1", "0.5", "<get x>"}) + ">"
	case 12:
		return "<noreply>"
	case 13:
		return "<input1> <reply2> <id>"
	case 14:
		return "<botstar> <star2> <star>"
	case 15:
		return "(@few)"
	case 16:
		return "<set " + name + ">"
	case 17:
		return `^buttons(` + s.text() + `, b)`
	default:
		return `^card({"title": "` + s.text() + `", "n": <get x>})`
	}
}

func (s *scripts) message() string {
	words := make([]string, s.upTo(6))
	for i := range words {
		words[i] = s.one(randomWords)
	}
	return strings.Join(words, " ")
}

// TestRandomScripts has random scripts hear random messages, three ways.
func TestRandomScripts(t *testing.T) {
	e := openEngines(t)
	e.interpreter = nil // the conformance bots and the table cover it; this is about many scripts
	rapid.Check(t, func(rt *rapid.T) {
		s := scripts{t: rt}
		text := s.bot()
		dialect := link.Dialect(s.one([]string{"dexter", "rivescript"}))
		rt.Logf("script:\n%s", text)
		x := e.quickTrio(rt, front(t, map[string]string{"default.rive": text}, link.Settings{Dialect: dialect}))
		defer x.close(rt)
		for n := range 12 {
			x.say(rt, s.message(), uint64(n))
		}
	})
}

// FuzzMessage has a bot with one of everything hear any text, both ways.
func FuzzMessage(f *testing.F) {
	const bot = `
! array few = tea|green tea|ß
! sub u = you
+ [*] (@few) [*] # *
- <star1>/<star2>/<star3>
+ _ *é[a|b c]
- {formal}<star1> <star2>{/formal}
# punc nostrip
+ *: *
- {uppercase}<star2>{/uppercase} <input1>
+ * you *
% [*] ß *
- <botstar> <star2>
+ * you
- <set x=<star>>{random}<get x>|{@ <star>}{/random}
+ <get x> *
- <star> after <get x>
+ *
- <star> ß x <reply1>
`
	e := openEngines(f)
	x := e.trio(f, front(f, map[string]string{"default.topic": bot}, link.Settings{}))
	for _, text := range []string{"", "we like green tea, 7 x", "x yé b c", "Mail: ann@x", "u and u", "thank u", "\xff\x00", "é\u0301 ß🍵", strings.Repeat("tea 1 ", 500)} {
		f.Add(text, uint64(1))
	}
	f.Fuzz(func(t *testing.T, text string, seed uint64) {
		for _, p := range x.people { // so that a failure can be repeated alone
			*p = *newPerson(p.meta, 0)
		}
		x.say(t, text, seed)
		x.say(t, text, seed+1)
	})
}
