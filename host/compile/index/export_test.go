package index

import (
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
)

// Outlines shows what is kept of a pattern: words, "…" for any units and "?" for
// those up to a blank; sets in brackets; "!" in front of one that is exact.
func Outlines(p *ir.Program, pattern int) []string {
	var list []string
	for _, o := range outlines(&p.Patterns[pattern]) {
		var parts []string
		for _, s := range o.steps {
			if s.gap {
				parts = append(parts, "…")
			}
			switch words := s.words; len(words) {
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
