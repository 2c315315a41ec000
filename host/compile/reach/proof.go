package reach

import (
	"encoding/binary"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/script/message"
)

const (
	// maxProof is how many pairs of sets of states one proof may look at. Patterns
	// of authors take some dozens; those that take more are left in peace.
	maxProof = 2_000
	// heavy is how many states of two automata make a pair count once more.
	heavy = 256
)

// prover proves that one pattern matches everything another one does. It is for one
// goroutine.
type prover struct {
	program  *ir.Program
	generous []*automaton // by pattern, made when needed
	strict   []*automaton
	known    map[[2]int]proof
}

// proof is the end of a proof, and how many pairs it has looked at.
type proof struct {
	holds bool
	pairs int
}

func newProver(p *ir.Program) *prover {
	return &prover{
		program: p, generous: make([]*automaton, len(p.Patterns)), strict: make([]*automaton, len(p.Patterns)),
		known: map[[2]int]proof{},
	}
}

// covers tells whether it is proven that pattern a matches every text that pattern b
// matches. A proof that is known already counts as if it were made.
func (p *prover) covers(a, b int) (proven bool, pairs int) {
	if a == b {
		return true, 0
	}
	key := [2]int{a, b}
	found, known := p.known[key]
	if !known {
		found = p.prove(a, b)
		p.known[key] = found
	}
	return found.holds, found.pairs
}

func (p *prover) prove(a, b int) proof {
	for _, m := range [...]struct {
		list     []*automaton
		pattern  int
		generous bool
	}{{p.strict, a, false}, {p.generous, b, true}} {
		if m.list[m.pattern] == nil {
			m.list[m.pattern] = newAutomaton(&p.program.Patterns[m.pattern], m.generous)
		}
	}
	x := inclusion{a: p.strict[a], b: p.generous[b], seen: map[pair]bool{}}
	x.symbols = alphabet(x.a.symbols, x.b.symbols)
	weight := 1 + (len(x.a.nodes)+len(x.b.nodes))/heavy
	x.limit = maxProof / weight
	return proof{x.holds(), len(x.seen) * weight}
}

// alphabet is what texts are made of: the characters of the literals, and one of
// each class for all others.
func alphabet(lists ...[]rune) []rune {
	symbols := []rune{' ', otherLetter, otherDigit, otherSymbol, otherMark}
	seen := map[rune]bool{' ': true}
	for _, list := range lists {
		for _, r := range list {
			if !seen[r] {
				seen[r] = true
				symbols = append(symbols, r)
			}
		}
	}
	return symbols
}

// inclusion walks over all texts at once, by the states that both automata are in
// after reading them: texts with the same states have the same future. A text is a
// normalised one: blanks stand alone and not at its ends (L-NORM-5).
type inclusion struct {
	a, b    *automaton // does a match what b matches?
	symbols []rune
	seen    map[pair]bool
	todo    []situation
	limit   int
}

// situation is where both are after some text.
type situation struct {
	a, b   states
	before message.Shape // of the last character
	begun  bool
}

type pair struct {
	a, b   string
	before message.Shape
	begun  bool
}

func (x *inclusion) holds() bool {
	x.push(situation{a: x.a.start(), b: x.b.start(), before: message.BlankGap})
	for len(x.todo) > 0 {
		if len(x.seen) > x.limit {
			return false
		}
		s := x.todo[len(x.todo)-1]
		x.todo = x.todo[:len(x.todo)-1]
		if !x.goOn(s) {
			return false
		}
	}
	return true
}

// goOn looks at the text as it is, and at all that are one character longer. It
// tells whether a matches the text if b does.
func (x *inclusion) goOn(s situation) bool {
	var a, b [2]states // widened: inside, and at a border
	a[0], _ = x.a.widen(s.a, false)
	b[0], _ = x.b.widen(s.b, false)
	var throughA, throughB bool
	a[1], throughA = x.a.widen(s.a, true)
	b[1], throughB = x.b.widen(s.b, true)
	if !s.begun { // L-TRIG-14
		throughA, throughB = throughA || x.a.pattern.Bare, throughB || x.b.pattern.Bare
	}
	if throughB && !throughA && !(s.begun && s.before == message.BlankGap) {
		return false
	}
	for _, r := range x.symbols {
		if r == ' ' && s.before == message.BlankGap {
			continue
		}
		here, at := shapeOf(r, s.before), 0
		if here != s.before || here == message.BlankGap {
			at = 1
		}
		nextB := x.b.read(b[at], r)
		if nextB.none() {
			continue
		}
		nextA := x.a.read(a[at], r)
		if !nextA.meets(x.a.free) { // else a matches however the text goes on
			x.push(situation{nextA, nextB, here, true})
		}
	}
	return true
}

func (x *inclusion) push(s situation) {
	key := pair{s.a.key(), s.b.key(), s.before, s.begun}
	if !x.seen[key] {
		x.seen[key] = true
		x.todo = append(x.todo, s)
	}
}

// key is a set as something maps can look up.
func (s states) key() string {
	var b []byte
	for _, w := range s {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return string(b)
}
