package bot

import (
	"strings"
	"testing"
	"testing/fstest"
)

// What people can tap on the Page has a trigger of its own, or the build says which has none (W132).
func TestButtons(t *testing.T) {
	const script = "+ show * tea\n- Here.\n\n+ /help\n- Ask.\n\n+ hi\n- Hello.\n\n+ (hours|when are you open)\n- At nine.\n\n+ [*]\n- What?\n\n+ *\n- Pardon?\n"
	for _, row := range []struct{ name, page, want string }{
		{"nothing", ``, ""},
		{"answered", "menu = [{title = \"Tea\", text = \"Show green tea!\"}, {title = \"Us\", url = \"https://tea.example\"}]\nice_breakers = [{question = \"When are you open?\"}]\ncommands = [{name = \"help\", description = \"Help\"}]\nget_started = \"begin\"", ""},
		{"menu", `menu = [{title = "Tea", text = "show green tea"}, {title = "Cake", text = "cake"}]`, `bot.toml: page.menu: entry 2 says "cake"`},
		{"ice breaker", `ice_breakers = [{question = "Where?"}]`, `bot.toml: page.ice_breakers: entry 1 says "Where?"`},
		{"command", `commands = [{name = "order", description = "Order"}]`, `bot.toml: page.commands: entry 1 says "/order"`},
		{"locale", "menu = [{title = \"Tea\", text = \"show green tea\"}]\n[page.locales.fr_FR]\nmenu = [{title = \"Thé\", text = \"du thé\"}]", `bot.toml: page.locales.fr_FR.menu: entry 1 says "du thé"`},
		{"silenced", "menu = [{title = \"Cake\", text = \"cake\"}]", ""},
	} {
		text := "[page]\n" + row.page
		if row.name == "silenced" {
			text = "allow = [\"unanswered-button\"]\n" + text
		}
		settings, err := ParseSettings(text)
		if err != nil {
			t.Fatalf("%s: %v", row.name, err)
		}
		built, err := Compile(fstest.MapFS{"default.topic": {Data: []byte(script)}}, settings)
		if err != nil {
			t.Fatalf("%s: %v", row.name, err)
		}
		var said []string
		for _, d := range built.Diagnostics {
			if d.Code == "W132" {
				said = append(said, d.Message)
			}
		}
		if got := strings.Join(said, "\n"); (row.want == "") != (got == "") || !strings.HasPrefix(got, row.want) {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}
