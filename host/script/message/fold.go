package message

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold puts a text into the writing in which texts are compared (L-NORM-2):
// Unicode form NFC, straight quotes, simple lower case. White space stays as it is.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	s = norm.NFC.String(valid(s))
	return strings.Map(foldRune, s)
}

// isFolded recognises the common case: ASCII without capitals.
func isFolded(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}

// foldRune maps one character: quotes become straight, letters small.
func foldRune(r rune) rune {
	switch r {
	case '‘', '’':
		return '\''
	case '“', '”':
		return '"'
	}
	return unicode.ToLower(r)
}

// valid replaces what is no UTF-8.
func valid(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }

// appendFolded appends s folded, every white space as a blank; runs are squeezed later.
func appendFolded(b []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return appendFoldedUnicode(b[:0], s)
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		case '\t' <= c && c <= '\r':
			c = ' '
		}
		b = append(b, c)
	}
	return b
}

func appendFoldedUnicode(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = valid(s)
	}
	if !isComposed(s) {
		s = norm.NFC.String(s)
	}
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			b = appendFolded(b, s[i:i+1])
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if unicode.IsSpace(r) {
			b = append(b, ' ')
			continue
		}
		b = utf8.AppendRune(b, foldRune(r))
	}
	return b
}

// isComposed recognises the common case of NFC: no character but those up to U+02FF
// and the Cyrillic ones up to U+047F, among which there is no mark and nothing that
// NFC changes. Their first bytes say so.
func isComposed(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= 0xcc && c != 0xd0 && c != 0xd1 {
			return false
		}
	}
	return true
}

// squeeze makes every run of blanks one and drops those at the ends, in place.
func squeeze(b []byte) []byte {
	out := b[:0]
	for _, c := range b {
		if c == ' ' && (len(out) == 0 || out[len(out)-1] == ' ') {
			continue
		}
		out = append(out, c)
	}
	return trimBlank(out)
}

// trimBlank drops one blank at the end.
func trimBlank(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == ' ' {
		return b[:n-1]
	}
	return b
}
