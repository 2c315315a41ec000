package syntax_test

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// stretchLines make long stretches of triggers, with all that may stand between them or
// be wrong with them.
var (
	stretchLines = []string{
		"+ a", "+ a b{weight=3}", "+ (a|", "+ b\n% c", "+ [*] a [*]\n^ b", "- x", "- {random}a|b{/random}", "- {random}a", "- x{weight=0}", "^ y",
		"@ a", "* <get x> == a => y", "* a =>", "% late", "$ GET https://example.com/x", "! var a = b", "! array few = a|b", "! nonsense",
		"// allow W115", "//? a | b", "# punc nostrip", "x", "? what",
	}
	stretchEnds = []string{"> topic one", "> topic two includes one", "> topic", "< topic", "> begin", "< begin", "> object m js\nreturn 1\n< object", "> what", "<"}
)

// TestStretches: what several processors read is what one reads, in the same order.
func TestStretches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for range rapid.IntRange(1, 4).Draw(t, "stretches") {
			length := rapid.SampledFrom([]int{3, 64, 65, 150}).Draw(t, "length")
			lines = append(lines, rapid.SliceOfN(rapid.SampledFrom(stretchLines), length, length).Draw(t, "lines")...)
			lines = append(lines, rapid.SampledFrom(stretchEnds).Draw(t, "end"))
		}
		file := source.New("shop.topic", []byte(strings.Join(lines, "\n")+"\n"))
		want, wantFound := syntax.ParseInOne(file)
		got, gotFound := syntax.Parse(file)
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(gotFound, wantFound) {
			t.Errorf("several processors read %s %v, one reads %s %v", dump(got), gotFound, dump(want), wantFound)
		}
	})
}
