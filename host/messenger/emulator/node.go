package emulator

import (
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

// profileFields are what GET /{psid} can tell, with the permission that a field needs.
var profileFields = map[string]string{
	"id": "", "name": "", "first_name": "", "last_name": "", "profile_pic": "",
	"locale": "pages_user_locale", "timezone": "pages_user_timezone", "gender": "pages_user_gender",
}

// node is GET /me and GET /{id}: a Page, an app or a person.
func (e *Emulator) node(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	id := c.Path[0]
	switch {
	case id == "me" && c.token.kind == tokenUser || c.token.user != nil && id == c.token.user.ID:
		return map[string]any{"id": c.token.user.ID, "name": c.token.user.Name}, nil
	case id == "me" || e.page(id) != nil:
		return e.pageNode(c, id)
	case e.app(id) != nil:
		if id != c.app.ID {
			return nil, refusal.Missing(id)
		}
		return map[string]any{"id": c.app.ID, "name": c.app.Name}, nil
	case e.person(id) != nil:
		return e.personNode(c, e.person(id))
	case c.page != nil && c.page.persona(id) != nil:
		return c.page.persona(id).node(), nil
	}
	return nil, refusal.Missing(id)
}

// pageCategory is the category of every Page.
const pageCategory = "Local service"

func (e *Emulator) pageNode(c *call, id string) (any, *refusal.Refusal) {
	p := c.page
	if c.token.kind == tokenUser && len(c.token.user.tasksOn(id)) > 0 {
		p = e.page(id)
	}
	if p == nil || id != "me" && id != p.ID {
		return nil, refusal.New(10, e.switches.PublicContentSubcode,
			"To use 'Page Public Content Access', your use of this endpoint must be reviewed and approved by Facebook.")
	}
	if c.Get("account_linking_token") != "" {
		return e.linkedPerson(c)
	}
	all := map[string]any{
		"id": p.ID, "name": p.Name, "is_published": !p.Unpublished, "category": pageCategory,
		"link": "https://www.facebook.com/" + p.ID,
	}
	names := c.Fields("fields")
	if len(names) == 0 {
		names = []string{"id", "name"}
	}
	out := map[string]any{"id": p.ID}
	for _, name := range names {
		v, ok := all[name]
		if !ok {
			return nil, refusal.New(100, 0, "Tried accessing nonexisting field (%s) on node type (Page)", name)
		}
		out[name] = v
	}
	return out, nil
}

func (who *person) name() string { return strings.TrimSpace(who.FirstName + " " + who.LastName) }

// personNode is the User Profile API (emulator.md §4.4).
func (e *Emulator) personNode(c *call, who *person) (any, *refusal.Refusal) {
	if c.page == nil || who.Page != c.page.ID || !who.thread.Wrote {
		return nil, refusal.Missing(who.ID)
	}
	switch {
	case who.Profile == "none":
		return nil, refusal.Listed(e.switches.ListedUnder, 2018218, "No profile available for this user.")
	case who.Blocked:
		return nil, blockedAnswer()
	case who.Profile == "bare":
		return map[string]any{"id": who.ID}, nil
	}
	all := map[string]any{
		"id": who.ID, "name": who.name(), "first_name": who.FirstName, "last_name": who.LastName,
		"profile_pic": who.Picture, "locale": who.Locale, "timezone": who.Timezone, "gender": who.Gender,
	}
	names := c.Fields("fields")
	if len(names) == 0 {
		names = []string{"first_name", "last_name", "profile_pic"}
	}
	out := map[string]any{"id": who.ID}
	for _, name := range names {
		permission, ok := profileFields[name]
		if !ok {
			return nil, refusal.New(100, 0, "Tried accessing nonexisting field (%s) on node type (MessengerUser)", name)
		}
		if permission != "" && !slices.Contains(c.app.Permissions, permission) {
			return nil, refusal.Listed(e.switches.ListedUnder, 2018247, "Insufficient permission to access user profile.")
		}
		if v := all[name]; v != "" {
			out[name] = v
		}
	}
	return out, nil
}
