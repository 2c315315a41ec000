package emulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
	"github.com/footlight-bots/footlight/host/messenger/emulator/webhook"
)

// Measure is something that the people behind a Page, or Meta, do to it.
type Measure struct {
	// Kind: publish, unpublish; restrict (Code 1893063, 368 or 2022; 0 lifts it); password, checkpoint,
	// unconfirmed, logout, remove_app (of User: their tokens die of 460, 459, 464, 467, 458); role (Tasks of User on Page);
	// grant (Scopes of User); development, live; default (App answers idle threads; empty: none does); end_version (Version).
	Kind    string   `json:"kind"`
	Page    string   `json:"page,omitempty"` // empty: the first
	App     string   `json:"app,omitempty"`  // empty: the Page's
	User    string   `json:"user,omitempty"` // empty: the first
	Code    int      `json:"code,omitempty"`
	Tasks   []string `json:"tasks,omitempty"`
	Scopes  []string `json:"scopes,omitempty"`
	Version string   `json:"version,omitempty"`
}

// ground is what a measure is about.
type ground struct {
	Measure
	page *state.Page
	app  *state.App
	user *state.User
}

var measures = map[string]func(*Emulator, *ground) error{
	"publish":     func(_ *Emulator, g *ground) error { g.page.Unpublished = false; return nil },
	"unpublish":   func(_ *Emulator, g *ground) error { g.page.Unpublished = true; return nil },
	"development": func(_ *Emulator, g *ground) error { g.app.Development = true; return nil },
	"live":        func(_ *Emulator, g *ground) error { g.app.Development = false; return nil },
	"restrict": func(_ *Emulator, g *ground) error {
		after := g.page.Page
		after.Restricted = g.Code
		if err := after.Check(); err != nil {
			return err
		}
		g.page.Page = after
		return nil
	},
	"password":    func(e *Emulator, g *ground) error { return e.killAll(g, 460) },
	"checkpoint":  func(e *Emulator, g *ground) error { return e.killAll(g, 459) },
	"unconfirmed": func(e *Emulator, g *ground) error { return e.killAll(g, 464) },
	"logout":      func(e *Emulator, g *ground) error { return e.killAll(g, 467) },
	"remove_app":  (*Emulator).removeApp,
	"role":        func(e *Emulator, g *ground) error { e.state.SetTasks(g.user, g.page, g.Tasks); return nil },
	"grant":       func(_ *Emulator, g *ground) error { g.user.Scopes = slices.Clone(g.Scopes); return nil },
	"default":     (*Emulator).changeDefault,
	"end_version": func(e *Emulator, g *ground) error {
		if !request.Known(g.Version) || g.Version == request.Newest() {
			return fmt.Errorf("version %q: want one of Graph's that is not the newest, such as %s", g.Version, request.Oldest(e.clock.Now()))
		}
		e.ended[g.Version] = true
		return nil
	},
}

// Take does a measure. The error says why it cannot be done.
func (e *Emulator) Take(m Measure) error {
	do, ok := measures[m.Kind]
	if !ok {
		return fmt.Errorf("measure %q: want one of %s", m.Kind, strings.Join(slices.Sorted(maps.Keys(measures)), ", "))
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	g := &ground{Measure: m, page: e.state.Pages[0]}
	if m.Page != "" {
		g.page = e.state.Page(m.Page)
	}
	if g.page == nil {
		return fmt.Errorf("measure %q: page %q: not known to the emulator", m.Kind, m.Page)
	}
	g.app = e.state.App(g.page.App)
	if m.App != "" {
		g.app = e.state.App(m.App)
	}
	if g.app == nil {
		return fmt.Errorf("measure %q: app %q: not known to the emulator", m.Kind, m.App)
	}
	var err error
	if g.user, err = e.state.User(m.User); err == nil {
		err = do(e, g)
	}
	if err != nil {
		return fmt.Errorf("measure %q: %w", m.Kind, err)
	}
	e.wakeAll()
	e.touch()
	return nil
}

// killAll lets the user's tokens die of a cause, and the Page tokens made with them.
func (e *Emulator) killAll(g *ground, cause int) error {
	if g.user.System {
		return fmt.Errorf("user %s: a system user has no password and does not sign in", g.user.ID)
	}
	e.state.Kill(cause, func(t *state.Token) bool { return t.User == g.user })
	return nil
}

// removeApp takes an app from the user's account: its tokens die, and it leaves the Page.
func (e *Emulator) removeApp(g *ground) error {
	e.state.Kill(458, func(t *state.Token) bool { return t.User == g.user && t.App == g.app })
	delete(g.page.Subscribed, g.app.ID)
	return nil
}

// changeDefault makes another app answer idle threads, and tells the apps.
func (e *Emulator) changeDefault(g *ground) error {
	g.page.NoDefault = g.App == ""
	g.page.Default = g.App
	roles := map[string]any{}
	for _, a := range e.state.Apps {
		if _, ok := g.page.Subscribed[a.ID]; ok {
			roles[a.ID] = []string{map[bool]string{true: "primary_receiver", false: "secondary_receiver"}[a.ID == g.page.DefaultApp()]}
		}
	}
	e.emit(g.page, webhook.Handovers, webhook.Event{
		Recipient: &webhook.Party{ID: g.page.ID}, Timestamp: e.clock.Now().UnixMilli(), AppRoles: roles,
	}, toAll)
	return nil
}
