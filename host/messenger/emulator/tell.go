package emulator

import (
	"context"
	"fmt"

	"github.com/footlight-bots/footlight/host/messenger/emulator/callback"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// Telling is a signed request to a host about a person or a user (messenger.md §7).
type Telling struct {
	Kind string `json:"kind"`          // deletion or deauthorize
	App  string `json:"app,omitempty"` // empty: the first
	// User is the person or user whom it is about, by any id; what is sent is their app-scoped id.
	User  string `json:"user"`
	URL   string `json:"url,omitempty"`   // empty: that of the app
	Wrong string `json:"wrong,omitempty"` // how the request is spoilt: secret, flipped, algorithm, expired, undotted, garbled, json, missing; empty: it is right
}

// Told is what the host answered.
type Told struct {
	User   string `json:"user"` // the app-scoped id that was sent
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// Tell makes a signed request, as Meta does when someone asks for their data to be
// deleted or removes an app.
func (e *Emulator) Tell(ctx context.Context, t Telling) (Told, error) {
	e.mu.Lock()
	a := e.state.Apps[0]
	if t.App != "" {
		a = e.state.App(t.App)
	}
	account := e.state.Account(t.User)
	e.mu.Unlock()
	if a == nil {
		return Told{}, fmt.Errorf("tell: app %q: not known to the emulator", t.App)
	}
	address, ok := map[string]string{"deletion": a.DeletionURL, "deauthorize": a.DeauthorizeURL}[t.Kind]
	if !ok {
		return Told{}, fmt.Errorf("tell: kind %q: want deletion or deauthorize", t.Kind)
	}
	if t.URL != "" {
		address = t.URL
	}
	if !value.URL(address) {
		return Told{}, fmt.Errorf("tell: url %q: want an absolute http or https URL, here or in the app", address)
	}
	told := Told{User: state.AppScoped(a.ID, account)}
	signed, err := callback.Sign(a.Secret, told.User, t.Wrong, e.clock.Now())
	if err != nil {
		return Told{}, fmt.Errorf("tell: %w", err)
	}
	got, err := e.caller.Tell(ctx, address, signed)
	if err != nil {
		return Told{}, fmt.Errorf("tell %s: %w", t.Kind, err)
	}
	told.Status, told.Body = got.Status, string(got.Body)
	return told, nil
}
