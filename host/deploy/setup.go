package deploy

import (
	"context"
	"fmt"
	"strings"

	"github.com/footlight-bots/footlight/host/foyer"
)

// lookSetUp compares what the Page shows with the table [page] of bot.toml.
func lookSetUp(ctx context.Context, r *round) Finding {
	if r.Foyer == nil {
		return skipped("no folder of a bot was named")
	}
	client, err := r.onPage()
	if err != nil {
		return refused(err)
	}
	var names []string
	for _, p := range foyer.Properties() {
		names = append(names, string(p))
	}
	installed, err := client.Foyer(ctx, names)
	if err != nil {
		return refused(err)
	}
	wanted := r.Foyer.Wanted()
	if r.changes = foyer.Compare(wanted, installed, r.Ours); len(r.changes) == 0 {
		r.own(wanted)
		return fine("as bot.toml says: %s", titles(wanted))
	}
	var differ, plan []string
	for _, c := range r.changes {
		differ = append(differ, c.Property.Title())
		plan = append(plan, c.Property.Title())
		for _, line := range c.Lines {
			plan = append(plan, "  "+line)
		}
	}
	f := warning(strings.Join(differ, ", ")+": not as bot.toml says", "People see something else than you wrote.", "Run footlight deploy: it shows the difference, and sets it. Apps may show a change up to a day later.")
	f.Plan = plan
	return f
}

// mendSetUp sets what differs in one call, so that the menu never comes before Get
// Started, and removes what is not wanted any more.
func mendSetUp(ctx context.Context, r *round, _ Guide) error {
	set, gone := map[string]any{}, []string{}
	for _, c := range r.changes {
		if c.Want == nil {
			gone = append(gone, string(c.Property))
		} else {
			set[string(c.Property)] = c.Want
		}
	}
	if len(set) > 0 {
		if err := r.client.SetFoyer(ctx, set); err != nil {
			return err
		}
	}
	if len(gone) > 0 {
		if err := r.client.ClearFoyer(ctx, gone); err != nil {
			return fmt.Errorf("what is not wanted any more: %w", err)
		}
	}
	return nil
}

// own takes what the Page shows for ours from now on.
func (r *round) own(set map[foyer.Property]any) {
	r.Ours = nil
	for _, p := range foyer.Properties() {
		if _, ok := set[p]; ok {
			r.Ours = append(r.Ours, p)
		}
	}
}

// titles names the properties that are set.
func titles(set map[foyer.Property]any) string {
	var names []string
	for _, p := range foyer.Properties() {
		if _, ok := set[p]; ok {
			names = append(names, p.Title())
		}
	}
	return strings.Join(names, ", ")
}
