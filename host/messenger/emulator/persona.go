package emulator

import (
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/content"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// maxPersonaName is the longest name of a persona, in characters.
const maxPersonaName = 50

// persona is a name and face under which a Page can speak.
type persona struct {
	id string
	thread.Persona
}

func (p persona) node() map[string]any {
	return map[string]any{"id": p.id, "name": p.Name, "profile_picture_url": p.Picture}
}

// persona finds a Page's persona; nil: it has none of that id.
func (p *page) persona(id string) *persona {
	i := slices.IndexFunc(p.personas, func(one *persona) bool { return one.id == id })
	if i < 0 {
		return nil
	}
	return p.personas[i]
}

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
	made := &persona{e.number(attachDigits), thread.Persona{Name: name, Picture: picture}}
	c.page.personas = append(c.page.personas, made)
	e.touch()
	return map[string]any{"id": made.id}, nil
}

// personaList is GET /{page}/personas.
func (e *Emulator) personaList(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	page, err := selection.Page(c.page.personas, number(c.Get("limit")), c.Get("after"), func(p *persona) any { return p.node() })
	if err != nil {
		return nil, refusal.New(100, 0, "Invalid parameter: %v", err)
	}
	return page, nil
}

// personaDelete is DELETE /{persona}. What was sent under it keeps its name and face.
func (e *Emulator) personaDelete(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c.page == nil || c.page.persona(c.Path[0]) == nil {
		return nil, refusal.Missing(c.Path[0])
	}
	c.page.personas = slices.DeleteFunc(c.page.personas, func(p *persona) bool { return p.id == c.Path[0] })
	e.touch()
	return map[string]any{"success": true}, nil
}

// checkPersona finds the persona under which a send or typing_on speaks.
func (e *Emulator) checkPersona(d *draft) *refusal.Refusal {
	id := d.call.Get("persona_id")
	if id == "" {
		return nil
	}
	speaks := d.call.page.persona(id)
	if speaks == nil {
		return refusal.New(100, 0, "Invalid parameter: persona_id %s is not a persona of this Page", id)
	}
	if d.action != "" && d.action != "typing_on" {
		return refusal.New(100, 0, "Invalid parameter: persona_id goes with a message or typing_on")
	}
	face := speaks.Persona
	d.persona = &face
	return nil
}
