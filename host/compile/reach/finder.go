package reach

import (
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/script/message"
)

// finder finds the triggers of a group that may match a text: those of which every
// choice of words has one in the text.
type finder struct {
	members []int            // numbers of the triggers, in their order
	sought  []int            // the pattern of each that is looked for
	texts   map[string][]int // places of those that match one text
	rows    []uint64         // word and place in members of each other trigger with a key, ascending
	signs   []uint64         // of each row: the sign of its pattern
	keyless []int            // places of those that are left
}

// rowPlace is how many low bits of a row are the place.
const rowPlace = 32

// demand is the need of a pattern in the numbers of words.
type demand struct {
	choices [][]int32
	key     []int32 // the choice that the fewest patterns ask for; nil without any
	sign    uint64  // of the words without which there is nothing to match; see sign
	piece   string
	whole   bool // the piece is all that the pattern matches
}

// sign is the bit of a word. A text whose words have not all bits of a pattern's sign
// lacks one of its words: most that do are told by that, without a look at the pattern.
func sign(word int32) uint64 { return 1 << (uint32(word) & 63) }

// lexicon numbers the words that patterns need.
type lexicon struct {
	numbers map[string]int32
	common  []int // how many patterns need each word
}

func (l *lexicon) number(word string) int32 {
	n, known := l.numbers[word]
	if !known {
		n = int32(len(l.common))
		l.numbers[word] = n
		l.common = append(l.common, 0)
	}
	return n
}

// demands brings needs into numbers.
func (l *lexicon) demands(needs []*need) []demand {
	size, choices := 0, 0
	for _, n := range needs {
		choices += len(n.words)
		for _, words := range n.words {
			size += len(words)
		}
	}
	numbers, lists := make([]int32, 0, size), make([][]int32, 0, choices)
	list := make([]demand, len(needs))
	for i, n := range needs {
		first := len(lists)
		for _, words := range n.words {
			begin := len(numbers)
			for _, w := range words {
				number := l.number(w)
				l.common[number]++
				numbers = append(numbers, number)
			}
			lists = append(lists, numbers[begin:len(numbers):len(numbers)])
		}
		list[i].choices, list[i].piece, list[i].whole = lists[first:len(lists):len(lists)], n.piece, n.whole
	}
	for i := range list {
		list[i].key = l.rarest(list[i].choices)
		for _, choice := range list[i].choices {
			if len(choice) == 1 {
				list[i].sign |= sign(choice[0])
			}
		}
	}
	return list
}

// rarest is the choice that tells most.
func (l *lexicon) rarest(choices [][]int32) (key []int32) {
	least := 0
	for _, choice := range choices {
		sum := 0
		for _, w := range choice {
			sum += l.common[w]
		}
		if key == nil || sum < least {
			key, least = choice, sum
		}
	}
	return key
}

// newFinder is a finder of triggers that are in their order; sought are the patterns
// by which they are found.
func newFinder(members, sought []int, demands []demand) *finder {
	f := &finder{members: members, sought: sought, texts: map[string][]int{}}
	for place, p := range sought {
		switch d := &demands[p]; {
		case d.whole:
			f.texts[d.piece] = append(f.texts[d.piece], place)
		case d.key == nil:
			f.keyless = append(f.keyless, place)
		default:
			for _, w := range d.key {
				f.rows = append(f.rows, uint64(w)<<rowPlace|uint64(place))
			}
		}
	}
	slices.Sort(f.rows)
	f.signs = make([]uint64, len(f.rows))
	for i, row := range f.rows {
		f.signs[i] = demands[sought[row&(1<<rowPlace-1)]].sign
	}
	return f
}

// question is a text that is looked for in finders.
type question struct {
	texts []message.Text
	words []int32 // those that some pattern needs
	sign  uint64  // of all of these
}

// reader puts questions, one at a time. It is for one goroutine.
type reader struct {
	lexicon *lexicon
	demands []demand
	stamps  []uint32 // by word: the last question in which it stands
	stamp   uint32
	question
}

func newReader(l *lexicon, demands []demand) *reader {
	return &reader{lexicon: l, demands: demands, stamps: make([]uint32, len(l.common))}
}

// ask makes a message the question.
func (r *reader) ask(heard message.Forms) {
	r.stamp++
	r.texts, r.words, r.sign = append(r.texts[:0], heard.Plain), r.words[:0], 0
	if heard.Kept.Classes != nil {
		r.texts = append(r.texts, heard.Kept)
	}
	for _, text := range r.texts {
		runs(text.String, func(start, end int) {
			n, known := r.lexicon.numbers[text.String[start:end]]
			if known && r.stamps[n] != r.stamp {
				r.stamps[n] = r.stamp
				r.words, r.sign = append(r.words, n), r.sign|sign(n)
			}
		})
	}
}

// find visits the places below a limit of triggers that may match the question, in no
// order and perhaps repeatedly.
func (r *reader) find(f *finder, limit int, visit func(place int)) {
	for _, text := range r.texts {
		for _, place := range f.texts[text.String] {
			if place < limit {
				visit(place)
			}
		}
	}
	for _, place := range f.keyless {
		if place >= limit {
			break
		}
		if r.may(f.sought[place]) {
			visit(place)
		}
	}
	for _, w := range r.words {
		from, _ := slices.BinarySearch(f.rows, uint64(w)<<rowPlace)
		for i, row := range f.rows[from:] {
			place := int(row & (1<<rowPlace - 1))
			if row>>rowPlace != uint64(w) || place >= limit {
				break
			}
			if f.signs[from+i]&^r.sign == 0 && r.may(f.sought[place]) {
				visit(place)
			}
		}
	}
}

// may tells whether a pattern may match the question.
func (r *reader) may(pattern int) bool {
	d := &r.demands[pattern]
	for _, choice := range d.choices {
		if !slices.ContainsFunc(choice, func(w int32) bool { return r.stamps[w] == r.stamp }) {
			return false
		}
	}
	return slices.ContainsFunc(r.texts, func(t message.Text) bool { return strings.Contains(t.String, d.piece) })
}
