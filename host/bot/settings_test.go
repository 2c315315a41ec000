package bot

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/foyer"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/turn"
)

func TestSettings(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       Settings
	}{
		{"an empty file", "", Settings{}},
		{"texts", "name = \"Tea\"\ndialect = \"rivescript\"\nerrors = \"skip\"\npending = \"keep\"", Settings{Name: "Tea", Dialect: "rivescript", Errors: "skip", Pending: "keep"}},
		{"switches", "utf8 = true\nhide_errors = false", Settings{UTF8: true, HideErrors: new(bool)}},
		{"no punctuation at all is not the default one", `punctuation = ""`, Settings{Punctuation: new(string)}},
		{"silenced warnings", `allow = ["W105", "trap-topic"]`, Settings{Allow: []string{"W105", "trap-topic"}}},
		{"L-EV-9 the Page", "[page]\nget_started = \"hello\"\nmenu = [{title = \"Tea\", text = \"tea\"}, {title = \"Us\", url = \"https://a.example\"}]", Settings{Page: foyer.Page{
			GetStarted: "hello", View: foyer.View{Menu: []foyer.MenuItem{{Title: "Tea", Text: "tea"}, {Title: "Us", URL: "https://a.example"}}},
		}}},
		{"what else a Page shows, and to whom", "[page]\ngreeting = \"Hi\"\nmenu_only = true\nmenu = [{title = \"a\", text = \"b\"}]\nice_breakers = [{question = \"Open?\", text = \"hours\"}]\ncommands = [{name = \"help\", description = \"me\"}]\ndomains = [\"https://a.example\"]\n[page.locales.fr_FR]\ngreeting = \"Salut\"", Settings{Page: foyer.Page{
			Domains: []string{"https://a.example"}, Locales: map[string]foyer.View{"fr_FR": {Greeting: "Salut"}},
			View: foyer.View{
				Greeting: "Hi", MenuOnly: true, Menu: []foyer.MenuItem{{Title: "a", Text: "b"}},
				IceBreakers: []foyer.Starter{{Question: "Open?", Text: "hours"}}, Commands: []foyer.Command{{Name: "help", Description: "me"}},
			},
		}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := ParseSettings(row.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSettingsErrors: what is wrong, where, and what may stand there.
func TestSettingsErrors(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"a number for a text", "\nname = 3", `bot.toml: line 2: name must be a text in quotes`},
		{"a text for a switch", `utf8 = "yes"`, `bot.toml: line 1: utf8 must be true or false, without quotes`},
		{"a text for hide_errors", `hide_errors = "no"`, `bot.toml: line 1: hide_errors must be true or false, without quotes`},
		{"a text for a list", `allow = "W105"`, `bot.toml: line 1: allow must be a list of codes or names in quotes: ["W105"]`},
		{"a text for the Page", `page = "Tea"`, `bot.toml: line 1: page must be a table: [page]`},
		{"a text for the menu", "[page]\nmenu = \"Tea\"", `bot.toml: line 2: page.menu must be a list of entries: [{title = "Tea", text = "tea"}]`},
		{"an unknown setting", `colour = "red"`, `bot.toml: setting "colour" is not known; the settings are name, dialect,`},
		{"an unknown setting of the Page", "[page]\ngreetings = \"hi\"", `bot.toml: setting "page.greetings" is not known`},
		{"an unknown setting of a locale", "[page.locales.fr_FR]\ncolour = \"red\"", `bot.toml: setting "page.locales.fr_FR.colour" is not known`},
		{"a text for the commands", "[page]\ncommands = \"help\"", `bot.toml: line 2: page.commands must be a list of commands: [{name = "help"`},
		{"a text for a switch of a locale", "[page.locales.fr_FR]\nmenu_only = \"no\"", `bot.toml: line 2: page.locales.fr_FR.menu_only must be true or false, without quotes`},
		{"a text for the domains", "[page]\ndomains = \"a\"", `bot.toml: line 2: page.domains must be a list of addresses`},
		{"two faults of the Page", "[page]\ngreeting = \"{{me}}\"\ndomains = [\"a\"]", "bot.toml: page.greeting: {{me}} is not known; write {{user_first_name}}, {{user_last_name}}, {{user_full_name}}\nbot.toml: page.domains: entry 1"},
		{"a dialect", `dialect = "aiml"`, `bot.toml: dialect is "aiml"; write "dexter" or "rivescript"`},
		{"errors", `errors = "ignore"`, `bot.toml: errors is "ignore"; write "refuse" or "skip"`},
		{"pending", `pending = "drop"`, `bot.toml: pending is "drop"; write "cancel" or "keep"`},
		{"a menu entry without a title", "[page]\nmenu = [{title = \"a\", text = \"b\"}, {text = \"tea\"}]", `bot.toml: page.menu: entry 2 needs a title, and either a text or a url`},
		{"L-EV-9 a menu entry with text and address", "[page]\nmenu = [{title = \"a\", text = \"b\", url = \"c\"}]", `bot.toml: page.menu: entry 1 needs a title, and either a text or a url`},
		{"no value", "name =", "bot.toml: toml: error: "},
		{"a name twice", "name = \"a\"\nname = \"b\"", "At line 2"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := ParseSettings(row.text)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("error %v, want one with %q", err, row.want)
			}
		})
	}
}

func TestReadSettings(t *testing.T) {
	if s, err := ReadSettings(fstest.MapFS{}); err != nil || !cmp.Equal(s, Settings{}) {
		t.Errorf("without bot.toml: %+v, %v", s, err)
	}
	if _, err := ReadSettings(fstest.MapFS{SettingsFile: {Mode: fs.ModeDir}}); err == nil || !strings.HasPrefix(err.Error(), "bot.toml: ") {
		t.Errorf("bot.toml is a folder: error %v", err)
	}
}

// TestSettingsMean: what link and turn make of the settings (L-BOT-7, L-ERR-2, L-DELAY-5).
func TestSettingsMean(t *testing.T) {
	hidden := true
	for _, row := range []struct {
		name string
		s    Settings
		show bool
		want turn.Settings
	}{
		{"error texts are hidden by default", Settings{}, false, turn.Settings{HideErrors: true}},
		{"hide_errors = false", Settings{HideErrors: new(bool)}, false, turn.Settings{}},
		{"the desk shows them in any case", Settings{HideErrors: &hidden}, true, turn.Settings{}},
		{"pending and Get Started", Settings{Pending: "keep", Page: foyer.Page{GetStarted: "hello"}}, true, turn.Settings{KeepPending: true, GetStarted: "hello"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, row.s.Turn(row.show)); diff != "" {
				t.Error(diff)
			}
		})
	}
	marks := "!"
	want := link.Settings{Dialect: link.RiveScript, UTF8: true, Punctuation: &marks, Silenced: []string{"W105"}}
	got := Settings{Dialect: "rivescript", UTF8: true, Punctuation: &marks, Allow: []string{"W105"}, HTTP: HTTP{Hosts: []string{"a.example"}}}.Link()
	if granted := got.Granted; !granted("https://a.example/x") || granted("https://b.example/x") {
		t.Error("the hosts that are granted are not those of the settings")
	}
	got.Granted = nil // functions cannot be compared
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if (Settings{Errors: "refuse"}).Tolerant() || !(Settings{Errors: "skip"}).Tolerant() {
		t.Error(`only errors = "skip" is tolerant`)
	}
}

// TestSettingsNames: whatever name a bot has, it is read as it was written.
func TestSettingsNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[^\x00-\x1f\x7f"\\\x{d800}-\x{dfff}]*`).Draw(t, "name")
		s, err := ParseSettings(`name = "` + name + `"`)
		if err != nil || s.Name != name {
			t.Fatalf("%q became %q, %v", name, s.Name, err)
		}
	})
}

// FuzzParseSettings: any text is settings or an error that names the file.
func FuzzParseSettings(f *testing.F) {
	f.Add("name = \"a\"\n[page]\nmenu = [{title = \"a\", text = \"b\"}]")
	f.Add("allow = [1, [2]]")
	f.Add("page.menu.title = 1")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := ParseSettings(text)
		if err != nil && !strings.HasPrefix(err.Error(), SettingsFile+": ") {
			t.Errorf("error %q does not name the file", err)
		}
		if err == nil && s.Errors != "" && s.Errors != "refuse" && s.Errors != "skip" {
			t.Errorf("errors = %q was let through", s.Errors)
		}
	})
}
