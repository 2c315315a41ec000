package emulator

import (
	"github.com/footlight-bots/footlight/host/messenger/emulator/profile"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

// profileGet is GET /{page}/messenger_profile.
func (e *Emulator) profileGet(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if refused := e.meter.Profile(c.page.ID, e.clock.Now()); refused != nil {
		return nil, refused
	}
	set, refused := c.page.Profile.Get(c.Fields("fields"))
	if refused != nil {
		return nil, refused
	}
	data := []any{}
	if len(set) > 0 {
		data = append(data, set)
	}
	return map[string]any{"data": data}, nil
}

// profileSet is POST /{page}/messenger_profile.
func (e *Emulator) profileSet(c *call) (any, *refusal.Refusal) {
	return e.changeProfile(c, func(p profile.Profile) (profile.Profile, *refusal.Refusal) {
		return p.With(c.Params, e.rules(c.page))
	})
}

// profileDelete is DELETE /{page}/messenger_profile.
func (e *Emulator) profileDelete(c *call) (any, *refusal.Refusal) {
	return e.changeProfile(c, func(p profile.Profile) (profile.Profile, *refusal.Refusal) {
		return p.Without(c.Fields("fields"))
	})
}

func (e *Emulator) changeProfile(c *call, change func(profile.Profile) (profile.Profile, *refusal.Refusal)) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if refused := e.meter.Profile(c.page.ID, e.clock.Now()); refused != nil {
		return nil, refused
	}
	after, refused := change(c.page.Profile)
	if refused != nil {
		return nil, refused
	}
	c.page.SetProfile(after, e.switches.MenuDelay, e.clock.Now())
	e.touch()
	return map[string]any{"result": "success"}, nil
}
