package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/person"
	"github.com/footlight-bots/footlight/host/server"
	"github.com/footlight-bots/footlight/host/store"
)

// openPeople builds what looks after people.
func (h *Host) openPeople() (err error) {
	c := h.config
	h.desk = person.New(person.Config{
		Store: h.store, Clock: c.Clock, Log: c.Log,
		Forget: func(k store.Key) { h.profiles.Forget(k.Page, k.Person) },
	})
	h.keeper, err = person.NewKeeper(person.KeeperConfig{Desk: h.desk, Keep: h.tuning.keep, Find: h.accounts})
	return err
}

// accounts finds the conversations of a user of an app on Pages that we serve. What will be
// refused for ever wraps person.ErrNobody.
func (h *Host) accounts(ctx context.Context, user person.User) ([]store.Key, error) {
	a, ok := h.app(user.App)
	if !ok {
		return nil, fmt.Errorf("%w: app %s is no longer among the settings, so it cannot be asked", person.ErrNobody, user.App)
	}
	if a.registry == nil {
		return nil, fmt.Errorf("%w: FOOTLIGHT_APP_ID is not set, so it cannot be asked", person.ErrNobody)
	}
	list, err := a.registry.Accounts(ctx, user.ID)
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
func (p people) Forget(ctx context.Context, code, app, user string) error {
	if err := p.desk.Ask(ctx, code, person.User{App: app, ID: user}); err != nil {
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
// token each of ours is. In doubt it is theirs: to be silent can be mended, to speak for somebody
// who has forbidden it cannot.
func (p people) Leave(ctx context.Context, app, user string) error {
	a, ok := p.app(app)
	if !ok {
		return fmt.Errorf("app %s is not served", app)
	}
	var errs []error
	for _, page := range a.pages {
		errs = append(errs, p.revoked(ctx, page, user))
	}
	return errors.Join(errs...)
}

// revoked forgets the token of a Page when it is, or may be, of a user who has removed the app.
func (p people) revoked(ctx context.Context, page *page, user string) error {
	log := p.config.Log.With("page", page.Page)
	if registry := page.app.registry; registry != nil {
		owner, err := registry.TokenOwner(ctx, page.Token)
		if err == nil && owner != "" && owner != user {
			log.InfoContext(ctx, "a user has removed the app; our token is of somebody else and stays")
			return nil
		}
	}
	page.token.forget()
	log.ErrorContext(ctx, "the Page's token was taken back and is forgotten; its messages are kept", "why", deauthorised)
	if page.Page == "" {
		return nil // without a token nothing is sent; there is no Page to name in the store
	}
	return p.desk.Pause(ctx, page.Page, 0, deauthorised)
}

// pageState tells whether anything is sent, and if not, why. It is no reason to be given no
// more webhooks: what comes meanwhile is kept.
func (h *Host) pageState(ctx context.Context) (string, error) {
	list, err := h.desk.Paused(ctx)
	if err != nil {
		return "", err
	}
	now := h.config.Clock.Now()
	reasons := map[string]string{}
	for _, p := range list {
		if p.Until.IsZero() || p.Until.After(now) {
			reasons[p.Page] = "page " + p.Page + " is paused, messages are kept: " + p.Reason
		}
	}
	var care []string
	for _, p := range h.pages {
		switch {
		case p.token.client.Load() == nil:
			care = append(care, strings.TrimSpace(p.Page+" sends nothing, messages are kept: "+deauthorised))
		case p.Page == "":
			care = slices.AppendSeq(care, maps.Values(reasons))
		case reasons[p.Page] != "":
			care = append(care, reasons[p.Page])
		}
	}
	if len(h.pages) == 1 && len(care) > 0 {
		return care[0], nil
	}
	if len(h.pages) == 1 || len(care) == 0 {
		return "sends", nil
	}
	return summary(fmt.Sprintf("%d of %d Pages send", len(h.pages)-len(care), len(h.pages)), care), nil
}
