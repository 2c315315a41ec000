package emulator

import (
	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/node"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// maxPersonaName is the longest name of a persona, in characters.
const maxPersonaName = 50

// personaSet is POST /{page}/personas.
func (e *Emulator) personaSet(c *call) (any, *refusal.Refusal) {
	name, picture := c.Get("name"), c.Get("profile_picture_url")
	if name == "" {
		return nil, refusal.New(100, 0, "The parameter name is required")
	}
	if refused := (content.Rules{}).Length("name", name, maxPersonaName); refused != nil {
		return nil, refused
	}
	if !value.URL(picture) {
		return nil, refusal.URL("profile_picture_url")
	}
	if e.fetcher != nil {
		if refused := e.fetcher.Check(c.ctx, "image", picture); refused != nil {
			return nil, refused
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	made := &state.Persona{ID: e.state.ThingID(), Persona: thread.Persona{Name: name, Picture: picture}}
	c.page.Personas = append(c.page.Personas, made)
	e.touch()
	return map[string]any{"id": made.ID}, nil
}

// personaList is GET /{page}/personas.
func (e *Emulator) personaList(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	page, err := selection.Page(c.page.Personas, value.Count(c.Get("limit")), c.Get("after"), func(p *state.Persona) any { return node.Persona(p) })
	if err != nil {
		return nil, refusal.New(100, 0, "Invalid parameter: %v", err)
	}
	return page, nil
}

// checkPersona finds the persona under which a send or typing_on speaks.
func (e *Emulator) checkPersona(d *sending) *refusal.Refusal {
	id := d.call.Get("persona_id")
	if id == "" {
		return nil
	}
	speaks := d.call.page.Persona(id)
	if speaks == nil {
		return refusal.New(100, 0, "Invalid parameter: persona_id %s is not a persona of this Page", id)
	}
	if d.Action != "" && d.Action != "typing_on" {
		return refusal.New(100, 0, "Invalid parameter: persona_id goes with a message or typing_on")
	}
	face := speaks.Persona
	d.persona = &face
	return nil
}
