package emulator

import (
	"fmt"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
)

// IssueToken makes a Page token for an app, as when the Page connects a second one.
// The app hears the Page once it has subscribed by POST /{page}/subscribed_apps.
func (e *Emulator) IssueToken(pageID, appID string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, a := e.state.Page(pageID), e.state.App(appID)
	if p == nil || a == nil {
		return "", fmt.Errorf("issue a token: page %q or app %q: not known to the emulator", pageID, appID)
	}
	return e.state.Issue(&state.Token{Kind: state.PageToken, App: a, Page: p, User: e.state.Users[0]}, e.clock.Now()), nil
}

// KillToken makes an access token answer 190 with the subcode that tells why: 458
// app removed, 459 checkpoint, 460 password changed, 463 expired, 464 unconfirmed
// user, 467 invalid, 492 no role on the Page. Subcode 0 brings the token back to life.
func (e *Emulator) KillToken(secret string, subcode int) error {
	if _, known := refusal.Death(subcode); !known && subcode != 0 {
		return fmt.Errorf("cause of death %d: want 0, 458, 459, 460, 463, 464, 467 or 492", subcode)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	t := e.state.Tokens[secret]
	if t == nil {
		return fmt.Errorf("access token: not known to the emulator")
	}
	t.Dead = subcode
	e.touch()
	return nil
}

// authorize resolves the call's token and checks its proof. The mutex is held.
func (e *Emulator) authorize(c *call) *refusal.Refusal {
	me := len(c.Path) > 0 && c.Path[0] == "me"
	if c.Secret == "" {
		if me {
			return refusal.NeedsUser()
		}
		return &refusal.Refusal{Code: 104, Auth: refusal.InvalidRequest, Text: "An access token is required to request this resource."}
	}
	t := e.state.Tokens[c.Secret]
	if t == nil {
		return e.state.Unknown(c.Secret)
	}
	c.token, c.app, c.page = t, t.App, t.Page
	if r := t.Fault(e.clock.Now()); r != nil {
		return r
	}
	if me && t.Kind == state.AppToken {
		return refusal.NeedsUser()
	}
	c.proof = c.Get("appsecret_proof")
	delete(c.Params, "appsecret_proof")
	return t.Proves(c.Secret, c.proof, c.Get("appsecret_time"), e.clock.Now())
}
