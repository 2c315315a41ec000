package profile

import (
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// GetStarted is the payload of the Get Started button; empty when there is none.
func (p Profile) GetStarted() string {
	return value.Text(value.Object(p["get_started"])["payload"])
}

// forLocale picks the entry of a person's locale, else the default one.
func forLocale(v any, locale string) map[string]any {
	items, _ := value.List(v)
	var fallback map[string]any
	for _, v := range items {
		m := value.Object(v)
		switch value.Text(m["locale"]) {
		case locale:
			return m
		case "default":
			fallback = m
		}
	}
	return fallback
}

// Menu are the items of the persistent menu.
func (p Profile) Menu(locale string) []content.Button {
	return content.Buttons(map[string]any{"buttons": forLocale(p["persistent_menu"], locale)["call_to_actions"]})
}

// Starters are the ice breakers, in their form by locale or the old flat one.
func (p Profile) Starters(locale string) []content.Button {
	v := p["ice_breakers"]
	items, _ := value.List(v)
	if len(items) > 0 && value.Object(items[0])["call_to_actions"] != nil {
		items, _ = value.List(forLocale(v, locale)["call_to_actions"])
	}
	var out []content.Button
	for _, v := range items {
		q := value.Object(v)
		out = append(out, content.Button{Type: "postback", Title: value.Text(q["question"]), Payload: value.Text(q["payload"])})
	}
	return out
}

// Greeting is what a person of that name sees before the first message.
func (p Profile) Greeting(locale, first, last string) string {
	return strings.NewReplacer(
		"{{user_first_name}}", first, "{{user_last_name}}", last, "{{user_full_name}}", strings.TrimSpace(first+" "+last),
	).Replace(value.Text(forLocale(p["greeting"], locale)["text"]))
}

// HasCommand reports whether a command is on offer.
func (p Profile) HasCommand(name, locale string) bool {
	commands, _ := value.List(forLocale(p["commands"], locale)["commands"])
	return slices.ContainsFunc(commands, func(v any) bool { return value.Text(value.Object(v)["name"]) == name })
}
