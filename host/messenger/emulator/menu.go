package emulator

import (
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/profile"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

const menuName = "persistent_menu"

// ofPerson finds the person whom a call names by psid, and holds the rate of the
// user-level menu. The mutex is held.
func (e *Emulator) ofPerson(c *call) (*person, *refusal.Refusal) {
	who := e.person(c.Get("psid"))
	if who == nil || who.Page != c.page.ID {
		return nil, refusal.New(100, refusal.UnknownPerson, "No matching user found")
	}
	if !e.profiles.Spend(who.ID, e.quotas.MenuCalls, profileSpan, e.clock.Now()) {
		return nil, refusal.TooMany()
	}
	return who, nil
}

// menuGet is GET /{page}/custom_user_settings.
func (e *Emulator) menuGet(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	who, refused := e.ofPerson(c)
	if refused != nil {
		return nil, refused
	}
	one := map[string]any{}
	if menu, ok := who.menu[menuName]; ok {
		one["user_level_persistent_menu"] = menu
	}
	if menu, ok := c.page.profile[menuName]; ok {
		one["page_level_persistent_menu"] = menu
	}
	data := []any{}
	if len(one) > 0 {
		data = append(data, one)
	}
	return map[string]any{"data": data}, nil
}

// menuSet is POST /{page}/custom_user_settings, under the rules of the Page's own menu.
func (e *Emulator) menuSet(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	who, refused := e.ofPerson(c)
	if refused != nil {
		return nil, refused
	}
	menu, ok := c.Params[menuName]
	if !ok {
		return nil, refusal.New(100, 0, "The parameter persistent_menu is required")
	}
	if _, refused := c.page.profile.With(map[string]any{menuName: menu}, e.rules(c.page)); refused != nil {
		return nil, refused
	}
	who.menu = profile.Profile{menuName: menu}
	e.touch()
	return map[string]any{"result": "success"}, nil
}

// menuDelete is DELETE /{page}/custom_user_settings.
func (e *Emulator) menuDelete(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	who, refused := e.ofPerson(c)
	if refused != nil {
		return nil, refused
	}
	if !slices.Equal(c.Fields("params"), []string{menuName}) {
		return nil, refusal.New(100, 0, "Param params must be [\"persistent_menu\"]")
	}
	who.menu = nil
	e.touch()
	return map[string]any{"result": "success"}, nil
}

// menuOf is the menu that a person sees.
func menuOf(p *page, who *person) []Button {
	if who.menu != nil {
		return who.menu.Menu(who.Locale)
	}
	return p.profile.Menu(who.Locale)
}
