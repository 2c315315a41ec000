package foyer

import (
	"fmt"
	"maps"
	"slices"
)

// Button is what people can tap on the Page, and what the script hears then: one of some texts.
type Button struct {
	Setting string // where it stands in bot.toml
	Texts   []string
}

// Buttons are all that people can tap, in the order in which the settings are told of. One that is
// the same for a locale stands there once.
func (p Page) Buttons() []Button {
	var out []Button
	seen := map[string]bool{}
	add := func(setting string, texts ...string) {
		if !seen[texts[0]] {
			seen[texts[0]] = true
			out = append(out, Button{setting, texts})
		}
	}
	if p.GetStarted != "" {
		add("page.get_started", p.GetStarted, "hi") // L-EV-4
	}
	view := func(name string, v View) {
		for i, item := range v.Menu {
			if item.URL == "" {
				add(fmt.Sprintf("%s.menu: entry %d", name, i+1), item.Text)
			}
		}
		for i, s := range v.IceBreakers {
			text := s.Text
			if text == "" {
				text = s.Question
			}
			add(fmt.Sprintf("%s.ice_breakers: entry %d", name, i+1), text)
		}
		for i, c := range v.Commands {
			add(fmt.Sprintf("%s.commands: entry %d", name, i+1), "/"+c.Name, c.Name)
		}
	}
	view("page", p.View)
	for _, locale := range slices.Sorted(maps.Keys(p.Locales)) {
		view("page.locales."+locale, p.Locales[locale])
	}
	return out
}
