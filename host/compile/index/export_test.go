package index

import (
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
)

// Outlines shows what is kept of a pattern: words, "…" for any units and "?" for
// those up to a blank; sets in brackets; "!" in front of one that is exact.
func Outlines(p *ir.Program, pattern int) []string {
	b := newBuilder()
	var list []string
	for _, o := range newOutliner(p, b).of(pattern) {
		var parts []string
		for _, s := range o.steps {
			if s.gap {
				parts = append(parts, "…")
			}
			var words []string
			for _, w := range s.words {
				words = append(words, b.Words[w].Text)
			}
			switch len(words) {
			case 0:
				parts = append(parts, "?")
			case 1:
				parts = append(parts, words[0])
			default:
				parts = append(parts, "["+strings.Join(words, " ")+"]")
			}
		}
		if o.open {
			parts = append(parts, "…")
		}
		text := strings.Join(parts, " ")
		if o.exact {
			text = "! " + text
		}
		list = append(list, text)
	}
	return list
}
