package deploy

import (
	"context"
	"slices"
)

// check is one thing to look at.
type check struct {
	id, title string
	needs     []string // what must not be broken before it can be looked at
	look      func(context.Context, *round) Finding
	// mend does what the finding's plan says; nil: only people can.
	mend func(context.Context, *round, Guide) error
}

// The checks by id.
const (
	Credentials     = "credentials"
	VerifyToken     = "verify token"
	Scripts         = "scripts"
	App             = "app"
	Clock           = "clock"
	Version         = "version"
	PageToken       = "token"
	Permissions     = "permissions"
	Page            = "page"
	Callback        = "callback"
	AppSubscription = "app subscription"
	Subscription    = "page subscription"
	SetUp           = "page set-up"
	Personas        = "personas"
	Running         = "host"
	Storage         = "store"
	Pause           = "pause"
	GivenUp         = "given up"
	Talk            = "talk"
)

// checks are all of them. What comes later needs what comes before.
func checks() []check {
	return []check{
		{Credentials, "credentials", nil, lookCredentials, mendCredentials},
		{VerifyToken, "verify token", nil, lookVerifyToken, mendVerifyToken},
		{Scripts, "scripts", nil, lookScripts, nil},
		{App, "app and its secret", []string{Credentials}, lookApp, mendApp},
		{Clock, "clock", []string{App}, lookClock, nil},
		{Version, "Graph version", nil, lookVersion, nil},
		{PageToken, "Page token", []string{App}, lookToken, mendToken},
		{Permissions, "permissions", []string{PageToken}, lookPermissions, mendPermissions},
		{Page, "Page", []string{PageToken}, lookPage, nil},
		{Callback, "callback", []string{Credentials, VerifyToken}, lookCallback, mendCallback},
		{AppSubscription, "app's webhooks", []string{App, Callback}, lookAppSubscription, mendAppSubscription},
		{Subscription, "Page's webhooks", []string{Permissions, Page}, lookSubscription, mendSubscription},
		{SetUp, "what the Page shows", []string{Permissions, Page}, lookSetUp, mendSetUp},
		{Personas, "personas", []string{Permissions, Page}, lookPersonas, mendPersonas},
		{Running, "running host", []string{Callback}, lookRunning, nil},
		{Storage, "store", nil, lookStorage, nil},
		{Pause, "messages go out", []string{PageToken}, lookPause, mendPause},
		{GivenUp, "messages given up", nil, lookGivenUp, nil},
		{Talk, "talking", []string{Permissions, Page}, lookTalk, mendTalk},
	}
}

// see runs a check's look; earlier are the findings of those before it.
func (c check) see(ctx context.Context, r *round, earlier []Finding) Finding {
	var f Finding
	if i := slices.IndexFunc(earlier, func(e Finding) bool {
		return slices.Contains(c.needs, e.Check) && (e.State == Broken || e.State == Skipped || e.State == Planned)
	}); i >= 0 {
		f = skipped("not looked at: it needs %q first", earlier[i].Title)
	} else {
		f = c.look(ctx, r)
	}
	f.Check, f.Title = c.id, c.title
	if c.mend == nil {
		f.Plan = nil
	}
	return f
}

// Examine looks at everything and changes nothing.
func Examine(ctx context.Context, s Site) []Finding {
	r := newRound(s)
	defer r.close()
	var found []Finding
	for _, c := range checks() {
		if ctx.Err() != nil {
			break
		}
		found = append(found, c.see(ctx, r, found))
	}
	return found
}
