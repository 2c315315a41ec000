package reply

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// formatter applies one Format to the texts of a block, one after the other.
type formatter struct {
	format Format
	person func(string) string
	inWord bool // Formal: the text so far ends inside a word
	begun  bool // Sentence: its first character has passed
}

func (s *formatter) apply(text string) string {
	switch s.format {
	case Uppercase:
		if isASCII(text) { // where the full mapping is the simple one
			return strings.ToUpper(text)
		}
		return cases.Upper(language.Und).String(text)
	case Lowercase:
		return strings.Map(unicode.ToLower, text)
	case Formal:
		return s.formal(text)
	case Sentence:
		return s.sentence(text)
	case Person:
		if s.person != nil {
			return s.person(text)
		}
	}
	return text
}

// passError takes notice of an error text, which is left as it is.
func (s *formatter) passError(text string) {
	if text == "" {
		return
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	s.inWord = !unicode.IsSpace(last)
	s.begun = true
}

// passCut takes notice of the end of a part: words do not reach over it.
func (s *formatter) passCut() { s.inWord = false }

func (s *formatter) formal(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch {
		case unicode.IsSpace(r):
			s.inWord = false
		case !s.inWord:
			s.inWord = true
			writeTitle(&b, r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (s *formatter) sentence(text string) string {
	if s.begun {
		return text
	}
	for i, r := range text {
		if !unicode.IsSpace(r) {
			s.begun = true
			var b strings.Builder
			b.Grow(len(text))
			b.WriteString(text[:i])
			writeTitle(&b, r)
			b.WriteString(text[i+utf8.RuneLen(r):])
			return b.String()
		}
	}
	return text
}

// writeTitle writes a character in title case, which may take two ("ß" becomes "Ss").
func writeTitle(b *strings.Builder, r rune) {
	if r < utf8.RuneSelf {
		b.WriteRune(unicode.ToUpper(r))
		return
	}
	b.WriteString(cases.Title(language.Und, cases.NoLower).String(string(r)))
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
