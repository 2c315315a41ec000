package message

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

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
