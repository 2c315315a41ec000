package emit

import (
	"slices"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
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
func (e *emitter) alternatives(p *ir.Pattern, literals []int) uint32 {
	key := alternativesKey(p, literals)
	at, known := e.sets[key]
	if !known {
		at = uint32(e.layAlternatives(textsOf(p, literals)))
		e.sets[key] = at
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

func (e *emitter) layAlternatives(texts []string) int {
	items := func(at int, numbers []int) {
		for n, i := range numbers {
			e.data.put(at+itemSize*n+itemText, uint32(e.data.text(texts[i])))
			e.data.put(at+itemSize*n+itemLen, uint32(len(texts[i])))
		}
	}
	if len(texts) > fewAlternatives {
		if sorted, begins, ok := beginnings(texts); ok {
			return e.layKeys(sorted, begins, items)
		}
	}
	all := make([]int, len(texts))
	for i := range all {
		all[i] = i
	}
	at := e.data.reserveRow((alternativesHead + itemSize*len(texts)) / 4)
	e.data.put(at+alternativesItems, uint32(len(texts)))
	items(at+alternativesHead, all)
	return at
}

// layKeys writes many texts. The list of a text that begins with no other is the
// begin of its own key.
func (e *emitter) layKeys(sorted []int, begins [][]int, items func(at int, numbers []int)) int {
	set := e.data.reserveRow((alternativesHead + keySize*len(sorted)) / 4)
	e.data.put(set+alternativesKeys, uint32(len(sorted)))
	for n, i := range sorted {
		key := set + alternativesHead + keySize*n
		items(key, []int{i})
		list := key
		if len(begins[n]) > 1 {
			list = e.data.reserveRow(itemSize / 4 * len(begins[n]))
			items(list, begins[n])
		}
		e.data.put(key+keyList, uint32(list))
		e.data.put(key+keyCount, uint32(len(begins[n])))
	}
	return set
}

// definePickText writes pick_text(alternatives, from, text, length) → the item that
// stands at the begin of the text and is preferred among those from a number on, and
// the number of the one behind it; both are 0 when there is none.
func (e *emitter) definePickText() {
	b := e.body(e.rt.pickText)
	set, n, text, size := b.Param(0), b.Param(1), b.Param(2), b.Param(3)
	item, count := b.i32(), b.i32()
	b.set(add(get(set), num(alternativesHead)), item)
	b.set(load(get(set), alternativesItems), count)
	b.when(load(get(set), alternativesKeys), func() {
		b.set(call(e.rt.findKey, get(set), get(text), get(size)), set)
		b.when(not(get(set)), func() { b.ret(num(0), num(0)) })
		b.set(load(get(set), keyList), item)
		b.set(load(get(set), keyCount), count)
	})
	b.set(add(get(item), shl(get(n), num(itemShift))), item)
	b.while(less(get(n), get(count)), func(wasmbin.Label) {
		e.spend(b, matchCost)
		b.set(add(get(n), num(1)), n)
		b.when(not(more(load(get(item), itemLen), get(size))), func() {
			b.when(call(e.rt.equal, load(get(item), itemText), get(text), load(get(item), itemLen)), func() {
				b.ret(get(item), mul(get(n), less(get(n), get(count))))
			})
		})
		b.set(add(get(item), num(itemSize)), item)
	})
	b.leave(num(0), num(0))
}

// defineFindKey writes find_key(alternatives, text, length) → the last key that is not
// above the text, or 0. It takes as many steps as the number of keys has bits.
func (e *emitter) defineFindKey() {
	b := e.body(e.rt.findKey)
	set, text, size := b.Param(0), b.Param(1), b.Param(2)
	low, high, middle := b.i32(), b.i32(), b.i32()
	at := func(n expr) expr { return add(add(get(set), num(alternativesHead)), shl(n, num(keyShift))) }
	b.set(load(get(set), alternativesKeys), high)
	b.while(less(get(low), get(high)), func(wasmbin.Label) {
		b.set(shr(add(get(low), get(high)), num(1)), middle)
		key := at(get(middle))
		order := call(e.rt.compare, load(key, itemText), load(key, itemLen), get(text), get(size))
		b.either(signed(num(0), order), func() { b.set(get(middle), high) }, func() { b.set(add(get(middle), num(1)), low) })
	})
	b.when(not(get(low)), func() { b.ret(num(0)) })
	b.leave(at(sub(get(low), num(1))))
}

// defineCompare writes compare(a, length of a, b, length of b) → below, at or above 0
// as the bytes of a come before, are, or come behind those of b.
func (e *emitter) defineCompare() {
	b := e.body(e.rt.compare)
	x, xLen, y, yLen := b.Param(0), b.Param(1), b.Param(2), b.Param(3)
	end, differ := b.i32(), b.i32()
	b.set(add(get(x), get(xLen)), end)
	b.when(less(get(yLen), get(xLen)), func() { b.set(add(get(x), get(yLen)), end) })
	b.while(less(get(x), get(end)), func(wasmbin.Label) {
		b.set(sub(load8(get(x)), load8(get(y))), differ)
		b.when(get(differ), func() { b.ret(get(differ)) })
		b.set(add(get(x), num(1)), x)
		b.set(add(get(y), num(1)), y)
	})
	b.leave(sub(get(xLen), get(yLen)))
}
