package message

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// table finds substitutions. It is a trie over the bytes of the patterns.
type table struct {
	nodes []trieNode // node 0 is the root
	subs  []Substitution
	rank  []int // of each substitution: the lower is tried first (L-SUB-2)
}

// trieNode has one edge for each byte of keys, to the node of the same position in next.
type trieNode struct {
	keys []byte
	next []int
	sub  int // substitution whose pattern ends here, or -1
}

// newTable prepares substitutions, or returns nil when there are none.
func newTable(subs []Substitution) *table {
	t := &table{nodes: []trieNode{{sub: -1}}, subs: subs, rank: ranks(subs)}
	for i, s := range subs {
		if s.From != "" {
			t.add(s.From, i)
		}
	}
	if len(t.nodes) == 1 {
		return nil
	}
	return t
}

func (t *table) add(pattern string, sub int) {
	at := 0
	for i := range len(pattern) {
		at = t.child(at, pattern[i])
	}
	if old := t.nodes[at].sub; old < 0 || t.rank[sub] < t.rank[old] {
		t.nodes[at].sub = sub
	}
}

// child finds the node behind byte c, and makes it when it is missing.
func (t *table) child(at int, c byte) int {
	if next := t.step(at, c); next >= 0 {
		return next
	}
	next := len(t.nodes)
	t.nodes = append(t.nodes, trieNode{sub: -1})
	n := &t.nodes[at]
	n.keys, n.next = append(n.keys, c), append(n.next, next)
	return next
}

func (t *table) step(at int, c byte) int {
	n := &t.nodes[at]
	for i, k := range n.keys {
		if k == c {
			return n.next[i]
		}
	}
	return -1
}

// find looks for the substitution to make at position i of a folded text, where
// the character before has shape before; end is where its pattern ends.
func (t *table) find(b []byte, i int, before shape) (sub, end int) {
	if before == word {
		return -1, 0
	}
	sub = -1
	at, shapes := 0, before
	for j := i; j < len(b); {
		r, size := rune(b[j]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(b[j:])
		}
		for k := range size {
			if at = t.step(at, b[j+k]); at < 0 {
				return sub, end
			}
		}
		shapes = shapeOf(r, shapes)
		j += size
		if s := t.nodes[at].sub; s >= 0 && (sub < 0 || t.rank[s] < t.rank[sub]) && !wordAt(b, j, shapes) {
			sub, end = s, j
		}
	}
	return sub, end
}

// wordAt tells whether a word character stands at position i, behind a character of shape before.
func wordAt(b []byte, i int, before shape) bool {
	if i >= len(b) {
		return false
	}
	r, _ := utf8.DecodeRune(b[i:])
	return shapeOf(r, before) == word
}

// replace appends the squeezed text b with all substitutions made to out.
func (t *table) replace(out, b []byte) []byte {
	before := blank
	for i := 0; i < len(b); {
		if sub, end := t.find(b, i, before); sub >= 0 {
			out = append(out, t.subs[sub].To...)
			before = shapeBefore(b, i, end, before)
			i = end
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		out = append(out, b[i:i+size]...)
		before = shapeOf(r, before)
		i += size
	}
	return out
}

// shapeBefore tells the shape of the last character of b[from:to]; before is that of the one before from.
func shapeBefore(b []byte, from, to int, before shape) shape {
	for from < to {
		r, size := utf8.DecodeRune(b[from:to])
		before = shapeOf(r, before)
		from += size
	}
	return before
}

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

	var out strings.Builder
	before := blank
	for i := 0; i < len(folded); {
		if sub, end := n.person.find(folded, i, before); sub >= 0 {
			out.WriteString(n.person.subs[sub].To)
			before = shapeBefore(folded, i, end, before)
			i = end
			continue
		}
		r, size := utf8.DecodeRune(folded[i:])
		out.WriteString(text[origin[i]:origin[i+size]])
		before = shapeOf(r, before)
		i += size
	}
	return out.String()
}
