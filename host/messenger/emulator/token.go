package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
)

const (
	tokenApp  = "APP"
	tokenPage = "PAGE"
)

// token is an access token and whom it speaks for.
type token struct {
	kind   string
	app    *app
	page   *page // of a Page token
	issued time.Time
	dead   int // subcode of 190 that tells the cause of death; 0: alive
}

// IssueToken makes a Page token for an app, as when the Page connects a second one.
// The app hears the Page once it has subscribed by POST /{page}/subscribed_apps.
func (e *Emulator) IssueToken(pageID, appID string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p, a := e.page(pageID), e.app(appID)
	if p == nil || a == nil {
		return "", fmt.Errorf("issue a token: page %q or app %q: not known to the emulator", pageID, appID)
	}
	return e.issue(p, a), nil
}

func (e *Emulator) issue(p *page, a *app) string {
	secret := "EAA" + strings.NewReplacer("-", "A", "_", "B").Replace(e.text(tokenBytes))
	e.tokens[secret] = &token{kind: tokenPage, app: a, page: p, issued: e.clock.Now()}
	return secret
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
	t := e.tokens[secret]
	if t == nil {
		return fmt.Errorf("access token: not known to the emulator")
	}
	t.dead = subcode
	e.touch()
	return nil
}

// fault is what is wrong with the token itself; nil: nothing.
func (t *token) fault() *refusal.Refusal {
	if text, dead := refusal.Death(t.dead); dead {
		return refusal.Token(t.dead, text)
	}
	return nil
}

// authorize resolves the call's token and checks its proof. The mutex is held.
func (e *Emulator) authorize(c *call) *refusal.Refusal {
	me := len(c.Path) > 0 && c.Path[0] == "me"
	if c.Secret == "" {
		if me {
			return needsUser()
		}
		return &refusal.Refusal{Code: 104, Auth: refusal.InvalidRequest, Text: "An access token is required to request this resource."}
	}
	t := e.tokens[c.Secret]
	if t == nil {
		if id, ok := appOf(c.Secret); ok && e.app(id) != nil {
			return &refusal.Refusal{Code: 101, Bare: true, Auth: refusal.InvalidToken, Text: "Error validating client secret."}
		}
		return refusal.Token(0, "Invalid OAuth access token - Cannot parse access token")
	}
	c.token, c.app, c.page = t, t.app, t.page
	if r := t.fault(); r != nil {
		return r
	}
	if me && t.kind != tokenPage {
		return needsUser()
	}
	return c.checkProof()
}

func needsUser() *refusal.Refusal {
	return &refusal.Refusal{
		Code: 2500, Bare: true, Auth: refusal.InvalidRequest,
		Text: "An active access token must be used to query information about the current user.",
	}
}

// appOf is the app id of an app token, "id|secret".
func appOf(secret string) (string, bool) {
	for i := range len(secret) {
		if secret[i] == '|' {
			return secret[:i], digits(secret[:i])
		}
	}
	return "", false
}

// checkProof checks appsecret_proof: always when it is sent, and its presence when
// the app requires it. An app token carries the secret itself and needs none.
func (c *call) checkProof() *refusal.Refusal {
	proof := c.Get("appsecret_proof")
	delete(c.Params, "appsecret_proof")
	if proof == "" {
		if c.app.RequireProof && c.token.kind != tokenApp {
			r := refusal.New(100, 0, "API calls from the server require an appsecret_proof argument")
			r.Type = "GraphMethodException"
			return r
		}
		return nil
	}
	message := c.Secret
	if at := c.Get("appsecret_time"); at != "" {
		message += "|" + at
	}
	if !hmac.Equal([]byte(proof), []byte(signHex(c.app.Secret, message))) {
		return &refusal.Refusal{Code: 100, Type: "GraphMethodException", Bare: true, Text: "Invalid appsecret_proof provided in the API argument"}
	}
	return nil
}

func signHex(key, message string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(message))
	return hex.EncodeToString(h.Sum(nil))
}
