package message

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Person applies the person substitutions to a text, comparing without regard
// to case (L-TAG-9). What is not replaced keeps its writing.
func (n *Normalizer) Person(text string) string {
	if n.person == nil {
		return text
	}
	text = norm.NFC.String(valid(text))
	// origin[i] is where the character that stands at folded[i] begins in text.
	folded := make([]byte, 0, len(text))
	origin := make([]int, 0, len(text)+1)
	for i, r := range text {
		folded = utf8.AppendRune(folded, foldRune(r))
		for len(origin) < len(folded) {
			origin = append(origin, i)
		}
	}
	origin = append(origin, len(text))

	found := make([]int32, len(folded)+1)
	if !n.person.find(folded, found) {
		return text
	}
	var out strings.Builder
	kept := 0 // where what stays as it is begins
	for i := 0; i < len(folded); {
		node := found[i]
		if node <= 0 {
			i++
			continue
		}
		out.WriteString(text[origin[kept]:origin[i]])
		out.WriteString(n.person.to(node))
		i += n.person.length(node)
		kept = i
	}
	out.WriteString(text[origin[kept]:])
	return out.String()
}
