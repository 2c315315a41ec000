package bot

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/host/foyer"
	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/turn"
)

// SettingsFile is the name of the file in a bot's folder that holds its settings.
const SettingsFile = "bot.toml"

// Settings are the settings of bot.toml (section 2 of the language). The zero
// value is a bot without that file.
type Settings struct {
	Name        string     `toml:"name"`        // how the bot is called on the desk; the folder's name without
	Dialect     string     `toml:"dialect"`     // "dexter" or "rivescript"; L-DIA-1 without
	UTF8        bool       `toml:"utf8"`        // L-NORM-4
	Punctuation *string    `toml:"punctuation"` // L-NORM-4
	Errors      string     `toml:"errors"`      // "refuse" (default) or "skip" (L-BOT-7)
	HideErrors  *bool      `toml:"hide_errors"` // default true (L-ERR-2)
	Pending     string     `toml:"pending"`     // "cancel" (default) or "keep" (L-DELAY-5)
	Allow       []string   `toml:"allow"`       // warnings switched off, by code or name (L-DIAG-2)
	Page        foyer.Page `toml:"page"`
	HTTP        HTTP       `toml:"http"`
	Intrinsics  *bool      `toml:"intrinsics"` // default true; false: the directions of the language are called like those of plug-ins

	Personas map[string]foyer.Persona    `toml:"personas"` // who can speak in place of the Page, by the name that scripts call them
	Plugins  map[string]direction.Grants `toml:"plugins"`  // what each plug-in may do
}

// Persona is the persona that scripts call by a name.
func (s Settings) Persona(name string) (foyer.Persona, bool) {
	p, ok := s.Personas[name]
	if p.Name == "" {
		p.Name = name
	}
	return p, ok
}

// HTTP is what the owner of the bot lets its scripts ask.
type HTTP struct {
	Hosts []string `toml:"hosts"` // L-HTTP-9; the forms are those of fetch.Config
}

// ReadSettings reads bot.toml of a bot's folder; a missing file is the zero
// Settings. Errors name the file, the line and what may stand there.
func ReadSettings(dir fs.FS) (Settings, error) {
	data, err := fs.ReadFile(dir, SettingsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, nil
	}
	if err != nil {
		return Settings{}, fmt.Errorf("%s: %w", SettingsFile, err)
	}
	return ParseSettings(string(data))
}

// ParseSettings reads the text of a bot.toml.
func ParseSettings(text string) (Settings, error) {
	var s Settings
	meta, err := toml.Decode(text, &s)
	var syntax toml.ParseError
	if errors.As(err, &syntax) {
		return Settings{}, fmt.Errorf("%s: %s", SettingsFile, syntax.ErrorWithUsage())
	}
	if err != nil {
		if at := misfit.FindStringSubmatch(err.Error()); at != nil {
			return Settings{}, fmt.Errorf("%s: line %s: %s must be %s", SettingsFile, at[1], at[2], shape(at[2]))
		}
		return Settings{}, fmt.Errorf("%s: %w", SettingsFile, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return Settings{}, fmt.Errorf("%s: setting %q is not known; the settings are name, dialect, utf8, punctuation, errors, hide_errors, pending, allow, intrinsics, page.get_started, greeting, ice_breakers, menu, menu_only, commands and domains, for each locale page.locales.NAME.greeting, ice_breakers, menu, menu_only and commands, http.hosts, for each persona personas.NAME.name and picture and, for each plug-in, plugins.NAME.grant, hosts, secrets, read, write, config, time, memory, response and stateless", SettingsFile, unknown[0])
	}
	return s, s.validate()
}

// misfit finds the place in what the decoder says of a value of a wrong type.
var misfit = regexp.MustCompile(`line (\d+) \(last key "([^"]+)"\)`)

// shape says what the value of a setting looks like.
func shape(key string) string {
	switch key {
	case "utf8", "hide_errors", "intrinsics":
		return "true or false, without quotes"
	case "allow":
		return `a list of codes or names in quotes: ["W105"]`
	case "page":
		return "a table: [page]"
	case "page.domains":
		return `a list of addresses in quotes: ["https://tea.example"]`
	case "page.locales":
		return "a table for each locale: [page.locales.fr_FR]"
	}
	if name, ok := strings.CutPrefix(key, "page."); ok {
		return shapeOfView(name)
	}
	if name, ok := strings.CutPrefix(key, "personas."); ok && !strings.Contains(name, ".") {
		return "a table: [personas." + name + "]"
	}
	if name, ok := strings.CutPrefix(key, "plugins."); ok {
		return shapeOfGrant(name)
	}
	return "a text in quotes"
}

// shapeOfView says what the value of a setting looks like that tells what a Page shows.
func shapeOfView(key string) string {
	if rest, ok := strings.CutPrefix(key, "locales."); ok {
		locale, setting, deep := strings.Cut(rest, ".")
		if !deep {
			return "a table: [page.locales." + locale + "]"
		}
		key = setting
	}
	switch key {
	case "menu":
		return `a list of entries: [{title = "Tea", text = "tea"}]`
	case "ice_breakers":
		return `a list of questions: [{question = "When are you open?", text = "hours"}]`
	case "commands":
		return `a list of commands: [{name = "help", description = "What I can do"}]`
	case "menu_only":
		return "true or false, without quotes"
	}
	return "a text in quotes"
}

// shapeOfGrant says what the value of a setting of a plug-in looks like.
func shapeOfGrant(key string) string {
	_, setting, _ := strings.Cut(key, ".")
	switch setting {
	case "":
		return "a table: [plugins.weather]"
	case "grant", "hosts", "secrets", "read", "write":
		return `a list of texts in quotes: ["…"]`
	case "config":
		return "a table: [plugins.weather.config]"
	case "stateless":
		return "true or false, without quotes"
	}
	return "a text in quotes"
}

func (s Settings) validate() error {
	for _, check := range []struct {
		name, value string
		allowed     [2]string
	}{
		{"dialect", s.Dialect, [2]string{string(link.Dexter), string(link.RiveScript)}},
		{"errors", s.Errors, [2]string{"refuse", "skip"}},
		{"pending", s.Pending, [2]string{"cancel", "keep"}},
	} {
		if check.value != "" && check.value != check.allowed[0] && check.value != check.allowed[1] {
			return fmt.Errorf("%s: %s is %q; write %q or %q", SettingsFile, check.name, check.value, check.allowed[0], check.allowed[1])
		}
	}
	if _, err := newClient(s, false); err != nil {
		return fmt.Errorf("%s: http.hosts: %w", SettingsFile, err)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Personas)) {
		p, _ := s.Persona(name)
		if err := p.Check(); err != nil {
			return fmt.Errorf("%s: personas.%s.%w", SettingsFile, name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Plugins)) {
		if err := s.Plugins[name].Check(); err != nil {
			return fmt.Errorf("%s: plugins.%s.%w", SettingsFile, name, err)
		}
	}
	if err := s.Page.Check(); err != nil {
		return fmt.Errorf("%s: %s", SettingsFile, strings.ReplaceAll(err.Error(), "\n", "\n"+SettingsFile+": "))
	}
	return nil
}

// Link returns the settings that change what scripts mean.
func (s Settings) Link() link.Settings {
	return link.Settings{Dialect: link.Dialect(s.Dialect), UTF8: s.UTF8, Punctuation: s.Punctuation, Silenced: s.Allow, Granted: s.granted, Called: s.Called(), Personas: slices.Sorted(maps.Keys(s.Personas)), Shown: s.shown()}
}

// shown are the buttons of the Page.
func (s Settings) shown() []link.Shown {
	var out []link.Shown
	for _, b := range s.Page.Buttons() {
		out = append(out, link.Shown{Setting: SettingsFile + ": " + b.Setting, Texts: b.Texts})
	}
	return out
}

// Called tells whether the directions of the language are called and not compiled.
func (s Settings) Called() bool { return s.Intrinsics != nil && !*s.Intrinsics }

// granted tells whether the settings grant the host of an address.
func (s Settings) granted(address string) bool {
	client, err := newClient(s, false)
	return err == nil && client != nil && client.Granted(address)
}

// Turn returns the settings that turns depend on. With showErrors error texts
// are shown whatever hide_errors says: on the desk and in tests (L-ERR-2).
func (s Settings) Turn(showErrors bool) turn.Settings {
	return turn.Settings{
		GetStarted:  s.Page.GetStarted,
		HideErrors:  !showErrors && (s.HideErrors == nil || *s.HideErrors),
		KeepPending: s.Pending == "keep",
	}
}

// Tolerant tells whether a program with errors is put in service (L-BOT-7).
func (s Settings) Tolerant() bool { return s.Errors == "skip" }
