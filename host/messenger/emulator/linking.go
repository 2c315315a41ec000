package emulator

import (
	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// linkedPerson is GET /me?fields=recipient&account_linking_token=…
func (e *Emulator) linkedPerson(c *call) (any, *refusal.Refusal) {
	person, ok := c.page.Linking(c.Get("account_linking_token"), e.clock.Now())
	if !ok {
		return nil, refusal.New(10303, 0, "%s", refusal.Text(10303, 0))
	}
	return map[string]any{"id": c.page.ID, "recipient": person}, nil
}

// unlinkAccounts is POST /{page}/unlink_accounts.
func (e *Emulator) unlinkAccounts(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	who := e.state.Person(c.Get("psid"))
	if who == nil || who.Page != c.page.ID {
		return nil, refusal.New(100, refusal.UnknownPerson, "No matching user found")
	}
	if who.Linked {
		who.Linked = false
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
	if s.who.Linked = s.Kind == "link"; s.who.Linked {
		ev.Linking = map[string]any{"status": "linked", "authorization_code": s.Payload}
	} else {
		ev.Linking = map[string]any{"status": "unlinked"}
	}
	e.emitFrom(s.page, s.who, webhook.Linking, ev)
	return nil
}
