package app

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/deploy"
	"github.com/footlight-bots/footlight/host/messenger"
)

// page is a Page that the host serves.
type page struct {
	Booking
	app   *metaApp
	play  *play
	rules delivery.Rules
	token token
	watch *deploy.Watch // nil: there is none
}

// metaApp is an app at Meta.
type metaApp struct {
	App
	registry *messenger.Registry // nil without an id
	pages    []*page
}

// program is which Page is whose. It does not change.
type program struct {
	apps  []*metaApp
	pages []*page          // in the order of the settings
	byID  map[string]*page // those that have an id
	plays []*play
}

// of finds a Page by its id. One that is served without an id is every Page.
func (p *program) of(id string) (*page, bool) {
	if found, ok := p.byID[id]; ok {
		return found, true
	}
	if len(p.pages) == 1 && p.pages[0].Page == "" {
		return p.pages[0], true
	}
	return nil, false
}

// app finds an app by its id; who names none means the first.
func (p *program) app(id string) (*metaApp, bool) {
	for _, a := range p.apps {
		if a.ID == id || id == "" {
			return a, true
		}
	}
	return nil, false
}

// serves tells whether an app may tell of a Page.
func (a *metaApp) serves(p *program) func(page string) bool {
	return func(id string) bool {
		found, ok := p.byID[id]
		return ok && found.app == a
	}
}

// openPages builds apps and Pages with what calls Meta for them.
func (h *Host) openPages() error {
	c := h.config
	h.byID = map[string]*page{}
	for _, a := range c.Apps {
		m := &metaApp{App: a}
		h.apps = append(h.apps, m)
		if a.ID == "" {
			continue
		}
		var err error
		if m.registry, err = messenger.NewRegistry(a.ID, messenger.Config{GraphURL: c.GraphURL, Version: c.GraphVersion, AppSecret: a.Secret}); err != nil {
			return err
		}
	}
	for i, b := range c.Bookings {
		a, _ := h.app(b.App)
		p := &page{Booking: b, app: a, play: h.plays[h.booked[i]], rules: h.ruled[i]}
		client, err := messenger.NewClient(messenger.Config{
			GraphURL: c.GraphURL, Version: c.GraphVersion, Page: b.Page, PageToken: b.Token, AppSecret: a.Secret,
		})
		if err != nil {
			return err
		}
		p.token.client.Store(client)
		h.pages, a.pages = append(h.pages, p), append(a.pages, p)
		if b.Page != "" {
			h.byID[b.Page] = p
		}
	}
	return nil
}

// token holds the client of a Page for as long as its token is ours to use.
type token struct {
	client atomic.Pointer[messenger.Client]
}

// forget drops the token from memory.
func (t *token) forget() {
	if c := t.client.Swap(nil); c != nil {
		c.Close()
	}
}

// deauthorised is why a Page is paused whose token was taken back.
const deauthorised = "deauthorised: who connected the Page has removed the app; get a new Page token, set it, and start the host again"

// errNoToken is the error of calls for a Page whose token was forgotten, or that is none of ours.
var errNoToken = errors.New(deauthorised)

// client is the client of a Page for delivery.
func (p *program) client(id string) (delivery.Client, bool) {
	if found, ok := p.of(id); ok {
		if c := found.token.client.Load(); c != nil {
			return c, true
		}
	}
	return nil, false
}

// profile asks who somebody is.
func (p *program) profile(ctx context.Context, id, psid string) (messenger.Profile, error) {
	if found, ok := p.of(id); ok {
		if c := found.token.client.Load(); c != nil {
			return c.Profile(ctx, psid)
		}
	}
	return messenger.Profile{}, errNoToken
}

// extras asks for more of somebody's profile.
func (p *program) extras(ctx context.Context, id, psid string, wanted []messenger.Extra) (map[string]string, error) {
	if found, ok := p.of(id); ok {
		if c := found.token.client.Load(); c != nil {
			return c.Extras(ctx, psid, wanted)
		}
	}
	return nil, errNoToken
}

// wanted are the extras of people's profiles that the bot of a Page reads.
func (p *program) wanted(id string) []messenger.Extra {
	if found, ok := p.of(id); ok {
		return found.play.troupe.extras()
	}
	return nil
}

// rules are how a Page is served.
func (p *program) rules(id string) (delivery.Rules, bool) {
	if found, ok := p.of(id); ok {
		return found.rules, true
	}
	return delivery.Rules{}, false
}

// siblings are the Pages of the same app: its quota is theirs together.
func (p *program) siblings(id string) []string {
	found, ok := p.of(id)
	if !ok || found.Page == "" {
		return []string{id}
	}
	out := make([]string, len(found.app.pages))
	for i, s := range found.app.pages {
		out[i] = s.Page
	}
	return out
}
