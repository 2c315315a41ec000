package app

import (
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

const describer = `+ who am i
- <get _userFullName>, <get _userGender>, <get _userLocale>, <get _userTimezone>.

+ what do i look like
- <get _userProfilePic>
`

// What the platform tells of people reaches the script, and nothing more is asked than what scripts read
// (section 19 of the language, messenger.md section 4.2).
func TestProfileProperties(t *testing.T) {
	const all = "pages_user_gender,pages_user_locale,pages_user_timezone"
	for _, row := range []struct {
		name, permissions string
		profile           string // how much the platform tells at all
		script            string
		want              string
		calls             int // about the person
	}{
		{"names alone", all, "", "+ who am i\n- <get _userFirstName>, <get _userLastName>, <get _userFullName>.\n", "Ada, Byron, Ada Byron.", 1},
		{"all permissions", all, "", describer, "Ada Byron, female, fr_CA, -3.5.", 2},
		{"two permissions", "pages_user_locale,pages_user_timezone", "", describer, "Ada Byron, undefined, fr_CA, -3.5.", 5},
		{"no permission", "", "", describer, "Ada Byron, undefined, undefined, undefined.", 5},
		{"a phone-number account", all, "none", describer, "undefined, undefined, undefined, undefined.", 1},
		{"the id alone", all, "bare", describer, "undefined, undefined, undefined, undefined.", 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := onPlatform(t, map[string]string{"default.topic": row.script + alive}, func(c *emulator.Config) {
				if row.permissions != "" {
					c.Apps[0].Permissions = strings.Split(row.permissions, ",")
				}
			})
			ada, err := p.AddPerson(emulator.Person{
				Page: p.page, FirstName: "Ada", LastName: "Byron", Gender: "female", Locale: "fr_CA", Timezone: -3.5,
				Picture: "https://pictures.example/ada.png", Profile: row.profile,
			})
			if err != nil {
				t.Fatal(err)
			}
			p.act(ada.ID, emulator.Action{Kind: "say", Text: "who am i"})
			p.said(ada.ID, row.want)
			asked := 0
			for _, c := range p.Calls() {
				if c.Path == "/"+ada.ID {
					asked++
				}
			}
			if asked != row.calls {
				t.Errorf("%d calls about the person, want %d", asked, row.calls)
			}
			if row.script == describer && row.profile == "" {
				p.act(ada.ID, emulator.Action{Kind: "say", Text: "what do i look like"})
				if got := p.answered(ada.ID, 3)[2].Text; !strings.HasPrefix(got, "https://pictures.example/ada.png?ext=") {
					t.Errorf("picture: %s", got)
				}
			}
		})
	}
}
