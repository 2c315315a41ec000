package emulator

import (
	"crypto/subtle"
	"slices"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/selection"
)

// dataAccess is how long data access lasts from a token's issue.
const dataAccess = 90 * 24 * time.Hour

// debugToken is GET /debug_token, which an app token may ask, or the inspected token itself.
func (e *Emulator) debugToken(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	input := c.Get("input_token")
	if c.token.kind != tokenApp && input != c.Secret {
		return nil, refusal.New(100, 0, "You must provide an app access token, or a user access token that is an owner or developer of the app")
	}
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
	fault := t.fault(e.clock.Now())
	data := map[string]any{
		"app_id": t.app.ID, "type": t.kind, "application": t.app.Name, "expires_at": unix(t.expires), "is_valid": fault == nil,
		"data_access_expires_at": unix(t.issued.Add(dataAccess)), "issued_at": unix(t.issued),
		"scopes": []string{}, "granular_scopes": []any{},
	}
	if t.user != nil {
		data["user_id"], data["scopes"], data["granular_scopes"] = t.user.ID, t.user.Scopes, e.granular(t)
	}
	if t.page != nil {
		data["profile_id"] = t.page.ID
	}
	if fault != nil {
		data["error"] = map[string]any{"code": fault.Code, "subcode": fault.Subcode, "message": fault.Text}
	}
	return map[string]any{"data": data}, nil
}

// unix is a time as Graph counts it; 0: never.
func unix(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.Unix()
}

// granular are a token's permissions with the Pages for which they were granted.
func (e *Emulator) granular(t *token) []any {
	var pages []string
	for _, p := range e.pages {
		if (t.page == nil || t.page == p) && len(t.user.tasksOn(p.ID)) > 0 {
			pages = append(pages, p.ID)
		}
	}
	out := []any{}
	for _, scope := range t.user.Scopes {
		out = append(out, map[string]any{"scope": scope, "target_ids": pages})
	}
	return out
}

// oauthToken is GET /oauth/access_token: a long-lived user token for a short one, or
// an app token for its secret.
func (e *Emulator) oauthToken(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	a := e.app(c.Get("client_id"))
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
		t := e.tokens[c.Get("fb_exchange_token")]
		switch {
		case t == nil || t.app != a:
			return nil, refusal.Token(0, "Invalid OAuth access token - Cannot parse access token")
		case t.fault(e.clock.Now()) != nil:
			return nil, t.fault(e.clock.Now())
		case t.kind != tokenUser:
			return nil, refusal.New(100, 0, "Invalid parameter: fb_exchange_token must be a user access token")
		}
		long := &token{kind: tokenUser, app: a, user: t.user, expires: e.clock.Now().Add(longLife)}
		return map[string]any{"access_token": e.issue(long), "token_type": "bearer", "expires_in": int64(longLife / time.Second)}, nil
	default:
		return nil, refusal.New(100, 0, "Param grant_type must be one of {FB_EXCHANGE_TOKEN, CLIENT_CREDENTIALS}")
	}
}

// accounts is GET /me/accounts: the Pages on which the user has tasks, with a Page
// token for each. Those made with a long-lived user token never expire.
func (e *Emulator) accounts(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	u := c.token.user
	if c.token.kind != tokenUser {
		return nil, needsUser()
	}
	fields, err := selection.Parse(c.Get("fields"))
	if err != nil {
		return nil, refusal.New(2500, 0, "Syntax error: %v", err)
	}
	mine := slices.DeleteFunc(slices.Clone(e.pages), func(p *page) bool { return len(u.tasksOn(p.ID)) == 0 })
	var unknown *refusal.Refusal
	list, err := selection.Page(mine, number(c.Get("limit")), c.Get("after"), func(p *page) any {
		shown, refused := pick(map[string]any{
			"access_token": e.pageTokenOf(c, p), "category": pageCategory, "name": p.Name, "id": p.ID, "tasks": u.tasksOn(p.ID),
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

// pageTokenOf is the Page token that the call's user token makes, the same each time
// as long as it lives.
func (e *Emulator) pageTokenOf(c *call, p *page) string {
	u, now := c.token.user, e.clock.Now()
	long := c.token.expires.Sub(c.token.issued) > shortLife
	key := pageToken{c.app.ID, p.ID, long}
	if t := e.tokens[u.pages[key]]; t != nil && t.fault(now) == nil {
		return u.pages[key]
	}
	t := &token{kind: tokenPage, app: c.app, page: p, user: u}
	if !long {
		t.expires = c.token.expires
	}
	u.pages[key] = e.issue(t)
	return u.pages[key]
}

// UserToken makes a short-lived user token, as the Graph API Explorer does. An empty
// id means the first user.
func (e *Emulator) UserToken(userID string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	u, err := e.user(userID)
	if err != nil {
		return "", err
	}
	return e.issue(&token{kind: tokenUser, app: e.app(u.App), user: u, expires: e.clock.Now().Add(shortLife)}), nil
}
