package match

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/footlight-bots/footlight/host/script/message"
)

// Key is what the order of triggers depends on in the text of one pattern
// (L-SORT-4 to L-SORT-6).
type Key struct {
	Class  int // 1 to 8, lower first
	Words  int // higher first
	length int // code points, higher first; in dialect rivescript only
	text   string
	head   uint64 // see headOf
}

// NewKey reads the key of a pattern's text, {weight} tags removed.
func NewKey(text string) Key {
	text = sortText(text)
	words := len(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" *#_|", r) }))
	k := Key{Class: class(text, words > 0), Words: words, length: utf8.RuneCountInString(text), text: text}
	k.head = headOf(k)
	return k
}

// A head is the beginning of a key as one number: class, words, length and the first
// bytes of the text. Of two keys whose heads differ the one with the lower head comes
// first, where order is by length and text.
const (
	headText  = 4  // bytes of the text, in the lowest bits
	headCount = 12 // bits of words and of length each; longer patterns do not differ in them
	headMost  = 1<<headCount - 1
)

func headOf(k Key) uint64 {
	head := uint64(k.Class)
	head = head<<headCount | uint64(max(headMost-k.Words, 0))
	head = head<<headCount | uint64(max(headMost-k.length, 0))
	for i := range headText {
		head <<= 8
		if i < len(k.text) {
			head |= uint64(k.text[i])
		}
	}
	return head
}

// class is the table of L-SORT-4.
func class(text string, words bool) int {
	var n int
	switch {
	case strings.Contains(text, "_"):
		n = 3
	case strings.Contains(text, "#"):
		n = 4
	case strings.Contains(text, "*"):
		n = 5
	case strings.Contains(text, "["):
		return 2
	default:
		return 1
	}
	if !words {
		n += 3
	}
	return n
}

// escapable are the characters that a backslash makes literal in a trigger.
const escapable = `*#_()[]|@<>{}\`

// sortText folds a pattern outside of <…>, squeezes its white space, \s included,
// and puts the letter a in the place of each escaped character.
func sortText(text string) string {
	var b strings.Builder
	for text != "" {
		i := strings.IndexAny(text, `\<`)
		if i < 0 {
			b.WriteString(message.Fold(text))
			break
		}
		b.WriteString(message.Fold(text[:i]))
		put, size := special(text[i:])
		b.WriteString(put)
		text = text[i+size:]
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// special is what stands in the sort text for the tag or escape that s begins with.
func special(s string) (put string, size int) {
	switch {
	case s[0] == '<':
		size = max(strings.IndexByte(s, '>')+1, 1)
		return s[:size], size
	case len(s) > 1 && s[1] == 's':
		return " ", 2
	case len(s) > 1 && strings.IndexByte(escapable, s[1]) >= 0:
		return "a", 2
	}
	return s[:1], 1
}

// compare orders two keys: class, then words, and in dialect rivescript length and text.
func (k *Key) compare(o *Key, byText bool) int {
	if byText && k.head != o.head {
		return cmp.Compare(k.head, o.head)
	}
	order := cmp.Or(cmp.Compare(k.Class, o.Class), cmp.Compare(o.Words, k.Words))
	if order != 0 || !byText {
		return order
	}
	return cmp.Or(cmp.Compare(o.length, k.length), strings.Compare(k.text, o.text))
}
