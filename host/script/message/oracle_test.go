package message

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// plainReplace makes substitutions as the language tells it (L-SUB-1, L-SUB-2).
func plainReplace(s string, subs []Substitution) string {
	wordBehind := func(i int) bool { return i > 0 && shapeBefore([]byte(s), 0, i, blank) == word }
	wordAhead := func(i int) bool { return wordAt([]byte(s), i, shapeBefore([]byte(s), 0, i, blank)) }
	rank := ranks(subs)
	var out strings.Builder
	for i := 0; i < len(s); {
		best := -1
		for k, sub := range subs {
			if sub.From != "" && strings.HasPrefix(s[i:], sub.From) && !wordBehind(i) && !wordAhead(i+len(sub.From)) &&
				(best < 0 || rank[k] < rank[best]) {
				best = k
			}
		}
		if best < 0 {
			size := len(string([]rune(s[i:])[:1]))
			out.WriteString(s[i : i+size])
			i += size
			continue
		}
		out.WriteString(subs[best].To)
		i += len(subs[best].From)
	}
	return out.String()
}

// ranks gives each substitution its turn: more words first, then longer, then
// the earlier definition (L-SUB-2).
func ranks(subs []Substitution) []int {
	order := make([]int, len(subs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := subs[a].From, subs[b].From
		return cmp.Or(
			cmp.Compare(len(strings.Fields(y)), len(strings.Fields(x))),
			cmp.Compare(utf8.RuneCountInString(y), utf8.RuneCountInString(x)),
		)
	})
	rank := make([]int, len(subs))
	for turn, i := range order {
		rank[i] = turn
	}
	return rank
}

// wordAt tells whether a word character stands at position i, behind a character of shape before.
func wordAt(b []byte, i int, before shape) bool {
	if i >= len(b) {
		return false
	}
	r, _ := utf8.DecodeRune(b[i:])
	return shapeOf(r, before) == word
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
