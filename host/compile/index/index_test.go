package index_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/index"
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

// author writes random triggers over few words, so that many of them match.
type author struct{ *rand.Rand }

func (a author) one(list ...string) string { return list[a.IntN(len(list))] }

func (a author) word() string {
	return a.one("a", "b", "c", "d", "tea", "green", "1", "22", "чай", "x-y", "it's", "don", "a_b")
}

// part writes an element of a trigger.
func (a author) part(depth int) string {
	switch n := a.IntN(20); {
	case n < 9 || depth > 2:
		return a.word()
	case n < 10:
		return "*"
	case n < 11:
		return a.one("#", "_")
	case n < 13:
		return "[*]"
	case n < 15:
		return "[" + a.alternatives(depth) + "]"
	case n < 17:
		return "(" + a.alternatives(depth) + ")"
	case n < 18:
		return a.one("@few", "@many", "(@many)", "[@few]")
	case n < 19:
		return a.one("<bot name>", "<get name>", "<bot nothing>", "<input1>", "<reply1>")
	default: // glued
		return a.one(a.word()+"*", "*"+a.word(), a.word()+"_", "#"+a.word(), a.word()+"("+a.alternatives(depth)+")", "("+a.alternatives(depth)+")"+a.word())
	}
}

func (a author) alternatives(depth int) string {
	list := make([]string, 1+a.IntN(3))
	if a.IntN(12) == 0 {
		list = make([]string, 10)
	}
	for i := range list {
		list[i] = a.word()
		if a.IntN(4) == 0 {
			list[i] = a.part(depth+1) + " " + a.part(depth+1)
		}
	}
	return strings.Join(list, "|")
}

func (a author) trigger() string {
	parts := make([]string, 1+a.IntN(4))
	if a.IntN(30) == 0 {
		parts = make([]string, 12)
	}
	for i := range parts {
		parts[i] = a.part(0)
	}
	return strings.Join(parts, " ")
}

func (a author) bot() string {
	var b strings.Builder
	b.WriteString("! version = 2.0\n! array few = a b tea\n! array many = a|b|c|d|e|f|g|h|i|green tea|x-y|1|22\n! var name = green tea\n")
	for range 1 + a.IntN(60) {
		if a.IntN(15) == 0 {
			b.WriteString("# punc nostrip\n")
		}
		fmt.Fprintf(&b, "+ %s\n- x\n\n", a.trigger())
	}
	return b.String()
}

func (a author) message() string {
	words := make([]string, a.IntN(7))
	for i := range words {
		words[i] = a.one(a.word(), a.word(), "green tea", "undefined", "what", "ab", "a-b", "-", "?!", "🍵")
	}
	return strings.Join(words, a.one(" ", " ", "-"))
}

// first finds by asking all.
func first(m *interp.Matcher, p *ir.Program, order []int, heard message.Forms) int {
	for rank, n := range order {
		if matches(m, &p.Triggers[n], heard) {
			return rank
		}
	}
	return len(order)
}

func matches(m *interp.Matcher, t *ir.Trigger, heard message.Forms) bool {
	return t.Kept && heard.Kept.Classes != nil && m.Matches(t.Pattern, heard.Kept) || m.Matches(t.Pattern, heard.Plain)
}

// values are what Dynamic nodes read in these tests.
func values(n *ir.Node) string {
	switch n.Name {
	case "name":
		return "green tea"
	case "nothing":
		return ""
	}
	return "undefined"
}

var rounds = flag.Int("rounds", 200, "random bots that TestFirst looks at")

// The winner is that of a search that asks every trigger, in all dialects.
func TestFirst(t *testing.T) {
	wins, trusted := 0, 0
	for seed := range *rounds {
		a := author{rand.New(rand.NewPCG(uint64(seed), 3))}
		text := a.bot()
		s := link.Settings{Dialect: link.Dialect(a.one("dexter", "rivescript")), UTF8: a.IntN(2) == 0}
		r, err := compile.Front(fstest.MapFS{"default.rive": {Data: []byte(text)}}, s)
		if err != nil {
			t.Fatal(err)
		}
		p := r.Program
		x := index.Build(p)
		g := &x.Groups[0]
		m, search, words := interp.NewMatcher(p, values), index.NewSearch(&x.Table), message.New(p.Meta.Message)
		for range 300 {
			heard := words.Forms(a.message(), true)
			want := first(m, p, g.Order, heard)
			asked := 0
			ask := func(rank int) bool {
				asked++
				return matches(m, &p.Triggers[g.Order[rank]], heard)
			}
			got, certain := search.First(g.Root, g.Number, x.Split(heard.Plain), len(g.Order), ask)
			for _, form := range []message.Text{heard.Kept, heard.Plain} {
				better, known := search.First(g.KeptRoot, g.KeptNumber, x.Split(form), got, ask)
				if better < got {
					got, certain = better, known
				}
			}
			if got != want {
				texts := [2]string{"nothing", "nothing"}
				for i, rank := range [2]int{got, want} {
					if rank < len(g.Order) {
						texts[i] = p.Meta.Triggers.At(g.Order[rank]).Text
					}
				}
				t.Fatalf("seed %d: %q is answered by %q, not by %q", seed, heard.Plain.String, texts[0], texts[1])
			}
			if got < len(g.Order) {
				wins++
				if !certain {
					trusted++
				}
			}
		}
	}
	t.Logf("%d messages had an answer, %d of them without asking a pattern", wins, trusted)
	if trusted == 0 {
		t.Error("no outline was ever trusted")
	}
}
