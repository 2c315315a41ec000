package profile

import (
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Limits of the Messenger Profile, in characters or elements (messenger.md §4.1).
const (
	maxGreeting  = 160
	maxMenu      = 20
	maxMenuTitle = 30
	maxStarters  = 4
	maxCommands  = 100
	maxCommand   = 32
	maxAbout     = 64 // description of a command
)

// rule checks one property; the profile is as it stands before it.
type rule struct {
	property string
	check    func(content.Rules, Profile, any) *refusal.Refusal
}

// rules are those of all properties, in the order of refusal.
var rules = []rule{
	{"get_started", func(r content.Rules, _ Profile, v any) *refusal.Refusal {
		return r.Fields(value.Object(v), []content.Field{{Name: "payload", Most: content.MaxPayload, Missing: refusal.EmptyPayload}})
	}},
	{"greeting", func(r content.Rules, _ Profile, v any) *refusal.Refusal {
		return eachLocale("greeting", v, true, func(m map[string]any) *refusal.Refusal {
			return r.Length("greeting[text]", value.Text(m["text"]), maxGreeting)
		})
	}},
	{"persistent_menu", func(r content.Rules, p Profile, v any) *refusal.Refusal {
		if p.GetStarted() == "" {
			return refusal.New(100, 2018145, "You must set a Get Started button if you also wish to use persistent menu")
		}
		return eachLocale("persistent_menu", v, true, func(m map[string]any) *refusal.Refusal { return checkMenu(r, m) })
	}},
	{"ice_breakers", checkStarters},
	{"commands", func(r content.Rules, _ Profile, v any) *refusal.Refusal {
		return eachLocale("commands", v, false, func(m map[string]any) *refusal.Refusal { return checkCommands(r, m) })
	}},
	{"whitelisted_domains", func(_ content.Rules, _ Profile, v any) *refusal.Refusal {
		domains, ok := value.List(v)
		for _, d := range domains {
			ok = ok && strings.HasPrefix(value.Text(d), "https://") && value.URL(value.Text(d))
		}
		if !ok {
			return refusal.URL("whitelisted_domains")
		}
		return nil
	}},
	{"account_linking_url", func(_ content.Rules, _ Profile, v any) *refusal.Refusal {
		if u := value.Text(v); !strings.HasPrefix(u, "https://") || !value.URL(u) {
			return refusal.URL("account_linking_url")
		}
		return nil
	}},
	{"subject_to_new_eu_privacy_rules", func(content.Rules, Profile, any) *refusal.Refusal {
		return refusal.New(100, 0, "Invalid parameter: subject_to_new_eu_privacy_rules can only be read")
	}},
}

func eachLocale(name string, v any, wantDefault bool, check func(map[string]any) *refusal.Refusal) *refusal.Refusal {
	items, ok := value.List(v)
	if !ok {
		return refusal.New(100, 0, "param %s must be an array.", name)
	}
	hasDefault := false
	for _, v := range items {
		m := value.Object(v)
		hasDefault = hasDefault || value.Text(m["locale"]) == "default"
		if refused := check(m); refused != nil {
			return refused
		}
	}
	if wantDefault && !hasDefault {
		return refusal.New(100, 0, "Invalid parameter: %s needs an entry for the locale default", name)
	}
	return nil
}

func checkMenu(r content.Rules, m map[string]any) *refusal.Refusal {
	items, _ := value.List(m["call_to_actions"])
	if len(items) > maxMenu {
		return content.Count("persistent_menu[call_to_actions]", len(items), 0, maxMenu)
	}
	for _, v := range items {
		b := value.Object(v)
		kind := value.Text(b["type"])
		if kind != "web_url" && kind != "postback" {
			return refusal.New(100, 0, "Invalid parameter: a menu item's type must be one of {web_url, postback}")
		}
		if refused := r.Fields(b, content.ButtonFields(kind, maxMenuTitle)); refused != nil {
			return refused
		}
	}
	return nil
}

// checkStarters takes ice breakers in the new form, by locale, and in the old flat one.
func checkStarters(r content.Rules, _ Profile, v any) *refusal.Refusal {
	items, _ := value.List(v)
	check := func(v any) *refusal.Refusal {
		questions, _ := value.List(v)
		if refused := content.Count("ice_breakers", len(questions), 1, maxStarters); refused != nil {
			return refused
		}
		for _, q := range questions {
			if refused := r.Fields(value.Object(q), []content.Field{
				{Name: "question", Most: 80, Missing: refusal.EmptyTitle}, {Name: "payload", Most: content.MaxPayload, Missing: refusal.EmptyPayload},
			}); refused != nil {
				return refused
			}
		}
		return nil
	}
	if len(items) > 0 && value.Object(items[0])["call_to_actions"] == nil {
		return check(v)
	}
	return eachLocale("ice_breakers", v, false, func(m map[string]any) *refusal.Refusal { return check(m["call_to_actions"]) })
}

func checkCommands(r content.Rules, m map[string]any) *refusal.Refusal {
	commands, _ := value.List(m["commands"])
	if refused := content.Count("commands", len(commands), 1, maxCommands); refused != nil {
		return refused
	}
	for _, v := range commands {
		if refused := r.Fields(value.Object(v), []content.Field{
			{Name: "name", Most: maxCommand, Missing: refusal.Incomplete}, {Name: "description", Most: maxAbout, Missing: refusal.Incomplete},
		}); refused != nil {
			return refused
		}
	}
	return nil
}
