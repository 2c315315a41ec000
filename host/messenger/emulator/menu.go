package emulator

import (
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/profile"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
)

const menuName = "persistent_menu"

// ofPerson finds the person whom a call names by psid, and holds the rate of the
// user-level menu. The mutex is held.
func (e *Emulator) ofPerson(c *call) (*state.Person, *refusal.Refusal) {
	who := e.state.Person(c.Get("psid"))
	if who == nil || who.Page != c.page.ID {
		return nil, refusal.New(100, refusal.UnknownPerson, "No matching user found")
	}
	if refused := e.meter.Menu(who.ID, e.clock.Now()); refused != nil {
		return nil, refused
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
	if menu, ok := who.Menu[menuName]; ok {
		one["user_level_persistent_menu"] = menu
	}
	if menu, ok := c.page.Profile[menuName]; ok {
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
	if _, refused := c.page.Profile.With(map[string]any{menuName: menu}, e.rules(c.page)); refused != nil {
		return nil, refused
	}
	who.Menu = profile.Profile{menuName: menu}
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
	who.Menu = nil
	e.touch()
	return map[string]any{"result": "success"}, nil
}
