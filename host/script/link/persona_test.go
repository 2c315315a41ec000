package link_test

import (
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/script/link"
)

// A part can be spoken only by those whom bot.toml names; a name that is known when the bot runs is not looked at.
func TestPersonasAreNamed(t *testing.T) {
	for name, want := range map[string]string{"vera": "", "vara": `did you mean "vera"`, "<star>": ""} {
		_, found := build(documents("+ call *\n- ^persona("+name+")Hi <star>!\n\n+ *\n- Yes?\n"), link.Settings{Personas: []string{"vera"}})
		got := summary(found)
		if (want == "") != !strings.Contains(got, "E016") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
