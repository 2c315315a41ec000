package deployment

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/console"
	"github.com/footlight-bots/footlight/host/deploy"
)

// usher leads a walk through the console: what it asks is shown there, and it waits for
// the answer as long as the walk may last.
type usher struct {
	*Producer
	ctx   context.Context // of the walk
	vault shell.Vault
}

var _ deploy.Guide = (*usher)(nil)

// Begin implements deploy.Guide.
func (g *usher) Begin(number, _ int, _ string) {
	g.change(func(w *console.Walk) { w.Now = w.Steps[number-1].ID })
}

// Found implements deploy.Guide.
func (g *usher) Found(f deploy.Finding) {
	g.change(func(w *console.Walk) {
		w.Findings, w.Now, w.Stand = append(w.Findings, f), "", console.Walking
	})
}

// Consent implements deploy.Guide.
func (g *usher) Consent(f deploy.Finding) (bool, error) {
	g.mu.Lock()
	all := g.all
	g.mu.Unlock()
	if all {
		return true, nil
	}
	a, err := g.wonder(console.Ask{Kind: console.Consent, Found: f.Found, Plan: f.Plan})
	return a.Agree, err
}

// Ask implements deploy.Guide.
func (g *usher) Ask(q deploy.Question) (string, error) {
	a, err := g.wonder(console.Ask{Kind: console.Detail, Name: q.Name, What: q.What, Where: q.Where, Secret: q.Secret})
	return a.Text, err
}

// Write implements deploy.Guide.
func (g *usher) Write(link string) (bool, error) {
	g.change(func(w *console.Walk) { w.Link = link })
	a, err := g.wonder(console.Ask{Kind: console.Wait})
	if err == nil && a.Agree {
		g.change(func(w *console.Walk) { w.Stand = console.Waiting })
	}
	return a.Agree, err
}

// wonder asks, and waits for the answer.
func (g *usher) wonder(ask console.Ask) (console.Answer, error) {
	ask.ID = rand.Text()
	g.change(func(w *console.Walk) {
		ask.Check = w.Now
		w.Ask, w.Stand = &ask, console.Asking
	})
	select {
	case a := <-g.answers:
		return a, nil
	case <-g.ctx.Done():
	}
	g.change(func(w *console.Walk) { w.Ask = nil })
	select {
	case <-g.answers: // it came too late, and is no answer to the next walk
	default:
	}
	return console.Answer{}, g.ctx.Err()
}

// Keep implements deploy.Guide. A host that was started here knows none of it, so it is
// stopped: the walk starts it again.
func (g *usher) Keep(values map[string]string) error {
	shadowed, err := g.vault.Keep(values)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	for _, name := range shadowed {
		g.change(func(w *console.Walk) {
			w.Cautions = append(w.Cautions, name+" in the environment holds another value, and wins over what is kept now: take it out of the environment before you start the host.")
		})
	}
	g.mu.Lock()
	for name, wished := range map[string]*string{deploy.NamePublicURL: &g.wished.Public, deploy.NameAppID: &g.wished.App, deploy.NamePageID: &g.wished.Page} {
		if values[name] != "" {
			*wished = "" // it is a setting now
		}
	}
	g.mu.Unlock()
	for name := range values {
		if name != deploy.NamePublicURL && name != deploy.NameAppID {
			return g.Dismiss()
		}
	}
	return nil
}
