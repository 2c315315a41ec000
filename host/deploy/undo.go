package deploy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/footlight-bots/footlight/host/foyer"
)

// Undo takes a bot off its Page: what the Page shows by our doing, and the app's
// subscription to it; with everywhere also the app's webhooks, which all its Pages share.
// It stops at the first refusal. What is gone already counts as done.
func Undo(ctx context.Context, s Site, g Guide, everywhere, dryRun bool) ([]Finding, error) {
	r := newRound(s)
	defer r.close()
	steps := []check{
		{SetUp, "what the Page shows", nil, lookOurs, dropOurs},
		{Subscription, "Page's webhooks", nil, lookSubscribed, withdraw},
	}
	if s.Masks != nil {
		steps = append(steps, check{Personas, "personas", nil, lookWorn, mendPersonas})
	}
	if everywhere {
		steps = append(steps, check{AppSubscription, "app's webhooks", nil, lookAppSubscribed, func(ctx context.Context, r *round, _ Guide) error { return r.registry.Unsubscribe(ctx) }})
	}
	var found []Finding
	for i, c := range steps {
		g.Begin(i+1, len(steps), c.title)
		f, err := r.step(ctx, c, nil, g, dryRun)
		if err != nil {
			return found, err
		}
		g.Found(f)
		found = append(found, f)
		if f.State == Broken {
			return found, nil
		}
	}
	return found, nil
}

// standing is a finding of something that is to go.
func standing(found string, plan ...string) Finding {
	f := warning(found, "", "")
	f.Plan = plan
	return f
}

func lookOurs(ctx context.Context, r *round) Finding {
	client, err := r.onPage()
	if err != nil {
		return refused(err)
	}
	var names []string
	for _, p := range r.Ours {
		names = append(names, string(p))
	}
	if len(names) == 0 {
		return fine("nothing that was set by footlight deploy")
	}
	installed, err := client.Foyer(ctx, names)
	if err != nil {
		return refused(err)
	}
	r.changes = foyer.Compare(nil, installed, r.Ours)
	if len(r.changes) == 0 {
		return fine("nothing that was set by footlight deploy")
	}
	var plan []string
	for _, c := range r.changes {
		plan = append(plan, c.Property.Title())
		for _, line := range c.Lines {
			plan = append(plan, "  "+line)
		}
	}
	return standing(fmt.Sprintf("%d things that footlight deploy has set", len(r.changes)), plan...)
}

func dropOurs(ctx context.Context, r *round, _ Guide) error {
	var names []string
	for _, c := range r.changes {
		names = append(names, string(c.Property))
	}
	return r.client.ClearFoyer(ctx, names)
}

func lookSubscribed(ctx context.Context, r *round) Finding {
	client, err := r.onPage()
	if err != nil {
		return refused(err)
	}
	switch _, ok, err := client.Subscribed(ctx, r.AppID); {
	case err != nil:
		return refused(err)
	case ok:
		return standing("the app is subscribed to the Page", "end the app's subscription to the Page: the bot hears nothing any more")
	}
	return fine("the app is not subscribed to the Page")
}

// withdraw ends the subscription. A host that still runs would restore it, so it is told
// first; where there is no host's store there is no host. That it could not be told keeps nothing from being
// taken away, but does not go unsaid.
func withdraw(ctx context.Context, r *round, _ Guide) error {
	var untold error
	if r.Host != nil {
		untold = r.Host.Withdraw(ctx, r.PageID)
	}
	switch err := r.client.Unsubscribe(ctx); {
	case err != nil:
		return err
	case untold != nil && !errors.Is(untold, fs.ErrNotExist):
		return &advised{broken("the host was not told: "+untold.Error(), "The subscription is gone. A host that still runs brings it back within minutes.",
			"If one runs, stop it, or see that its store can be reached. Then run this again: it goes on.")}
	}
	return nil
}

func lookAppSubscribed(ctx context.Context, r *round) Finding {
	registry, err := r.graph()
	if err != nil {
		return refused(err)
	}
	switch s, err := registry.Subscription(ctx); {
	case err != nil:
		return refused(err)
	case s.Callback != "":
		return standing("Meta sends webhooks to "+s.Callback, "end it, for every Page of the app")
	}
	return fine("Meta sends webhooks nowhere")
}
