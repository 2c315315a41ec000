package state

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/world"
)

// Kinds of tokens.
const (
	AppToken    = "APP"
	PageToken   = "PAGE"
	UserToken   = "USER"
	SystemToken = "SYSTEM_USER"
)

// Lives of user tokens. A Page token made with a long one never expires; one made with the token of a
// system user lives as long as that.
const (
	ShortLife = 2 * time.Hour
	LongLife  = 5183944 * time.Second // about 60 days
)

// Token is an access token and whom it speaks for.
type Token struct {
	Kind    string
	App     *App
	Page    *Page // of a Page token
	User    *User // of a user or system token, and of the Page tokens made with it
	Issued  time.Time
	Expires time.Time // zero: never
	Dead    int       // subcode of 190 that tells the cause of death; 0: alive

	proven, proof string // what was proven last, and its right proof: most calls bring the same one
}

// User is someone who manages Pages, and the Page tokens made for them.
type User struct {
	world.User
	made map[making]string
}

// making tells a user's Page tokens apart.
type making struct {
	app, page string
	long      bool
}

// TasksOn are the user's tasks on a Page.
func (u *User) TasksOn(pageID string) []string {
	if u.Tasks == nil {
		return world.AllTasks()
	}
	return u.Tasks[pageID]
}

// SignIn is a token for the user as they get it first: a short one, or of a system user a lasting one.
func (u *User) SignIn(a *App, now time.Time) *Token {
	if u.System {
		t := &Token{Kind: SystemToken, App: a, User: u, Issued: now}
		if u.Expiring {
			t.Expires = now.Add(LongLife)
		}
		return t
	}
	return &Token{Kind: UserToken, App: a, User: u, Issued: now, Expires: now.Add(ShortLife)}
}

// OfUser reports whether the token speaks for a user, be it a system user, and not for a Page or an app.
func (t *Token) OfUser() bool { return t.Kind == UserToken || t.Kind == SystemToken }

// Issue makes the secret of a token.
func (s *State) Issue(t *Token, now time.Time) string {
	secret := "EAA" + strings.NewReplacer("-", "A", "_", "B").Replace(s.Key())
	t.Issued = now
	s.Tokens[secret] = t
	return secret
}

// Derive is the secret of the Page token that the user token t makes for its app, the
// same each time as long as that lives.
func (s *State) Derive(t *Token, p *Page, now time.Time) string {
	long := t.Expires.IsZero() || t.Kind == UserToken && t.Expires.Sub(t.Issued) > ShortLife
	derived := &Token{Kind: PageToken, App: t.App, Page: p, User: t.User}
	if !long {
		derived.Expires = t.Expires
	}
	key := making{t.App.ID, p.ID, long}
	if old := s.Tokens[t.User.made[key]]; old != nil && old.Fault(now) == nil && old.Expires.Equal(derived.Expires) {
		return t.User.made[key]
	}
	t.User.made[key] = s.Issue(derived, now)
	return t.User.made[key]
}

// Kill lets the tokens die for which which holds. cause is a subcode of 190.
func (s *State) Kill(cause int, which func(*Token) bool) {
	for _, t := range s.Tokens {
		if which(t) {
			t.Dead = cause
		}
	}
}

// SetTasks gives the user other tasks on the Page. Without any, its tokens die.
func (s *State) SetTasks(u *User, on *Page, tasks []string) {
	all := map[string][]string{}
	for _, p := range s.Pages {
		all[p.ID] = u.TasksOn(p.ID)
	}
	all[on.ID] = slices.Clone(tasks)
	u.Tasks = all
	if len(tasks) == 0 {
		s.Kill(492, func(t *Token) bool { return t.User == u && t.Page == on })
	}
}

// Fault is what is wrong with the token itself; nil: nothing.
func (t *Token) Fault(now time.Time) *refusal.Refusal {
	cause := t.Dead
	if cause == 0 && !t.Expires.IsZero() && !now.Before(t.Expires) {
		cause = 463
	}
	if text, dead := refusal.Death(cause); dead {
		return refusal.Token(cause, text)
	}
	return nil
}

// Permit checks that the user behind the token granted a permission, and has a task on
// the Page that the token speaks for. An empty one is not asked for.
func (t *Token) Permit(scope, task string) *refusal.Refusal {
	u := t.User
	if u == nil {
		return nil
	}
	if scope != "" && !slices.Contains(u.Scopes, scope) {
		if scope == "pages_messaging" {
			return refusal.New(230, 0, "%s", refusal.Text(230, 0))
		}
		return refusal.New(200, 0, "Requires %s permission to manage the object", scope)
	}
	if task != "" && t.Page != nil && !slices.Contains(u.TasksOn(t.Page.ID), task) {
		return refusal.New(200, 0, "The user must be granted the %s task on the Page", task)
	}
	return nil
}

// Proves checks the proof that came with the token's secret: always when there is one,
// and that there is one when the app requires it. An app token carries the app's secret
// itself and needs none. at is the time that the proof was made with, in seconds, and after
// which it lives a short while; empty: none.
func (t *Token) Proves(secret, proof, at string, now time.Time) *refusal.Refusal {
	if proof == "" {
		if t.App.RequireProof && t.Kind != AppToken {
			r := refusal.New(100, 0, "API calls from the server require an appsecret_proof argument")
			r.Type = "GraphMethodException"
			return r
		}
		return nil
	}
	fresh := true
	if at != "" {
		made, err := strconv.ParseInt(at, 10, 64)
		fresh = err == nil && now.Sub(time.Unix(made, 0)).Abs() <= proofLife
		secret += "|" + at
	}
	if t.proven != secret {
		t.proven, t.proof = secret, Proof(t.App.Secret, secret) // an app's secret never changes
	}
	if !hmac.Equal([]byte(proof), []byte(t.proof)) || !fresh {
		return &refusal.Refusal{Code: 100, Type: "GraphMethodException", Bare: true, Text: "Invalid appsecret_proof provided in the API argument"}
	}
	return nil
}

// proofLife is how far from the platform's time a proof with a time of its own may be. Meta says that
// the time bounds it, and not to what.
const proofLife = 5 * time.Minute

// Proof is the appsecret_proof of a token's secret, or of that, "|" and a time.
func Proof(appSecret, message string) string {
	h := hmac.New(sha256.New, []byte(appSecret))
	h.Write([]byte(message))
	return hex.EncodeToString(h.Sum(nil))
}

// Unknown is the refusal of a secret that is no token's.
func (s *State) Unknown(secret string) *refusal.Refusal {
	id, _, ok := strings.Cut(secret, "|")
	if ok && value.Digits(id) && s.App(id) != nil {
		return &refusal.Refusal{Code: 101, Bare: true, Auth: refusal.InvalidToken, Text: "Error validating client secret."}
	}
	return refusal.Token(0, "Invalid OAuth access token - Cannot parse access token")
}
