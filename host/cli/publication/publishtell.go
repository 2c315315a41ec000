package publication

import (
	"context"
	"fmt"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/release"
)

// tell says what an order puts on stage, and which hosts follow it.
func (p *publisher) tell(ctx context.Context, order release.Order, reports []release.Report) error {
	names, err := p.names(ctx)
	if err != nil {
		return err
	}
	text := "on stage: " + names[order.Stage]
	if order.Canary != "" {
		text += fmt.Sprintf("; for %g%% of the people: %s", order.Percent, names[order.Canary])
	}
	_, _ = fmt.Fprintf(p.env.Out, "%s (order %d)\n", text, order.Number)
	behind := p.hosts(reports, order, names)
	if behind > 0 {
		return shell.Finding(fmt.Sprintf("%s not playing what was ordered", shell.Count(behind, "host")))
	}
	return p.next(ctx, order)
}

// next says what can be done with what an order puts on stage.
func (p *publisher) next(ctx context.Context, order release.Order) error {
	orders, err := p.ledger.Orders(ctx)
	if err != nil {
		return err
	}
	before := earlier(orders, order.Stage)
	switch {
	case order.Canary != "":
		_, _ = fmt.Fprintln(p.env.Out, "next: footlight canary promote gives it to everybody, footlight canary abort to nobody")
	case before != "":
		names, err := p.names(ctx)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(p.env.Out, "next: footlight rollback puts %s on stage again\n", names[before])
	default:
		_, _ = fmt.Fprintln(p.env.Out, "next: footlight versions lists what is published, and how each host stands")
	}
	return nil
}

// names are the versions as people are told of them, by id.
func (p *publisher) names(ctx context.Context) (map[string]string, error) {
	list, err := p.ledger.Versions(ctx)
	names := map[string]string{"": "nothing"}
	for _, v := range list {
		names[v.ID] = fmt.Sprintf("version %d (%s)", v.Number, v.Short())
	}
	return names, err
}

// hosts shows how each host stands, and counts those that are there and do not follow.
func (p *publisher) hosts(reports []release.Report, order release.Order, names map[string]string) (behind int) {
	now := p.clock.Now()
	if len(reports) == 0 {
		_, _ = fmt.Fprintln(p.env.Out, "no host has reported yet: start one with footlight serve, without a folder, and with")
		_, _ = fmt.Fprintf(p.env.Out, "  FOOTLIGHT_PUBLISHERS=%s\n", p.by)
	}
	for _, r := range reports {
		name := names[r.Stage]
		if name == "" {
			name = "version " + release.Version{ID: r.Stage}.Short()
		}
		state := "plays " + name
		switch {
		case !r.Fresh(now):
			state = "gone: last heard of " + shell.Ago(now.Sub(r.At))
		case r.Fault != "":
			behind++
			state += ", not as ordered\n      " + shell.Harmless(r.Fault)
		case r.Order < order.Number:
			behind++
			state += ", has not followed yet"
		case r.Canary != "":
			state += ", and to some " + names[r.Canary]
		}
		_, _ = fmt.Fprintf(p.env.Out, "  %-28s %s\n", shell.Harmless(r.Host), state)
	}
	return behind
}
