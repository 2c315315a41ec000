package emulator

import (
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

// phoneMatching is the permission to name people by their phone number.
const phoneMatching = "pages_messaging_phone_number"

// byPhone finds the person of that number, an old way to name one (messenger.md §3.1).
func (e *Emulator) byPhone(d *sending, number string) *refusal.Refusal {
	if !slices.Contains(d.call.app.Permissions, phoneMatching) {
		return refusal.New(200, 2018027, "%s", refusal.Text(200, 2018027))
	}
	if d.person = d.call.page.Phoned(number); d.person == nil {
		return unknownPerson()
	}
	d.byRef = true
	return nil
}
