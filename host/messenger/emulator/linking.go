package emulator

import (
	"net/url"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// linkingLife is how long an account_linking_token can be used.
const linkingLife = 5 * time.Minute

// linkingReturn is where a host sends the person back with their authorization code.
const linkingReturn = "https://facebook.com/messenger_platform/account_linking/"

// linking is one try to link an account.
type linking struct {
	person string
	ends   time.Time
}

// open opens a log-in button: the person sees the page of the bot, which gets a token.
func (e *Emulator) openLogin(s *scene, address string) {
	token := e.text(tokenBytes)
	s.page.linkings[token] = linking{s.who.ID, e.clock.Now().Add(linkingLife)}
	u, err := url.Parse(address)
	if err != nil {
		return // unreachable: the button was checked when it was sent
	}
	back := linkingReturn + "?account_linking_token=" + url.QueryEscape(token)
	q := u.Query()
	q.Set("redirect_uri", back)
	q.Set("account_linking_token", token)
	u.RawQuery = q.Encode()
	s.who.opened = u.String()
}

// linkedPerson is GET /me?fields=recipient&account_linking_token=…
func (e *Emulator) linkedPerson(c *call) (any, *refusal.Refusal) {
	token := c.Get("account_linking_token")
	for t, one := range c.page.linkings {
		if e.clock.Now().After(one.ends) {
			delete(c.page.linkings, t)
		}
	}
	one, ok := c.page.linkings[token]
	if !ok {
		return nil, refusal.New(10303, 0, "%s", refusal.Text(10303, 0))
	}
	return map[string]any{"id": c.page.ID, "recipient": one.person}, nil
}

// unlinkAccounts is POST /{page}/unlink_accounts.
func (e *Emulator) unlinkAccounts(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	who := e.person(c.Get("psid"))
	if who == nil || who.Page != c.page.ID {
		return nil, refusal.New(100, refusal.UnknownPerson, "No matching user found")
	}
	if who.linked {
		who.linked = false
		ev := e.threadEvent(c.page, who)
		ev.Linking = map[string]any{"status": "unlinked"}
		e.emitFrom(c.page, who, webhook.Linking, ev)
	}
	e.touch()
	return map[string]any{"result": "unlink account success"}, nil
}

// link links or unlinks the person's account. It does not renew the window.
func (e *Emulator) link(s *scene) error {
	ev := s.event()
	if s.who.linked = s.Kind == "link"; s.who.linked {
		ev.Linking = map[string]any{"status": "linked", "authorization_code": s.Payload}
	} else {
		ev.Linking = map[string]any{"status": "unlinked"}
	}
	e.emitFrom(s.page, s.who, webhook.Linking, ev)
	return nil
}
