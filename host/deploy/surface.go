package deploy

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// AtDesk words a text of ours for those who read it in the console. Texts are written once, for the terminal; what the
// console has a page or a field for is called by that here. Commands without one stay.
func AtDesk(text string) string {
	out := atDesk.Replace(text)
	if first, size := utf8.DecodeRuneInString(out); strings.HasPrefix(text, "footlight ") && size > 0 {
		return string(unicode.ToUpper(first)) + out[size:]
	}
	return out
}

// atDesk knows what a command or setting is called in the console. The longer phrase stands before the shorter one that
// begins alike.
var atDesk = strings.NewReplacer(
	"Run footlight deploy with a fresh user token (FOOTLIGHT_USER_TOKEN): it", "Go through the page Deploy, and give it a fresh user token: it",
	"run footlight deploy with it", "give it to the page Deploy",
	"Set FOOTLIGHT_PAGE_TOKEN, or run footlight deploy, which gets one", "Go through the page Deploy: it gets one",
	"Run footlight deploy", "Go through the page Deploy",
	"run footlight deploy", "go through the page Deploy",
	"Give it as FOOTLIGHT_USER_TOKEN instead of FOOTLIGHT_PAGE_TOKEN: footlight deploy then", "Give it to the page Deploy as a user token: it then",
	"give it as FOOTLIGHT_USER_TOKEN: footlight deploy", "give it to the page Deploy: it",
	"footlight deploy", "the page Deploy",

	"Run footlight doctor", "Open the page Doctor",
	"footlight doctor", "the page Doctor",

	"Run footlight check with the bot's folder: it shows each with its line", "The Desk shows each with its line, under Problems",
	"(footlight check)", "(the Desk shows their errors, under Problems)",
	"footlight check", "the Desk",

	"or run this with --serve", "or let this page start it here",
	"give the host others (--addr, --store). Then run this again", "give the host another listen address under Settings. Then go on",
	"Name it with --page, or set FOOTLIGHT_PAGE_ID", "Write its id into the field Page under Settings, and go on",
	"Set FOOTLIGHT_PAGE_ID to the token's Page", "Write the id of the token's Page into the field Page under Settings of the page Deploy",
	"See whether FOOTLIGHT_PAGE_ID and the token belong together", "See whether the id of the Page and the token belong together",
)

// AtDesk words a finding.
func (f Finding) AtDesk() Finding {
	f.Found, f.Means, f.Cure = AtDesk(f.Found), AtDesk(f.Means), AtDesk(f.Cure)
	return f
}

// AtDesk words a note.
func (n Note) AtDesk() Note {
	n.Text = AtDesk(n.Text)
	return n
}
