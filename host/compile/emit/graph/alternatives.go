package graph

import (
	"slices"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
)

// Texts that are alternatives are kept once for all patterns that ask for them. Few
// are tried one after another. Of many, only those are tried that can stand at a
// position at all: when all texts are sorted, the last one that is not above what
// stands there begins with each of them; so every text has a list of those that it
// begins with, itself included, in the order of preference.

// fewAlternatives is how many texts are simply tried one after another.
const fewAlternatives = 8

// maxListed is how many entries the lists of many texts may have for each text.
// Authors' words seldom begin with each other; beyond it all are tried in turn, as
// lists would grow with the square of the texts.
const maxListed = 4

// alternatives returns the address of the texts of some literals.
func (w *Writer) alternatives(p *ir.Pattern, literals []int) uint32 {
	key := alternativesKey(p, literals)
	at, known := w.sets[key]
	if !known {
		at = uint32(w.layAlternatives(textsOf(p, literals)))
		w.sets[key] = at
	}
	return at
}

// alternativesKey is the texts in a row, each with its length in front of it.
func alternativesKey(p *ir.Pattern, literals []int) string {
	var b strings.Builder
	for _, i := range literals {
		text := p.Nodes[i].Text
		b.WriteString(strconv.Itoa(len(text)))
		b.WriteByte(':')
		b.WriteString(text)
	}
	return b.String()
}

// textsOf are the texts of some literals. Of equal ones the first is preferred, and
// the others can only fail again.
func textsOf(p *ir.Pattern, literals []int) []string {
	list := make([]string, 0, len(literals))
	known := make(map[string]bool, len(literals))
	for _, i := range literals {
		if text := p.Nodes[i].Text; !known[text] {
			known[text] = true
			list = append(list, text)
		}
	}
	return list
}

// beginnings sorts texts, and tells for each which of them it begins with, as numbers
// in texts. It gives up when that is too much.
func beginnings(texts []string) (sorted []int, begins [][]int, ok bool) {
	sorted = make([]int, len(texts))
	for i := range sorted {
		sorted[i] = i
	}
	slices.SortFunc(sorted, func(a, b int) int { return strings.Compare(texts[a], texts[b]) })
	begins = make([][]int, len(texts))
	var open []int // the texts that the one before this begins with, and itself
	total := 0
	for n, i := range sorted {
		for len(open) > 0 && !strings.HasPrefix(texts[i], texts[open[len(open)-1]]) {
			open = open[:len(open)-1]
		}
		open = append(open, i)
		if total += len(open); total > maxListed*len(texts) {
			return nil, nil, false
		}
		begins[n] = slices.Sorted(slices.Values(open))
	}
	return sorted, begins, true
}

func (w *Writer) layAlternatives(texts []string) int {
	items := func(at int, numbers []int) {
		for n, i := range numbers {
			w.data.Put(at+ItemSize*n+ItemText, uint32(w.data.Text(texts[i])))
			w.data.Put(at+ItemSize*n+ItemLen, uint32(len(texts[i])))
		}
	}
	if len(texts) > fewAlternatives {
		if sorted, begins, ok := beginnings(texts); ok {
			return w.layKeys(sorted, begins, items)
		}
	}
	all := make([]int, len(texts))
	for i := range all {
		all[i] = i
	}
	at := w.data.Room(AlternativesHead + ItemSize*len(texts))
	w.data.Put(at+AlternativesItems, uint32(len(texts)))
	items(at+AlternativesHead, all)
	return at
}

// layKeys writes many texts. The list of a text that begins with no other is the
// begin of its own key.
func (w *Writer) layKeys(sorted []int, begins [][]int, items func(at int, numbers []int)) int {
	set := w.data.Room(AlternativesHead + KeySize*len(sorted))
	w.data.Put(set+AlternativesKeys, uint32(len(sorted)))
	for n, i := range sorted {
		key := set + AlternativesHead + KeySize*n
		items(key, []int{i})
		list := key
		if len(begins[n]) > 1 {
			list = w.data.Room(ItemSize * len(begins[n]))
			items(list, begins[n])
		}
		w.data.Put(key+KeyList, uint32(list))
		w.data.Put(key+KeyCount, uint32(len(begins[n])))
	}
	return set
}
