package deploy

import (
	"context"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/advice"
)

const meansUnsubscribed = "Meta sends the bot nothing of what it is not subscribed to, on both levels: the app's and the Page's."

// absent are the fields of the bot that are not among those there.
func (r *round) absent(there []string) []string {
	wanted := messenger.HostFields()
	if r.Comments != nil && r.Comments() {
		wanted = append(wanted, messenger.FieldFeed)
	}
	return slices.DeleteFunc(wanted, func(f string) bool { return slices.Contains(there, f) })
}

// united are the fields there with those of the bot: who subscribes replaces the list.
func (r *round) united(there []string) []string {
	return append(slices.Clone(there), r.absent(there)...)
}

func lookAppSubscription(ctx context.Context, r *round) Finding {
	registry, err := r.graph()
	if err != nil {
		return refused(err)
	}
	s, err := registry.Subscription(ctx)
	if err != nil {
		return refused(err)
	}
	r.subscribed = s.Callback
	const cure = "Run footlight deploy: it subscribes the app."
	gone := r.absent(s.Fields)
	var f Finding
	switch {
	case s.Callback == "":
		f = broken("the app is subscribed to nothing", meansUnsubscribed, cure)
	case r.Public != "" && s.Callback != r.callback():
		f = broken("Meta sends webhooks to "+s.Callback, "They do not arrive here.", cure)
		f.Plan = []string{"- " + s.Callback}
	case !s.Active:
		f = broken("the subscription is not active", meansUnsubscribed, cure)
	case len(gone) > 0:
		f = warning("not subscribed to "+strings.Join(gone, ", "), meansUnsubscribed, cure)
	default:
		return fine("to %s, %d fields", s.Callback, len(s.Fields))
	}
	if s.Callback == "" || f.Plan != nil {
		f.Plan = append(f.Plan, "+ "+r.callback())
	}
	if len(gone) > 0 {
		f.Plan = append(f.Plan, "+ "+strings.Join(gone, ", "))
	} else if len(f.Plan) == 0 {
		f.Plan = []string{"subscribe again"}
	}
	return f
}

func mendAppSubscription(ctx context.Context, r *round, _ Guide) error {
	s, err := r.registry.Subscription(ctx)
	if err != nil {
		return err
	}
	callback := s.Callback
	if r.Public != "" {
		callback = r.callback()
	}
	return r.registry.Subscribe(ctx, callback, r.VerifyToken, r.united(s.Fields))
}

func lookSubscription(ctx context.Context, r *round) Finding {
	client, err := r.onPage()
	if err != nil {
		return refused(err)
	}
	there, ok, err := client.Subscribed(ctx, r.AppID)
	if err != nil {
		return refused(err)
	}
	gone := r.absent(there)
	const cure = "Run footlight deploy, or footlight serve: both subscribe the app again."
	var f Finding
	switch {
	case !ok:
		f = broken("the app is not subscribed to the Page", meansUnsubscribed+" Meta ends a subscription when a host has not answered for an hour.", cure)
	case slices.Contains(gone, "messages"):
		f = broken("not subscribed to "+strings.Join(gone, ", "), meansUnsubscribed, cure)
	case len(gone) > 0:
		f = warning("not subscribed to "+strings.Join(gone, ", "), meansUnsubscribed, cure)
	default:
		return fine("%d fields", len(there))
	}
	f.Plan = []string{"+ " + strings.Join(gone, ", ")}
	return f
}

func mendSubscription(ctx context.Context, r *round, _ Guide) error {
	there, _, err := r.client.Subscribed(ctx, r.AppID)
	if err != nil {
		return err
	}
	err = r.client.Subscribe(ctx, r.united(there))
	if a, ok := advice.On(err); ok && a.Code == 200 { // the permissions are there: it is the task
		return &advised{roleless("Meta does not let you connect the Page: " + err.Error())}
	}
	return err
}
