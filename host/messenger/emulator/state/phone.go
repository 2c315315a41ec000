package state

import (
	"slices"
	"strings"
	"unicode"
)

// Phoned finds the person of a phone number, however that is written; nil: there is none.
func (p *Page) Phoned(number string) *Person {
	wanted := digits(number)
	i := slices.IndexFunc(p.People, func(who *Person) bool { return wanted != "" && digits(who.Phone) == wanted })
	if i < 0 {
		return nil
	}
	return p.People[i]
}

// digits are the digits of a phone number.
func digits(number string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, number)
}
