package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

const (
	tokenApp  = "APP"
	tokenPage = "PAGE"
	tokenUser = "USER"
)

// Lives of user tokens. A Page token made with a long one never expires.
const (
	shortLife = 2 * time.Hour
	longLife  = 5183944 * time.Second // about 60 days
)

// token is an access token and whom it speaks for.
type token struct {
	kind    string
	app     *app
	page    *page // of a Page token
	user    *user // of a user token, and of the Page tokens made with it
	issued  time.Time
	expires time.Time // zero: never
	dead    int       // subcode of 190 that tells the cause of death; 0: alive
}

// user is someone who manages Pages, and the Page tokens made for them.
type user struct {
	User
	pages map[pageToken]string
}

// pageToken tells a user's Page tokens apart.
type pageToken struct {
	app, page string
	long      bool
}

// tasksOn are the user's tasks on a Page.
func (u *user) tasksOn(pageID string) []string {
	if u.Tasks == nil {
		return world.AllTasks()
	}
	return u.Tasks[pageID]
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
	return e.issue(&token{kind: tokenPage, app: a, page: p, user: e.users[0]}), nil
}

// issue makes the secret of a token.
func (e *Emulator) issue(t *token) string {
	secret := "EAA" + strings.NewReplacer("-", "A", "_", "B").Replace(e.text(tokenBytes))
	t.issued = e.clock.Now()
	e.tokens[secret] = t
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
func (t *token) fault(now time.Time) *refusal.Refusal {
	cause := t.dead
	if cause == 0 && !t.expires.IsZero() && !now.Before(t.expires) {
		cause = 463
	}
	if text, dead := refusal.Death(cause); dead {
		return refusal.Token(cause, text)
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
	if r := t.fault(e.clock.Now()); r != nil {
		return r
	}
	if me && t.kind == tokenApp {
		return needsUser()
	}
	return c.checkProof()
}

// permit checks that the user behind the token granted what the endpoint needs, and
// has the task on the Page that it needs. The mutex is held.
func (c *call) permit() *refusal.Refusal {
	u := c.token.user
	if u == nil {
		return nil
	}
	if need := c.route.scope; need != "" && !slices.Contains(u.Scopes, need) {
		if need == "pages_messaging" {
			return refusal.New(230, 0, "%s", refusal.Text(230, 0))
		}
		return refusal.New(200, 0, "Requires %s permission to manage the object", need)
	}
	if need := c.route.task; need != "" && c.page != nil && !slices.Contains(u.tasksOn(c.page.ID), need) {
		return refusal.New(200, 0, "The user must be granted the %s task on the Page", need)
	}
	return nil
}

func needsUser() *refusal.Refusal {
	return &refusal.Refusal{
		Code: 2500, Bare: true, Auth: refusal.InvalidRequest,
		Text: "An active access token must be used to query information about the current user.",
	}
}

// appOf is the app id of an app token, "id|secret".
func appOf(secret string) (string, bool) {
	id, _, ok := strings.Cut(secret, "|")
	return id, ok && digits(id)
}

// checkProof checks appsecret_proof: always when it is sent, and its presence when
// the app requires it. An app token carries the secret itself and needs none.
func (c *call) checkProof() *refusal.Refusal {
	c.proof = c.Get("appsecret_proof")
	delete(c.Params, "appsecret_proof")
	if c.proof == "" {
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
	if !hmac.Equal([]byte(c.proof), []byte(signHex(c.app.Secret, message))) {
		return &refusal.Refusal{Code: 100, Type: "GraphMethodException", Bare: true, Text: "Invalid appsecret_proof provided in the API argument"}
	}
	return nil
}

func signHex(key, message string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(message))
	return hex.EncodeToString(h.Sum(nil))
}
