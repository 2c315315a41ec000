package emulator

import (
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/thread"
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
	case id == "me" || e.page(id) != nil:
		return e.pageNode(c, id)
	case e.app(id) != nil:
		if id != c.app.ID {
			return nil, refusal.Missing(id)
		}
		return map[string]any{"id": c.app.ID, "name": c.app.Name}, nil
	case e.person(id) != nil:
		return e.personNode(c, e.person(id))
	}
	return nil, refusal.Missing(id)
}

func (e *Emulator) pageNode(c *call, id string) (any, *refusal.Refusal) {
	p := c.page
	if p == nil || id != "me" && id != p.ID {
		return nil, refusal.New(10, e.switches.PublicContentSubcode,
			"To use 'Page Public Content Access', your use of this endpoint must be reviewed and approved by Facebook.")
	}
	if c.Get("account_linking_token") != "" {
		c.note = "account linking is not modelled"
		e.unknownLocked(c)
		return nil, refusal.New(10303, 0, "Invalid account_linking_token")
	}
	all := map[string]any{
		"id": p.ID, "name": p.Name, "is_published": !p.Unpublished, "category": "Local service",
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

// scopes are the permissions that a bot's Page token has.
var scopes = []string{"pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement"}

// dataAccess is how long data access lasts from a token's issue.
const dataAccess = 90 * 24 * time.Hour

// debugToken is GET /debug_token, which only an app token may ask.
func (e *Emulator) debugToken(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if c.token.kind != tokenApp {
		return nil, refusal.New(100, 0, "You must provide an app access token, or a user access token that is an owner or developer of the app")
	}
	input := c.Get("input_token")
	if input == "" {
		return nil, refusal.New(100, 0, "The parameter input_token is required")
	}
	t := e.tokens[input]
	if t == nil || t.app != c.app {
		return map[string]any{"data": map[string]any{
			"is_valid": false, "scopes": []string{},
			"error": map[string]any{"code": 190, "message": "Invalid OAuth access token."},
		}}, nil
	}
	data := map[string]any{
		"app_id": t.app.ID, "type": t.kind, "application": t.app.Name, "expires_at": 0, "is_valid": t.dead == 0,
		"data_access_expires_at": t.issued.Add(dataAccess).Unix(), "issued_at": t.issued.Unix(),
		"scopes": scopes, "granular_scopes": []any{},
	}
	if t.page != nil {
		data["profile_id"], data["user_id"] = t.page.ID, t.page.ID
		data["granular_scopes"] = []any{map[string]any{"scope": "pages_messaging", "target_ids": []string{t.page.ID}}}
	}
	if r := t.fault(); r != nil {
		data["error"] = map[string]any{"code": r.Code, "subcode": r.Subcode, "message": r.Text}
	}
	return map[string]any{"data": data}, nil
}

// threadOwner is GET /{page}/thread_owner.
func (e *Emulator) threadOwner(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	who := e.person(c.Get("recipient"))
	if who == nil || who.Page != c.page.ID {
		return nil, refusal.New(100, refusal.UnknownPerson, "No matching user found")
	}
	owner := who.thread.Owner(e.clock.Now())
	if owner == "" {
		return map[string]any{"data": []any{}}, nil
	}
	ends := who.thread.LastStamp.Add(thread.Window).Unix()
	return map[string]any{"data": []any{map[string]any{"thread_owner": map[string]any{"app_id": owner, "expiration": ends}}}}, nil
}
