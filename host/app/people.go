package app

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/person"
	"github.com/footlight-bots/footlight/host/server"
	"github.com/footlight-bots/footlight/host/store"
)

// deauthorised is why a Page is paused whose token was taken back.
const deauthorised = "deauthorised: who connected the Page has removed the app; get a new Page token, set it, and start the host again"

// errNoToken is the error of calls for a Page whose token was forgotten.
var errNoToken = errors.New(deauthorised)

// token holds the client of the Page for as long as its token is ours to use.
type token struct {
	client atomic.Pointer[messenger.Client]
}

// find is the client for delivery.
func (t *token) find(string) (delivery.Client, bool) {
	if c := t.client.Load(); c != nil {
		return c, true
	}
	return nil, false
}

// profile asks who somebody is.
func (t *token) profile(ctx context.Context, _, psid string) (messenger.Profile, error) {
	if c := t.client.Load(); c != nil {
		return c.Profile(ctx, psid)
	}
	return messenger.Profile{}, errNoToken
}

// forget drops the token from memory.
func (t *token) forget() {
	if c := t.client.Swap(nil); c != nil {
		c.Close()
	}
}

// openPeople builds what looks after people.
func (h *Host) openPeople() (err error) {
	c := h.config
	h.desk = person.New(person.Config{
		Store: h.store, Clock: c.Clock, Log: c.Log,
		Forget: func(k store.Key) { h.profiles.Forget(k.Page, k.Person) },
	})
	if c.Page.AppID != "" {
		h.registry, err = messenger.NewRegistry(c.Page.AppID, messenger.Config{
			GraphURL: c.GraphURL, Version: c.GraphVersion, AppSecret: c.Page.AppSecret,
		})
		if err != nil {
			return err
		}
	}
	h.keeper, err = person.NewKeeper(person.KeeperConfig{Desk: h.desk, Keep: h.tuning.keep, Find: h.accounts})
	return err
}

// accounts finds the conversations of a user of the app. What will be refused for ever
// wraps person.ErrNobody.
func (h *Host) accounts(ctx context.Context, user string) ([]store.Key, error) {
	if h.registry == nil {
		return nil, fmt.Errorf("%w: FOOTLIGHT_APP_ID is not set, so it cannot be asked", person.ErrNobody)
	}
	list, err := h.registry.Accounts(ctx, user)
	if err != nil {
		if class := messenger.Judge(err).Class; class != messenger.ClassTransient && class != messenger.ClassAmbiguous && class != messenger.ClassRate {
			err = fmt.Errorf("%w: %w", person.ErrNobody, err)
		}
		return nil, err
	}
	keys := make([]store.Key, len(list))
	for i, a := range list {
		keys[i] = store.Key{Page: a.Page, Person: a.PSID}
		if err := keys[i].Check(); err != nil {
			return nil, fmt.Errorf("%w: %w", person.ErrNobody, err)
		}
	}
	return keys, nil
}

// people hands the callbacks of the platform to whom they concern.
type people struct{ *Host }

var _ server.People = people{}

// Forget implements server.People.
func (p people) Forget(ctx context.Context, code, user string) error {
	if err := p.desk.Ask(ctx, code, user); err != nil {
		return err
	}
	p.keeper.Wake()
	return nil
}

// Progress implements server.People.
func (p people) Progress(ctx context.Context, code string) (sentence string, ok bool, err error) {
	r, err := p.desk.Request(ctx, code)
	switch {
	case errors.Is(err, person.ErrNoRequest):
		return "", false, nil
	case err != nil:
		return "", false, err
	case r.State == person.Done:
		return "Your data were deleted on " + r.Closed.UTC().Format("2 January 2006") + ". Nothing is left but this note.", true, nil
	case r.State == person.Review:
		return "Your request was received on " + r.At.UTC().Format("2 January 2006") + ". Somebody is looking after it.", true, nil
	default:
		return "Your request was received on " + r.At.UTC().Format("2 January 2006") + ". Your data are about to be deleted.", true, nil
	}
}

// Leave implements server.People (rule 18 of messenger.md section 9). Meta tells of every
// user who removes the app, and anybody may be one; so the platform is asked whose
// token ours is. In doubt it is theirs: to be silent can be mended, to speak for somebody who
// has forbidden it cannot.
func (p people) Leave(ctx context.Context, user string) error {
	log := p.config.Log.With("page", p.config.Page.ID)
	if p.registry != nil {
		owner, err := p.registry.TokenOwner(ctx, p.config.Page.PageToken)
		if err == nil && owner != "" && owner != user {
			log.InfoContext(ctx, "a user has removed the app; our token is of somebody else and stays")
			return nil
		}
	}
	p.token.forget()
	log.ErrorContext(ctx, "the Page's token was taken back and is forgotten; its messages are kept", "why", deauthorised)
	if p.config.Page.ID == "" {
		return nil // without a token nothing is sent; there is no Page to name in the store
	}
	return p.desk.Pause(ctx, p.config.Page.ID, 0, deauthorised)
}

// pageState tells whether anything is sent, and if not, why. It is no reason to be given no
// more webhooks: what comes meanwhile is kept.
func (h *Host) pageState(ctx context.Context) (string, error) {
	if h.token.client.Load() == nil {
		return "sends nothing, messages are kept: " + deauthorised, nil
	}
	list, err := h.desk.Paused(ctx)
	if err != nil {
		return "", err
	}
	now := h.config.Clock.Now()
	for _, p := range list {
		if p.Until.IsZero() || p.Until.After(now) {
			return "page " + p.Page + " is paused, messages are kept: " + p.Reason, nil
		}
	}
	return "sends", nil
}
