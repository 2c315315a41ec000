package prose

import (
	"regexp"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// fill is the share of the limit (one in fill) that a piece must reach before it may
// end at a mere paragraph, line or sentence: else a text would fall into scraps.
const fill = 4

// lookahead is how far behind the limit, in UTF-16 units, it is looked whether a
// sentence begins there.
const lookahead = 32

// A level says how good a place for a cut is; higher is better.
type level int

const (
	atGrapheme level = iota
	atWord
	atSentence
	atLine
	atParagraph
	levels
)

// A spot is a place in a text: its offset in bytes, and the UTF-16 units before it.
type spot struct{ at, units int }

// address finds what Messenger makes a link of. It ends at white space, and at an emoji: nobody
// means one that follows a link without a blank as a part of it.
var address = regexp.MustCompile(`(?i)(?:https?://|www\.)[^\s\v\p{Z}\x{85}\p{So}\p{Sk}\p{Cf}]+`)

// Split cuts text into pieces of at most limit UTF-16 units (at least 2), at the end
// of a paragraph, else of a line, a sentence, a word, else between two grapheme
// clusters; never inside a grapheme cluster or a web address unless that alone is
// over the limit. White space at a cut goes, nothing else is lost (messenger.md
// section 3.2). Text of nothing but white space yields no piece.
func Split(text string, limit int) []string {
	s := splitter{text: Trim(Clean(text)), limit: limit}
	if Units(s.text) <= limit {
		if s.text == "" {
			return nil
		}
		return []string{s.text}
	}
	for _, a := range address.FindAllStringIndex(s.text, -1) {
		if Units(s.text[a[0]:a[1]]) <= limit { // else it is cut in any case
			s.addresses = append(s.addresses, a)
		}
	}
	var pieces []string
	for s.from < len(s.text) {
		end := s.cut()
		pieces = append(pieces, Trim(s.text[s.from:end]))
		s.from = len(s.text) - len(trimStart(s.text[end:]))
	}
	return pieces
}

// Shorten is the longest beginning of text of at most limit UTF-16 units (at least 2)
// that ends between two grapheme clusters. It is empty only when text is.
func Shorten(text string, limit int) string {
	text = Trim(Clean(text))
	if Units(text) <= limit {
		return text
	}
	units, end := 0, 0
	for g := uniseg.NewGraphemes(text); g.Next(); {
		if units += Units(g.Str()); units > limit {
			break
		}
		_, end = g.Positions()
	}
	if end == 0 {
		return Cut(text, limit)
	}
	return Trim(text[:end])
}

// splitter is a text that is being split; what lies before from is done with.
type splitter struct {
	text      string
	limit     int
	from      int
	addresses [][]int // spans of web addresses that fit into a piece, in order
}

// cut finds where the next piece, which begins at from with ink, ends best.
func (s *splitter) cut() int {
	var best [levels]spot
	offer := func(l level, p spot) {
		if l > atWord && p.units*fill < s.limit {
			l = atWord
		}
		if p.at > s.from && p.units <= s.limit {
			best[l] = p
		}
	}
	sentences := s.sentences()
	var run spot // where the white space before here begins
	white, breaks, units := false, 0, 0
	for rest, state := s.text[s.from:], -1; rest != ""; {
		here := spot{at: len(s.text) - len(rest), units: units}
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		units += Units(cluster)
		if blank(cluster) {
			if !white {
				run, breaks = here, 0
			}
			white = true
			breaks += strings.Count(cluster, "\n")
			continue
		}
		switch {
		case white:
			offer(quality(breaks, sentences[here.at]), run)
		case s.insideAddress(here.at):
		case sentences[here.at] && here.units*fill >= s.limit:
			offer(atSentence, here)
		default:
			offer(atGrapheme, here)
		}
		white = false
		if here.units > s.limit {
			break
		}
	}
	if units <= s.limit {
		return len(s.text)
	}
	for l := levels - 1; l >= atGrapheme; l-- {
		if best[l].at > 0 {
			return best[l].at
		}
	}
	return s.from + len(Cut(s.text[s.from:], s.limit))
}

// quality is the level of a stretch of white space with that many line breaks.
func quality(breaks int, sentence bool) level {
	switch {
	case breaks > 1:
		return atParagraph
	case breaks == 1:
		return atLine
	case sentence:
		return atSentence
	}
	return atWord
}

// sentences holds the offsets at which sentences begin, as far as the limit reaches.
func (s *splitter) sentences() map[int]bool {
	starts := map[int]bool{}
	window := Cut(s.text[s.from:], s.limit+lookahead)
	for rest, state := window, -1; rest != ""; {
		_, rest, state = uniseg.FirstSentenceInString(rest, state)
		if rest != "" {
			starts[s.from+len(window)-len(rest)] = true
		}
	}
	return starts
}

// insideAddress tells whether a cut at the offset would break a web address that
// can stay whole.
func (s *splitter) insideAddress(at int) bool {
	i := sort.Search(len(s.addresses), func(i int) bool { return s.addresses[i][1] > at })
	return i < len(s.addresses) && s.addresses[i][0] < at
}

// Clean replaces what is not UTF-8: JSON could not carry it.
func Clean(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// blank tells whether a grapheme cluster is nothing but white space.
func blank(cluster string) bool {
	return strings.IndexFunc(cluster, func(r rune) bool { return !unicode.IsSpace(r) }) < 0
}

// Trim takes white space off both ends, by whole grapheme clusters: a blank that
// carries an accent is ink.
func Trim(text string) string {
	text = trimStart(text)
	if last, _ := utf8.DecodeLastRuneInString(text); !unicode.IsSpace(last) {
		return text
	}
	end := 0
	for g := uniseg.NewGraphemes(text); g.Next(); {
		if !blank(g.Str()) {
			_, end = g.Positions()
		}
	}
	return text[:end]
}

func trimStart(text string) string {
	for text != "" {
		cluster, rest, _, _ := uniseg.FirstGraphemeClusterInString(text, -1)
		if !blank(cluster) {
			return text
		}
		text = rest
	}
	return ""
}
