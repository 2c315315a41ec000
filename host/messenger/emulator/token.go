package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
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

// deaths are the causes for which a token dies, by subcode of code 190.
var deaths = map[int]string{
	458: "Error validating access token: The user has not authorized application.",
	459: "Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the instructions given.",
	460: "Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.",
	463: "Error validating access token: Session has expired.",
	464: "Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.",
	467: "Error validating access token: This may be because the user logged out or may be due to a system error.",
	492: "Error validating access token: The user must be an administrator, editor, or moderator of the page in order to impersonate it.",
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
	if _, ok := deaths[subcode]; !ok && subcode != 0 {
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

func (t *token) fault() *refusal {
	if t.dead == 0 {
		return nil
	}
	return &refusal{code: 190, subcode: t.dead, bare: true, auth: "invalid_token", text: deaths[t.dead]}
}

// authorize resolves the call's token and checks its proof. The mutex is held.
func (e *Emulator) authorize(c *call) *refusal {
	me := len(c.path) > 0 && c.path[0] == "me"
	if c.secret == "" {
		if me {
			return needsUser()
		}
		return &refusal{code: 104, auth: "invalid_request", text: "An access token is required to request this resource."}
	}
	t := e.tokens[c.secret]
	if t == nil {
		if id, ok := appOf(c.secret); ok && e.app(id) != nil {
			return &refusal{code: 101, bare: true, auth: "invalid_token", text: "Error validating client secret."}
		}
		return &refusal{code: 190, bare: true, auth: "invalid_token", text: "Invalid OAuth access token - Cannot parse access token"}
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

func needsUser() *refusal {
	return &refusal{
		code: 2500, bare: true, auth: "invalid_request",
		text: "An active access token must be used to query information about the current user.",
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
func (c *call) checkProof() *refusal {
	proof := c.get("appsecret_proof")
	delete(c.params, "appsecret_proof")
	if proof == "" {
		if c.app.RequireProof && c.token.kind != tokenApp {
			r := refuse(100, 0, "API calls from the server require an appsecret_proof argument")
			r.kind = "GraphMethodException"
			return r
		}
		return nil
	}
	message := c.secret
	if at := c.get("appsecret_time"); at != "" {
		message += "|" + at
	}
	if !hmac.Equal([]byte(proof), []byte(signHex(c.app.Secret, message))) {
		return &refusal{code: 100, kind: "GraphMethodException", bare: true, text: "Invalid appsecret_proof provided in the API argument"}
	}
	return nil
}

func signHex(key, message string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(message))
	return hex.EncodeToString(h.Sum(nil))
}
