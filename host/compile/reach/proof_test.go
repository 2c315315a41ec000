package reach_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/message"
)

// Small vocabularies, so that much holds much.
var (
	pieces  = []string{"*", "#", "_", "[*]", "[a]", "[a|b]", "[a b]", "(a|b)", "(a|a b)", "(* a|b)", "@few", "(@few)", "<get x>", "<input>", "r#", "*a", "a*", "((a|b) c|a)", "a", "b", "a-b", "é", "e\u0301", "7"}
	words   = []string{"a", "b", "c", "7", "r7", "a-b", "é", "e\u0301x", "x", "ba", "ab", "🍵", "undefined"}
	options = []string{"", "", "", "{weight=1}", "{weight=2}"}
)

func drawnBot(t *rapid.T) string {
	var b strings.Builder
	b.WriteString("! array few = a|a b|c\n")
	topics := []string{"default", "one", "two includes one"}
	for _, topic := range topics {
		b.WriteString("> topic " + topic + "\n")
		for range rapid.IntRange(1, 4).Draw(t, "triggers") {
			if rapid.IntRange(0, 5).Draw(t, "kept") == 0 {
				b.WriteString("# punc nostrip\n")
			}
			b.WriteString("+ " + strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 3).Draw(t, "pattern"), " ") + rapid.SampledFrom(options).Draw(t, "weight") + "\n- x\n")
		}
		b.WriteString("< topic\n")
	}
	return b.String()
}

// TestNeverCriesWolf has all sorts of people say all sorts of things to bots with
// triggers that are said to be dead: none of those ever wins.
func TestNeverCriesWolf(t *testing.T) {
	reported := 0
	rapid.Check(t, func(t *rapid.T) {
		text := drawnBot(t)
		dialect := rapid.SampledFrom([]link.Dialect{link.Dexter, link.RiveScript}).Draw(t, "dialect")
		r, err := compile.Front(fstest.MapFS{"default.rive": {Data: []byte(text)}}, link.Settings{Dialect: dialect, UTF8: true})
		if err != nil {
			t.Fatal(err)
		}
		dead := map[int]bool{} // lines
		for _, d := range r.Diagnostics {
			if d.Code == "W104" {
				dead[d.Span.Line()] = true
				reported++
			}
		}
		if len(dead) == 0 {
			return
		}
		value := rapid.SampledFrom([]string{"undefined", "", "a", "a b", "7"}).Draw(t, "value")
		m := interp.NewMatcher(r.Program, func(*ir.Node) string { return value })
		n := message.New(r.Program.Meta.Message)
		for range 40 {
			said := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 4).Draw(t, "said"), rapid.SampledFrom([]string{" ", " ", "", ", "}).Draw(t, "between"))
			forms := n.Forms(said, true)
			for i := range r.Program.Views {
				_, order := r.Program.Order(i)
				winner := first(r.Program, m, order, forms)
				if winner != ir.None && dead[r.Program.Meta.Triggers.At(winner).Loc.Line] {
					t.Fatalf("%q in view %d is answered by line %d of\n%s", said, i, r.Program.Meta.Triggers.At(winner).Loc.Line, text)
				}
			}
		}
	})
	if reported == 0 {
		t.Error("nothing was ever reported")
	}
}

func first(p *ir.Program, m *interp.Matcher, order []int, heard message.Forms) int {
	for _, n := range order {
		t := &p.Triggers[n]
		if t.Kept && m.Matches(t.Pattern, heard.Kept) || m.Matches(t.Pattern, heard.Plain) {
			return n
		}
	}
	return ir.None
}
