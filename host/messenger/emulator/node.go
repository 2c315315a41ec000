package emulator

import (
	"slices"

	"github.com/footlight-bots/footlight/host/messenger/emulator/node"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
)

// node is GET /me and GET /{id}: a Page, an app, a person, or a persona or label of the token's Page.
func (e *Emulator) node(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	id := c.Path[0]
	switch {
	case id == "me" && c.token.OfUser() || c.token.User != nil && id == c.user():
		return map[string]any{"id": c.user(), "name": c.token.User.Name}, nil
	case id == "me" || e.state.Page(id) != nil:
		return e.pageNode(c, id)
	case e.state.App(id) != nil:
		if id != c.app.ID {
			return nil, refusal.Missing(id)
		}
		return map[string]any{"id": c.app.ID, "name": c.app.Name}, nil
	case e.state.Person(id) != nil:
		return e.personNode(c, e.state.Person(id))
	case c.page != nil && c.page.Persona(id) != nil:
		return node.Persona(c.page.Persona(id)), nil
	case c.page != nil && c.page.Label(id) != nil:
		return node.Label(*c.page.Label(id)), nil
	}
	return nil, refusal.Missing(id)
}

// nodeDelete is DELETE /{persona} and DELETE /{label}. What was sent under a persona keeps its name and face.
func (e *Emulator) nodeDelete(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	id := c.Path[0]
	if c.page == nil || !c.page.Delete(id) {
		return nil, refusal.Missing(id)
	}
	e.touch()
	return map[string]any{"success": true}, nil
}

func (e *Emulator) pageNode(c *call, id string) (any, *refusal.Refusal) {
	p := c.page
	if c.token.OfUser() && len(c.token.User.TasksOn(id)) > 0 {
		p = e.state.Page(id)
	}
	if p == nil || id != "me" && id != p.ID {
		return nil, refusal.New(10, e.switches.PublicContentSubcode,
			"To use 'Page Public Content Access', your use of this endpoint must be reviewed and approved by Facebook.")
	}
	if c.Get("account_linking_token") != "" {
		return e.linkedPerson(c)
	}
	return node.Page(p.Page, c.Fields("fields"))
}

// personNode is the User Profile API (emulator.md §4.4).
func (e *Emulator) personNode(c *call, who *state.Person) (any, *refusal.Refusal) {
	if c.page == nil || who.Page != c.page.ID || !who.Thread.Wrote {
		return nil, refusal.Missing(who.ID)
	}
	switch {
	case c.page.Game:
		return nil, refusal.New(10, 0, "%s", refusal.Text(10, 0))
	case who.Profile == "none":
		return nil, refusal.Listed(e.switches.ListedUnder, 2018218, "No profile available for this user.")
	case who.Blocked:
		return nil, refusal.Blocked()
	case who.Profile == "bare":
		return map[string]any{"id": who.ID}, nil
	}
	permissions := c.app.Permissions
	if !c.app.NoProfiles || who.Role != "" {
		permissions = append(slices.Clone(permissions), node.ProfileAccess)
	}
	return node.Person(who, c.Fields("fields"), permissions, e.switches.ListedUnder, e.clock.Now())
}
