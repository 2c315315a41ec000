package foyer

import (
	"encoding/json"
	"maps"
	"slices"
)

// Property is a property of the Messenger Profile.
type Property string

// The properties that a bot's folder can set.
const (
	GetStarted  Property = "get_started"
	Greeting    Property = "greeting"
	IceBreakers Property = "ice_breakers"
	Menu        Property = "persistent_menu"
	Commands    Property = "commands"
	Domains     Property = "whitelisted_domains"
)

// Properties are all of them, in the order in which they are shown.
func Properties() []Property {
	return []Property{GetStarted, Greeting, IceBreakers, Menu, Commands, Domains}
}

// everybody is the locale of all who have none of their own.
const everybody = "default"

// The shapes of the properties, as the platform has them. They hold what the host sets:
// what else the platform tells is not compared.
type (
	wireStart struct {
		Payload string `json:"payload"`
	}
	wireGreeting struct {
		Locale string `json:"locale"`
		Text   string `json:"text"`
	}
	wireMenu struct {
		Locale string     `json:"locale"`
		Closed bool       `json:"composer_input_disabled"`
		Items  []wireItem `json:"call_to_actions"`
	}
	wireItem struct {
		Type    string `json:"type"`
		Title   string `json:"title"`
		Payload string `json:"payload,omitempty"`
		URL     string `json:"url,omitempty"`
	}
	wireStarters struct {
		Locale string        `json:"locale"`
		Items  []wireStarter `json:"call_to_actions"`
	}
	wireStarter struct {
		Question string `json:"question"`
		Payload  string `json:"payload"`
	}
	wireCommands struct {
		Locale string        `json:"locale"`
		Items  []wireCommand `json:"commands"`
	}
	wireCommand struct {
		Name        string `json:"name"`
		Description string `json:"description"`
	}
)

// Wanted are the properties that the Page is to have, in the platform's shape. A
// property that is not in it is not set. Get Started always is: without its button
// nobody knows how to begin, and no menu can be shown.
func (p Page) Wanted() map[Property]any {
	out := map[Property]any{GetStarted: wireStart{StartPayload}}
	var greetings []wireGreeting
	var menus []wireMenu
	var starters []wireStarters
	var commands []wireCommands
	each := func(locale string, v View) {
		if v.Greeting != "" {
			greetings = append(greetings, wireGreeting{locale, v.Greeting})
		}
		if len(v.Menu) > 0 {
			menus = append(menus, wireMenu{locale, v.MenuOnly, items(v.Menu)})
		}
		if len(v.IceBreakers) > 0 {
			starters = append(starters, wireStarters{locale, questions(v.IceBreakers)})
		}
		if len(v.Commands) > 0 {
			list := wireCommands{Locale: locale}
			for _, c := range v.Commands {
				list.Items = append(list.Items, wireCommand(c))
			}
			commands = append(commands, list)
		}
	}
	each(everybody, p.View)
	for _, locale := range slices.Sorted(maps.Keys(p.Locales)) {
		each(locale, p.Locales[locale])
	}
	if len(greetings) > 0 {
		out[Greeting] = greetings
	}
	if len(menus) > 0 {
		out[Menu] = menus
	}
	if len(starters) > 0 {
		out[IceBreakers] = starters
	}
	if len(commands) > 0 {
		out[Commands] = commands
	}
	if len(p.Domains) > 0 {
		out[Domains] = p.Domains
	}
	return out
}

func items(menu []MenuItem) []wireItem {
	var out []wireItem
	for _, m := range menu {
		one := wireItem{Type: "postback", Title: m.Title, Payload: m.Text}
		if m.URL != "" {
			one = wireItem{Type: "web_url", Title: m.Title, URL: m.URL}
		}
		out = append(out, one)
	}
	return out
}

func questions(list []Starter) []wireStarter {
	var out []wireStarter
	for _, s := range list {
		if s.Text == "" {
			s.Text = s.Question
		}
		out = append(out, wireStarter{s.Question, s.Text})
	}
	return out
}

// read is what the platform tells of a property, in the shape of Wanted; nil when it is
// not of that shape.
func read(p Property, raw json.RawMessage) any {
	switch p {
	case GetStarted:
		return decode[wireStart](raw)
	case Greeting:
		return sorted(raw, func(g wireGreeting) string { return g.Locale })
	case Menu:
		return sorted(raw, func(m wireMenu) string { return m.Locale })
	case IceBreakers:
		if flat, ok := decode[[]wireStarter](raw).([]wireStarter); ok && len(flat) > 0 && flat[0].Question != "" {
			return []wireStarters{{everybody, flat}} // the old form, without locales
		}
		return sorted(raw, func(s wireStarters) string { return s.Locale })
	case Commands:
		return sorted(raw, func(c wireCommands) string { return c.Locale })
	}
	return decode[[]string](raw)
}

func decode[T any](raw json.RawMessage) any {
	var v T
	if json.Unmarshal(raw, &v) != nil {
		return nil
	}
	return v
}

// sorted reads a list with an entry for each locale in the order of Wanted.
func sorted[T any](raw json.RawMessage, locale func(T) string) any {
	var list []T
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	slices.SortStableFunc(list, func(a, b T) int {
		rank := func(v T) string {
			if locale(v) == everybody {
				return ""
			}
			return locale(v)
		}
		switch x, y := rank(a), rank(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return list
}
