// Package foyer is what a Page shows of a bot before anybody has spoken: greeting, Get
// Started, ice breakers, persistent menu, commands, and the domains that may be opened
// from it. It reads the table [page] of bot.toml, says what Messenger would refuse of it,
// and compares it with what a Page has.
//
// It calls nobody; who deploys does. No API of the host is promised.
package foyer

import (
	"fmt"
	"unicode/utf16"
)

// StartPayload is what the Get Started button of a Page carries. The script sees the
// text of page.get_started in its place (L-EV-4).
const StartPayload = "GET_STARTED"

// Page is the table [page] of bot.toml: what everybody sees, and what people of a locale
// see instead.
type Page struct {
	GetStarted string          `toml:"get_started"` // the text that a tap stands for; never shown (L-EV-4)
	Domains    []string        `toml:"domains"`     // https://… that webviews and plug-ins of the Page may be on
	Locales    map[string]View `toml:"locales"`     // by locale, as in fr_FR
	View
}

// View is what people of one locale see. What it leaves out they see as everybody does.
type View struct {
	Greeting    string     `toml:"greeting"`     // may hold {{user_first_name}}, {{user_last_name}}, {{user_full_name}}
	IceBreakers []Starter  `toml:"ice_breakers"` // questions to begin with
	Menu        []MenuItem `toml:"menu"`         // L-EV-9
	MenuOnly    bool       `toml:"menu_only"`    // people cannot type, only tap
	Commands    []Command  `toml:"commands"`
}

// Starter is an ice breaker: a question, and the text that a tap on it stands for, the
// question itself without one.
type Starter struct {
	Question string `toml:"question"`
	Text     string `toml:"text"`
}

// MenuItem is an entry of the persistent menu: a text that comes back as a
// postback, or an address to open.
type MenuItem struct {
	Title string `toml:"title"`
	Text  string `toml:"text"`
	URL   string `toml:"url"`
}

// Persona is somebody who can speak in place of the Page: the name that people see, and a picture.
type Persona struct {
	Name    string `toml:"name"`
	Picture string `toml:"picture"`
}

// Check says the first thing that Messenger would refuse, with the name of its setting; nil: nothing.
func (p Persona) Check() error {
	if n := len(utf16.Encode([]rune(p.Name))); n > MaxPersonaName {
		return fmt.Errorf("name has %d characters, at most %d are allowed", n, MaxPersonaName)
	}
	if !web(p.Picture) {
		return fmt.Errorf("picture is %q; write the whole address of a picture, as in https://tea.example/vera.png", p.Picture)
	}
	return nil
}

// Command is a word that people write after a slash. It arrives as they write it.
type Command struct {
	Name        string `toml:"name"`
	Description string `toml:"description"`
}
