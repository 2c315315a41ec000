package deploy

import (
	"context"
	"errors"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/foyer"
	"github.com/footlight-bots/footlight/host/messenger"
)

// ErrNobody is the error of a Guide that has nobody to ask.
var ErrNobody = errors.New("nobody is there to be asked")

// Question is what a walk has to be told.
type Question struct {
	Name   string // as a setting
	What   string // in words
	Where  string // where it is found
	Secret bool   // not to be shown while it is typed
}

// Guide leads a walk: who asks and shows.
type Guide interface {
	// Begin tells of a step, before it is looked at.
	Begin(number, of int, title string)
	// Found tells what came of it.
	Found(f Finding)
	// Consent asks whether what f plans may be done. An error ends the walk.
	Consent(f Finding) (bool, error)
	// Ask asks for something that is missing. An error ends the walk.
	Ask(q Question) (string, error)
	// Keep keeps what was found out, by the name of the setting; ids and addresses are no secrets.
	Keep(secrets map[string]string) error
	// Write shows how to write to the Page, and tells whether to wait for somebody who does.
	Write(link string) (wait bool, err error)
}

// Outcome is how a walk ended.
type Outcome struct {
	Findings []Finding
	Stopped  string // id of the check at which it stopped; empty: it came to its end
	PageID   string
	PageName string
	Ours     []foyer.Property // what the Page shows by our doing
	Said     time.Time        // when the test message was sent
}

// Walk goes through the checks, mends what can be mended, and stops at what cannot. To
// walk again is to go on: every step looks before it acts. With dryRun nothing is
// changed and nobody is asked. An error means that the guide failed or ctx ended.
func Walk(ctx context.Context, s Site, g Guide, dryRun bool) (Outcome, error) {
	r := newRound(s)
	defer r.close()
	var out Outcome
	all := checks()
	for i, c := range all {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		g.Begin(i+1, len(all), c.title)
		f, err := r.step(ctx, c, out.Findings, g, dryRun)
		if err != nil {
			return out, err
		}
		g.Found(f)
		out.Findings = append(out.Findings, f)
		out.PageID, out.PageName, out.Ours, out.Said = r.PageID, r.page.Name, r.Ours, r.Said
		if f.State == Broken && !dryRun {
			out.Stopped = c.id
			return out, nil
		}
	}
	return out, nil
}

// step takes one check to its end.
func (r *round) step(ctx context.Context, c check, earlier []Finding, g Guide, dryRun bool) (Finding, error) {
	f := c.see(ctx, r, earlier)
	if c.id == Talk && r.page.ID != "" && !dryRun {
		var err error
		if f, err = r.await(ctx, c, f, earlier, g); err != nil {
			return f, err
		}
	}
	if f.State == Fine || f.State == Skipped || len(f.Plan) == 0 {
		return f, nil
	}
	if dryRun {
		if !f.asks {
			f.State = Planned
		}
		return f, nil
	}
	switch agreed, err := g.Consent(f); {
	case err != nil:
		return f, err
	case !agreed:
		return f, nil
	}
	switch err := c.mend(ctx, r, g); {
	case ctx.Err() != nil:
		return f, ctx.Err()
	case errors.Is(err, ErrNobody):
		f.Plan = nil
		return f, nil
	case err != nil:
		failed := findingOf(err)
		failed.Check, failed.Title = c.id, c.title
		return failed, nil
	}
	if len(r.secrets) > 0 {
		if err := g.Keep(r.secrets); err != nil {
			return f, err
		}
		clear(r.secrets)
	}
	plan := f.Plan
	switch f = c.see(ctx, r, earlier); f.State {
	case Fine:
		f.State, f.Plan = Changed, plan
	case Broken:
		f.Plan = nil // it was agreed to, and did not help
	}
	return f, nil
}

// Bounds of waiting for somebody to write.
const (
	awaitPause = 3 * time.Second // between two looks
	awaitLimit = 10 * time.Minute
)

// await shows how to write to the Page, waits for somebody who does, and then for the
// bot's answer.
func (r *round) await(ctx context.Context, c check, f Finding, earlier []Finding, g Guide) (Finding, error) {
	before, begun := r.latest, r.Clock.Now()
	wait, err := g.Write(Link(r.page.ID, ""))
	if err != nil || !wait || f.State == Broken && before.PSID == "" {
		return f, err
	}
	for r.Clock.Now().Sub(begun) < awaitLimit {
		if err := clock.Sleep(ctx, r.Clock, awaitPause); err != nil {
			return f, err
		}
		if f = c.see(ctx, r, earlier); r.latest == before && f.Code != developmentMode {
			continue
		}
		if f.State == Broken {
			return f, nil
		}
		said, err := r.client.Said(ctx, r.latest.PSID)
		if err == nil && answered(said, begun) {
			done := fine("the bot has answered %s", r.latest.Name)
			done.Check, done.Title = c.id, c.title
			return done, nil
		}
	}
	if f.State != Broken {
		f = warning("no answer of the bot was seen within "+awaitLimit.String(), "Either nobody wrote, or the bot did not answer.", "Run footlight doctor: it looks for the reason.")
		f.Check, f.Title = c.id, c.title
	}
	return f, nil
}

// answered tells whether the Page has said something after the person did. Times are
// whole seconds, so the order of the list tells.
func answered(newestFirst []messenger.Said, since time.Time) bool {
	for i, m := range newestFirst {
		if m.Page && i+1 < len(newestFirst) && !m.At.Before(since.Truncate(time.Second)) {
			return true
		}
	}
	return false
}
