package emulator

import (
	"context"
	"fmt"
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
	if webhook.OfMessages(fields) {
		if r := c.token.Permit(messaging, ""); r != nil {
			return nil, r
		}
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
			version := c.app.Versions[f]
			if version == "" {
				version = request.Newest()
			}
			fields = append(fields, map[string]any{"name": f, "version": version})
		}
		data = append(data, map[string]any{"object": "page", "callback_url": c.app.Callback, "active": true, "fields": fields})
	}
	return map[string]any{"data": data}, nil
}

// subscriptionsSet is POST /{app}/subscriptions.
func (e *Emulator) subscriptionsSet(c *call) (any, *refusal.Refusal) {
	e.mu.Lock()
	refused := e.ownApp(c)
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
	if fault := e.configure(e.ctx, c.app, callback, c.Get("verify_token"), fields, c.runs); fault != "" {
		return nil, refusal.New(2200, 0, "Callback verification failed with the following errors: %s", fault)
	}
	return map[string]any{"success": true}, nil
}

// configure points an app's webhooks at a callback that passes the challenge, and subscribes it to
// fields where there are some. Nothing changes before the challenge, whose fault it returns.
func (e *Emulator) configure(ctx context.Context, a *state.App, callback, verifyToken string, fields []string, version string) (fault string) {
	e.mu.Lock()
	challenge := e.state.Number(challengeDigits)
	e.mu.Unlock()
	if fault := e.caller.Challenge(ctx, callback, verifyToken, challenge); fault != "" {
		return fault
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	a.Callback, a.VerifyToken = callback, verifyToken
	if len(fields) > 0 {
		a.Fields = fields
		clear(a.Versions)
		for _, f := range fields {
			a.Versions[f] = version
		}
	}
	e.wakeAll()
	e.touch()
	return ""
}

// challengeDigits is the length of a challenge.
const challengeDigits = 10

// Configure does what the dashboard of an app does: it asks the callback for the challenge, and
// subscribes the app to the fields, or leaves them as they are where none is named. An empty app
// means the first. The error says what is wrong, in the words of the dashboard.
func (e *Emulator) Configure(ctx context.Context, appID, callback, verifyToken string, fields []string) error {
	e.mu.Lock()
	a := e.state.Apps[0]
	if appID != "" {
		a = e.state.App(appID)
	}
	e.mu.Unlock()
	switch {
	case a == nil:
		return fmt.Errorf("configure: app %q: not known to the emulator", appID)
	case !value.URL(callback):
		return fmt.Errorf("configure: callback %q: want an absolute http or https URL", callback)
	}
	if err := webhook.CheckFields(fields); err != nil {
		return fmt.Errorf("configure: %w", err)
	}
	if fault := e.configure(ctx, a, callback, verifyToken, fields, request.Newest()); fault != "" {
		return fmt.Errorf("configure: %s", fault)
	}
	return nil
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
