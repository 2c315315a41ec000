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
	return f
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
	return f
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
