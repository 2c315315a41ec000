package emulator

import (
	"crypto/subtle"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/node"
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// debugToken is GET /debug_token, which an app token may ask, or the inspected token itself.
func (e *Emulator) debugToken(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	input := c.Get("input_token")
	if c.token.Kind != state.AppToken && input != c.Secret {
		return nil, refusal.New(100, 0, "You must provide an app access token, or a user access token that is an owner or developer of the app")
	}
	if input == "" {
		return nil, refusal.New(100, 0, "The parameter input_token is required")
	}
	t := e.state.Tokens[input]
	if t == nil || t.App != c.app {
		return map[string]any{"data": map[string]any{
			"is_valid": false, "scopes": []string{},
			"error": map[string]any{"code": 190, "message": "Invalid OAuth access token."},
		}}, nil
	}
	return map[string]any{"data": node.Token(e.state, t, e.clock.Now())}, nil
}

// oauthToken is GET /oauth/access_token: a long-lived user token for a short one, another 60 days
// for a system user, or an app token for its secret.
func (e *Emulator) oauthToken(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.state.App(c.Get("client_id"))
	if a == nil {
		return nil, &refusal.Refusal{Code: 101, Bare: true, Text: refusal.Text(101, 0)}
	}
	if subtle.ConstantTimeCompare([]byte(c.Get("client_secret")), []byte(a.Secret)) != 1 {
		return nil, &refusal.Refusal{Code: 101, Bare: true, Text: "Error validating client secret."}
	}
	c.app = a
	switch grant := c.Get("grant_type"); grant {
	case "client_credentials":
		return map[string]any{"access_token": a.ID + "|" + a.Secret, "token_type": "bearer"}, nil
	case "fb_exchange_token":
		t := e.state.Tokens[c.Get("fb_exchange_token")]
		switch {
		case t == nil || t.App != a:
			return nil, refusal.Token(0, "Invalid OAuth access token - Cannot parse access token")
		case t.Fault(e.clock.Now()) != nil:
			return nil, t.Fault(e.clock.Now())
		case t.Kind != state.UserToken && !(t.Kind == state.SystemToken && c.Get("set_token_expires_in_60_days") == "true"):
			return nil, refusal.New(100, 0, "Invalid parameter: fb_exchange_token must be a user access token")
		}
		long := &state.Token{Kind: t.Kind, App: a, User: t.User, Expires: e.clock.Now().Add(state.LongLife)}
		return map[string]any{"access_token": e.state.Issue(long, e.clock.Now()), "token_type": "bearer", "expires_in": int64(state.LongLife / time.Second)}, nil
	default:
		return nil, refusal.New(100, 0, "Param grant_type must be one of {FB_EXCHANGE_TOKEN, CLIENT_CREDENTIALS}")
	}
}

// accounts is GET /me/accounts: the Pages on which the user has tasks, with a Page
// token for each. Those made with a long-lived token never expire.
func (e *Emulator) accounts(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	u := c.token.User
	if !c.token.OfUser() {
		return nil, refusal.NeedsUser()
	}
	if id := c.Path[0]; id != "me" && id != c.user() {
		return nil, refusal.Missing(id)
	}
	fields, err := selection.Parse(c.Get("fields"))
	if err != nil {
		return nil, refusal.New(2500, 0, "Syntax error: %v", err)
	}
	mine := slices.DeleteFunc(slices.Clone(e.state.Pages), func(p *state.Page) bool { return len(u.TasksOn(p.ID)) == 0 })
	var unknown *refusal.Refusal
	list, err := selection.Page(mine, value.Count(c.Get("limit")), c.Get("after"), func(p *state.Page) any {
		shown, refused := node.Pick(map[string]any{
			"access_token": e.state.Derive(c.token, p, e.clock.Now()), "category": node.Category, "name": p.Name, "id": p.ID, "tasks": u.TasksOn(p.ID),
		}, fields, "Page", "access_token", "category", "name", "tasks")
		if refused != nil {
			unknown = refused
		}
		return shown
	})
	if err != nil {
		return nil, refusal.New(100, 0, "Invalid parameter: %v", err)
	}
	return list, unknown
}

// UserToken makes a short-lived user token, as the Graph API Explorer does, or the lasting one of
// a system user. An empty id means the first user.
func (e *Emulator) UserToken(userID string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	u, err := e.state.User(userID)
	if err != nil {
		return "", err
	}
	now := e.clock.Now()
	return e.state.Issue(u.SignIn(e.state.App(u.App), now), now), nil
}
