// Package measure is what the people behind a Page, or Meta, do to it: publish, restrict, change
// roles and passwords, end a version of Graph.
//
// It changes the state and sends nothing: what apps are to hear, and what is no part of the state,
// it hands back. No API of the host is promised.
package measure

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/request"
	"github.com/footlight-bots/footlight/host/messenger/emulator/state"
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

// Outcome is what a measure leaves to its owner.
type Outcome struct {
	Page    *state.Page         // which it was about
	Roles   map[string][]string // of the apps on the Page, of which they are to hear; nil: of nothing
	Version string              // of Graph, which has ended; empty: none has
}

// ground is what a measure is about.
type ground struct {
	Measure
	out  Outcome
	all  *state.State
	app  *state.App
	user *state.User
	now  time.Time
}

var measures = map[string]func(*ground) error{
	"publish":     func(g *ground) error { g.out.Page.Unpublished = false; return nil },
	"unpublish":   func(g *ground) error { g.out.Page.Unpublished = true; return nil },
	"development": func(g *ground) error { g.app.Development = true; return nil },
	"live":        func(g *ground) error { g.app.Development = false; return nil },
	"restrict": func(g *ground) error {
		after := g.out.Page.Page
		after.Restricted = g.Code
		if err := after.Check(); err != nil {
			return err
		}
		g.out.Page.Page = after
		return nil
	},
	"password":    func(g *ground) error { return g.killAll(460) },
	"checkpoint":  func(g *ground) error { return g.killAll(459) },
	"unconfirmed": func(g *ground) error { return g.killAll(464) },
	"logout":      func(g *ground) error { return g.killAll(467) },
	"remove_app":  (*ground).removeApp,
	"role":        func(g *ground) error { g.all.SetTasks(g.user, g.out.Page, g.Tasks); return nil },
	"grant":       func(g *ground) error { g.user.Scopes = slices.Clone(g.Scopes); return nil },
	"default":     (*ground).changeDefault,
	"end_version": func(g *ground) error {
		if !request.Known(g.Version) || g.Version == request.Newest() {
			return fmt.Errorf("version %q: want one of Graph's that is not the newest, such as %s", g.Version, request.Oldest(g.now))
		}
		g.out.Version = g.Version
		return nil
	},
}

// Take does the measure to a state. The error says why it cannot be done.
func (m Measure) Take(all *state.State, now time.Time) (Outcome, error) {
	do, ok := measures[m.Kind]
	if !ok {
		return Outcome{}, fmt.Errorf("measure %q: want one of %s", m.Kind, strings.Join(slices.Sorted(maps.Keys(measures)), ", "))
	}
	g := &ground{Measure: m, out: Outcome{Page: all.Pages[0]}, all: all, now: now}
	if m.Page != "" {
		g.out.Page = all.Page(m.Page)
	}
	if g.out.Page == nil {
		return Outcome{}, fmt.Errorf("measure %q: page %q: not known to the emulator", m.Kind, m.Page)
	}
	g.app = all.App(g.out.Page.App)
	if m.App != "" {
		g.app = all.App(m.App)
	}
	if g.app == nil {
		return Outcome{}, fmt.Errorf("measure %q: app %q: not known to the emulator", m.Kind, m.App)
	}
	var err error
	if g.user, err = all.User(m.User); err == nil {
		err = do(g)
	}
	if err != nil {
		return Outcome{}, fmt.Errorf("measure %q: %w", m.Kind, err)
	}
	return g.out, nil
}

// killAll lets the user's tokens die of a cause, and the Page tokens made with them.
func (g *ground) killAll(cause int) error {
	if g.user.System {
		return fmt.Errorf("user %s: a system user has no password and does not sign in", g.user.ID)
	}
	g.all.Kill(cause, func(t *state.Token) bool { return t.User == g.user })
	return nil
}

// removeApp takes an app from the user's account: its tokens die, and it leaves the Page.
func (g *ground) removeApp() error {
	g.all.Kill(458, func(t *state.Token) bool { return t.User == g.user && t.App == g.app })
	delete(g.out.Page.Subscribed, g.app.ID)
	return nil
}

// changeDefault makes another app answer idle threads, of which the apps are to hear.
func (g *ground) changeDefault() error {
	p := g.out.Page
	p.NoDefault, p.Default = g.App == "", g.App
	g.out.Roles = map[string][]string{}
	for _, a := range g.all.Apps {
		if _, ok := p.Subscribed[a.ID]; ok {
			g.out.Roles[a.ID] = []string{map[bool]string{true: "primary_receiver", false: "secondary_receiver"}[a.ID == p.DefaultApp()]}
		}
	}
	return nil
}
