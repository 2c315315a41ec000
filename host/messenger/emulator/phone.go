package emulator

import (
	"slices"
	"strings"
	"unicode"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

// phoneMatching is the permission to name people by their phone number.
const phoneMatching = "pages_messaging_phone_number"

// byPhone finds the person of that number, an old way to name one (messenger.md §3.1). How a number
// is written does not matter.
func (e *Emulator) byPhone(d *sending, number string) *refusal.Refusal {
	if !slices.Contains(d.call.app.Permissions, phoneMatching) {
		return refusal.New(200, 2018027, "%s", refusal.Text(200, 2018027))
	}
	for _, who := range d.call.page.People {
		if wanted := digits(number); wanted != "" && digits(who.Phone) == wanted {
			d.person, d.byRef = who, true
			return nil
		}
	}
	return unknownPerson()
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
