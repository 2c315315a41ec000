package message

import "unicode/utf8"

// The characters that L-NORM-4 and L-NORM-7 delete.
const (
	alwaysDeleted     = `\<>`
	shortPunctuation  = ".,!?;:"
	dexterPunctuation = shortPunctuation + `'"()[]…¿¡«»„‚‹›。，、！？；：（）「」『』【】《》؟،؛`
	replyPunctuation  = "@#$%^&*()"
)

// filter deletes characters from folded texts.
type filter struct {
	ascii [utf8.RuneSelf]bool // true: deleted
	other map[rune]bool       // deleted ones beyond ASCII
	plain bool                // everything beyond ASCII is deleted
	quick [256]byte           // what becomes of a byte of a raw ASCII text; see fast
}

// What else the quick table holds.
const (
	gone   = 0    // the character is deleted
	beyond = 0xff // not for this table
)

// ready fills the quick table.
func (f *filter) ready() *filter {
	for c := range f.quick {
		var folded [1]byte
		switch {
		case c == 0 || c >= utf8.RuneSelf:
			f.quick[c] = beyond
		case !f.ascii[appendFolded(folded[:0], string(rune(c)))[0]]:
			f.quick[c] = folded[0]
		}
	}
	return f
}

// fast folds, deletes and squeezes a raw text in one go; ok is false when it
// holds anything but ASCII.
func (f *filter) fast(b []byte, raw string) (out []byte, ok bool) {
	last := byte(' ')
	for i := range len(raw) {
		c := f.quick[raw[i]]
		switch {
		case c == beyond:
			return b[:0], false
		case c == gone || c == ' ' && last == ' ':
			continue
		}
		b = append(b, c)
		last = c
	}
	return trimBlank(b), true
}

// newFilter deletes the given characters.
func newFilter(characters string) *filter {
	f := &filter{other: map[rune]bool{}}
	for _, r := range characters {
		if r < utf8.RuneSelf {
			f.ascii[r] = true
		} else {
			f.other[r] = true
		}
	}
	return f.ready()
}

// newMessageFilter deletes what the mode says, but keeps the characters of keep
// in ASCII mode (L-NORM-6).
func newMessageFilter(o Options, keep string) *filter {
	if o.Mode != ASCII {
		return newFilter(deleted(o))
	}
	f := &filter{plain: true}
	for c := range f.ascii {
		f.ascii[c] = !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == ' ')
	}
	for _, c := range keep {
		f.ascii[c] = false
	}
	return f.ready()
}

// deleted lists what the modes beyond ASCII delete (L-NORM-4).
func deleted(o Options) string {
	switch {
	case o.Punctuation != nil:
		return alwaysDeleted + Fold(*o.Punctuation)
	case o.Mode == Dexter:
		return alwaysDeleted + dexterPunctuation
	}
	return alwaysDeleted + shortPunctuation
}

// apply deletes in place, and squeezes the blanks (L-NORM-4, L-NORM-5).
func (f *filter) apply(b []byte) []byte {
	out := b[:0]
	for i := 0; i < len(b); {
		c := b[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(b[i:])
			if !f.plain && !f.other[r] {
				out = append(out, b[i:i+size]...)
			}
			i += size
			continue
		}
		i++
		if f.ascii[c] || c == ' ' && (len(out) == 0 || out[len(out)-1] == ' ') {
			continue
		}
		out = append(out, c)
	}
	return trimBlank(out)
}
