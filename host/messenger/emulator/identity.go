package emulator

import (
	"github.com/footlight-bots/footlight/host/messenger/emulator/node"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// user is the id by which the app knows the user behind the call's token.
func (c *call) user() string { return state.AppScoped(c.app.ID, c.token.User.ID) }

// idsForPages is GET /{user}/ids_for_pages: the page-scoped ids of somebody whom the app
// knows by an app-scoped one, as the callbacks of messenger.md §7 name people. An app may
// ask about everybody, a user only about themselves.
func (e *Emulator) idsForPages(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	id := c.Path[0]
	switch {
	case c.token.OfUser() && (id == "me" || id == c.user()):
		id = c.user()
	case id == "me":
		return nil, refusal.NeedsUser()
	case c.token.Kind != state.AppToken:
		return nil, refusal.Missing(id)
	}
	people, ok := e.state.Humans(c.app, id)
	if !ok {
		return nil, refusal.Missing(id)
	}
	var met []*state.Person
	for _, who := range people {
		meant := c.Get("page") == "" || c.Get("page") == who.Page
		if meant && e.state.Page(who.Page).Has(c.app) && (who.Thread.Wrote || !who.Thread.WindowEnds.IsZero()) {
			met = append(met, who)
		}
	}
	list, err := selection.Page(met, value.Count(c.Get("limit")), c.Get("after"), func(who *state.Person) any {
		return node.Scoped(who.ID, "page", e.state.Page(who.Page).Name, who.Page)
	})
	if err != nil {
		return nil, refusal.New(100, 0, "Invalid parameter: %v", err)
	}
	return list, nil
}

// idsForApps is GET /{psid}/ids_for_apps: the way back.
func (e *Emulator) idsForApps(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	who := e.state.Person(c.Path[0])
	if c.page == nil || who == nil || who.Page != c.page.ID {
		return nil, refusal.Missing(c.Path[0])
	}
	id := state.AppScoped(c.app.ID, e.state.Account(who.ID))
	return map[string]any{"data": []any{node.Scoped(id, "app", c.app.Name, c.app.ID)}}, nil
}
