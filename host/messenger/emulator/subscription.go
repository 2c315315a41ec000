package emulator

import (
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/refusal"
	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

func (e *Emulator) subscribedGet(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	data := []any{}
	for _, a := range e.state.Apps {
		if fields, ok := c.page.Subscribed[a.ID]; ok {
			data = append(data, map[string]any{
				"category": "Business", "link": "https://www.facebook.com/games/?app_id=" + a.ID,
				"name": a.Name, "id": a.ID, "subscribed_fields": fields,
			})
		}
	}
	return map[string]any{"data": data}, nil
}

func (e *Emulator) subscribedSet(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	fields := c.Fields("subscribed_fields")
	if len(fields) == 0 {
		return nil, refusal.New(100, 0, "The parameter subscribed_fields is required")
	}
	if r := refuseFields("subscribed_fields", fields); r != nil {
		return nil, r
	}
	c.page.Subscribed[c.app.ID] = fields
	e.touch()
	return map[string]any{"success": true}, nil
}

func (e *Emulator) subscribedDelete(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(c.page.Subscribed, c.app.ID)
	e.touch()
	return map[string]any{"success": true}, nil
}

func refuseFields(param string, fields []string) *refusal.Refusal {
	if i := webhook.Unknown(fields); i >= 0 {
		return refusal.New(100, 0, "Param %s[%d] must be one of {%s} - got %q.", param, i, strings.ToUpper(webhook.Known()), fields[i])
	}
	return nil
}

// ownApp checks that the call's token is the app token of the app in the path.
func (e *Emulator) ownApp(c *call) *refusal.Refusal {
	switch {
	case c.Path[0] != c.app.ID:
		return refusal.Missing(c.Path[0])
	case c.token.Kind != state.AppToken:
		return &refusal.Refusal{Code: 15, Text: "This method must be called with an app access_token.", Auth: refusal.InvalidRequest}
	}
	return nil
}

func (e *Emulator) subscriptionsGet(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r := e.ownApp(c); r != nil {
		return nil, r
	}
	data := []any{}
	if c.app.Callback != "" {
		var fields []any
		for _, f := range c.app.Fields {
			fields = append(fields, map[string]any{"name": f, "version": request.Newest()})
		}
		data = append(data, map[string]any{"object": "page", "callback_url": c.app.Callback, "active": true, "fields": fields})
	}
	return map[string]any{"data": data}, nil
}

// subscriptionsSet runs the challenge before anything changes.
func (e *Emulator) subscriptionsSet(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	refused := e.ownApp(c)
	challenge := e.state.Number(10)
	e.mu.Unlock()
	if refused != nil {
		return nil, refused
	}
	if object := c.Get("object"); object != "page" {
		if object != "" {
			c.note = "subscriptions of the object " + object + " are not modelled"
			e.mu.Lock()
			e.unknownLocked(c)
			e.mu.Unlock()
		}
		return nil, refusal.New(100, 0, "Param object must be one of {PAGE}")
	}
	callback, fields := c.Get("callback_url"), c.Fields("fields")
	if !value.URL(callback) {
		return nil, refusal.URL("callback_url")
	}
	if r := refuseFields("fields", fields); r != nil {
		return nil, r
	}
	if fault := e.caller.Challenge(e.ctx, callback, c.Get("verify_token"), challenge); fault != "" {
		return nil, refusal.New(2200, 0, "Callback verification failed with the following errors: %s", fault)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	c.app.Callback, c.app.VerifyToken = callback, c.Get("verify_token")
	if len(fields) > 0 {
		c.app.Fields = fields
	}
	e.wakeAll()
	e.touch()
	return map[string]any{"success": true}, nil
}

func (e *Emulator) subscriptionsDelete(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r := e.ownApp(c); r != nil {
		return nil, r
	}
	gone := c.Fields("fields")
	if len(gone) == 0 {
		c.app.Callback, c.app.Fields = "", []string{}
	}
	c.app.Fields = slices.DeleteFunc(c.app.Fields, func(f string) bool { return slices.Contains(gone, f) })
	e.touch()
	return map[string]any{"success": true}, nil
}
