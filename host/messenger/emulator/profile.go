package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
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

// profileRules check the properties of the Messenger Profile, in the order of refusal.
var profileRules = []struct {
	property string
	check    func(*Emulator, *page, any) *refusal
}{
	{"get_started", func(e *Emulator, _ *page, v any) *refusal {
		return e.checkFieldsOf(object(v), []field{{name: "payload", most: maxPayload, missing: subEmptyPayload}})
	}},
	{"greeting", func(e *Emulator, _ *page, v any) *refusal {
		return e.eachLocale("greeting", v, true, func(m map[string]any) *refusal {
			return e.tooLong("greeting[text]", text(m["text"]), maxGreeting)
		})
	}},
	{"persistent_menu", func(e *Emulator, p *page, v any) *refusal {
		if p.getStarted() == "" {
			return refuse(100, 2018145, "You must set a Get Started button if you also wish to use persistent menu")
		}
		return e.eachLocale("persistent_menu", v, true, e.checkMenu)
	}},
	{"ice_breakers", (*Emulator).checkStarters},
	{"commands", func(e *Emulator, _ *page, v any) *refusal {
		return e.eachLocale("commands", v, false, e.checkCommands)
	}},
	{"whitelisted_domains", func(_ *Emulator, _ *page, v any) *refusal {
		domains, ok := list(v)
		for _, d := range domains {
			ok = ok && strings.HasPrefix(text(d), "https://") && validURL(text(d))
		}
		if !ok {
			return urlRefusal("whitelisted_domains")
		}
		return nil
	}},
	{"account_linking_url", func(_ *Emulator, _ *page, v any) *refusal {
		if u := text(v); !strings.HasPrefix(u, "https://") || !validURL(u) {
			return urlRefusal("account_linking_url")
		}
		return nil
	}},
	{"subject_to_new_eu_privacy_rules", func(*Emulator, *page, any) *refusal {
		return refuse(100, 0, "Invalid parameter: subject_to_new_eu_privacy_rules can only be read")
	}},
}

func (e *Emulator) eachLocale(name string, v any, wantDefault bool, check func(map[string]any) *refusal) *refusal {
	items, ok := list(v)
	if !ok {
		return refuse(100, 0, "param %s must be an array.", name)
	}
	hasDefault := false
	for _, v := range items {
		m := object(v)
		hasDefault = hasDefault || text(m["locale"]) == "default"
		if r := check(m); r != nil {
			return r
		}
	}
	if wantDefault && !hasDefault {
		return refuse(100, 0, "Invalid parameter: %s needs an entry for the locale default", name)
	}
	return nil
}

func (e *Emulator) checkMenu(m map[string]any) *refusal {
	items, _ := list(m["call_to_actions"])
	if len(items) > maxMenu {
		return counted("persistent_menu[call_to_actions]", len(items), 0, maxMenu)
	}
	for _, v := range items {
		b := object(v)
		kind := text(b["type"])
		if kind != "web_url" && kind != "postback" {
			return refuse(100, 0, "Invalid parameter: a menu item's type must be one of {web_url, postback}")
		}
		fields := slices.Clone(buttonFields[kind])
		fields[0].most = maxMenuTitle
		if r := e.checkFieldsOf(b, fields); r != nil {
			return r
		}
	}
	return nil
}

// checkStarters takes ice breakers in the new form, by locale, and in the old flat one.
func (e *Emulator) checkStarters(_ *page, v any) *refusal {
	items, _ := list(v)
	check := func(v any) *refusal {
		questions, _ := list(v)
		if r := counted("ice_breakers", len(questions), 1, maxStarters); r != nil {
			return r
		}
		for _, q := range questions {
			if r := e.checkFieldsOf(object(q), []field{
				{name: "question", most: 80, missing: subEmptyTitle}, {name: "payload", most: maxPayload, missing: subEmptyPayload},
			}); r != nil {
				return r
			}
		}
		return nil
	}
	if len(items) > 0 && object(items[0])["call_to_actions"] == nil {
		return check(v)
	}
	return e.eachLocale("ice_breakers", v, false, func(m map[string]any) *refusal { return check(m["call_to_actions"]) })
}

func (e *Emulator) checkCommands(m map[string]any) *refusal {
	commands, _ := list(m["commands"])
	if r := counted("commands", len(commands), 1, maxCommands); r != nil {
		return r
	}
	for _, v := range commands {
		if r := e.checkFieldsOf(object(v), []field{
			{name: "name", most: maxCommand, missing: subIncomplete}, {name: "description", most: maxAbout, missing: subIncomplete},
		}); r != nil {
			return r
		}
	}
	return nil
}

func (e *Emulator) profileRate(c *call) *refusal {
	if !e.spend(e.profiles, c.page.ID, e.quotas.ProfileCalls, profileSpan) {
		return refuse(613, 0, "Calls to this API have exceeded the rate limit.")
	}
	return nil
}

func (e *Emulator) profileGet(c *call) (any, *refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r := e.profileRate(c); r != nil {
		return nil, r
	}
	names := c.fields("fields")
	if len(names) == 0 {
		return nil, refuse(100, 0, "The parameter fields is required")
	}
	set := map[string]any{}
	for _, name := range names {
		if r := knownProperty(name); r != nil {
			return nil, r
		}
		if v, ok := c.page.profile[name]; ok {
			set[name] = v
		}
	}
	data := []any{}
	if len(set) > 0 {
		data = append(data, set)
	}
	return map[string]any{"data": data}, nil
}

func knownProperty(name string) *refusal {
	for _, rule := range profileRules {
		if rule.property == name {
			return nil
		}
	}
	return refuse(100, 0, "Invalid parameter: %s is no property of the Messenger Profile", name)
}

func (e *Emulator) profileSet(c *call) (any, *refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r := e.profileRate(c); r != nil {
		return nil, r
	}
	if len(c.params) == 0 {
		return nil, refuse(100, 0, "Invalid parameter: no property of the Messenger Profile is given")
	}
	for name := range c.params {
		if r := knownProperty(name); r != nil {
			return nil, r
		}
	}
	before := maps.Clone(c.page.profile)
	for _, rule := range profileRules {
		v, ok := c.params[rule.property]
		if !ok {
			continue
		}
		if r := rule.check(e, c.page, v); r != nil {
			c.page.profile = before // a call takes effect as a whole or not at all
			return nil, r
		}
		c.page.profile[rule.property] = v
	}
	e.touch()
	return map[string]any{"result": "success"}, nil
}

func (e *Emulator) profileDelete(c *call) (any, *refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r := e.profileRate(c); r != nil {
		return nil, r
	}
	names := c.fields("fields")
	if len(names) == 0 {
		return nil, refuse(100, 0, "The parameter fields is required")
	}
	for _, name := range names {
		if r := knownProperty(name); r != nil {
			return nil, r
		}
	}
	_, hasMenu := c.page.profile["persistent_menu"]
	if hasMenu && slices.Contains(names, "get_started") && !slices.Contains(names, "persistent_menu") {
		return nil, refuse(100, 0, "Invalid parameter: get_started cannot be deleted while a persistent menu is set")
	}
	for _, name := range names {
		delete(c.page.profile, name)
	}
	e.touch()
	return map[string]any{"result": "success"}, nil
}

// getStarted is the payload of the Get Started button; empty when there is none.
func (p *page) getStarted() string { return text(object(p.profile["get_started"])["payload"]) }

// forLocale picks the entry of a person's locale, else the default one.
func forLocale(v any, locale string) map[string]any {
	items, _ := list(v)
	var fallback map[string]any
	for _, v := range items {
		m := object(v)
		switch text(m["locale"]) {
		case locale:
			return m
		case "default":
			fallback = m
		}
	}
	return fallback
}

func (p *page) menu(locale string) []Button {
	return buttonsOf(map[string]any{"buttons": forLocale(p.profile["persistent_menu"], locale)["call_to_actions"]})
}

func (p *page) starters(locale string) []Button {
	v := p.profile["ice_breakers"]
	items, _ := list(v)
	if len(items) > 0 && object(items[0])["call_to_actions"] != nil {
		items, _ = list(forLocale(v, locale)["call_to_actions"])
	}
	var out []Button
	for _, v := range items {
		q := object(v)
		out = append(out, Button{Type: "postback", Title: text(q["question"]), Payload: text(q["payload"])})
	}
	return out
}

func (p *page) greeting(who *person) string {
	t := text(forLocale(p.profile["greeting"], who.Locale)["text"])
	return strings.NewReplacer(
		"{{user_first_name}}", who.FirstName, "{{user_last_name}}", who.LastName, "{{user_full_name}}", who.name(),
	).Replace(t)
}

func (p *person) name() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s", p.FirstName, p.LastName))
}
