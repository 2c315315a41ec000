package deployment

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/footlight-bots/footlight/host/app"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/deploy"
	"github.com/footlight-bots/footlight/host/mask"
	"github.com/footlight-bots/footlight/host/person"
	"github.com/footlight-bots/footlight/host/store"
)

// maxAsked is how many people are asked about for messages that were given up.
const maxAsked = 200

// kept asks what a host's store holds, beside a running host.
type kept struct {
	env   shell.Environment
	store string // its address
}

var (
	_ deploy.Host = kept{}
	_ mask.Papers = kept{}
)

// Pause implements deploy.Host.
func (k kept) Pause(ctx context.Context, page string) (reason string, until time.Time, err error) {
	err = k.visit(ctx, func(v *app.Visit) error {
		var list []person.Paused
		if err := v.Do(ctx, person.Command{Verb: person.Pages}, &list); err != nil {
			return err
		}
		for _, p := range list {
			if p.Page == page && (p.Until.IsZero() || p.Until.After(now(k.env))) {
				reason, until = p.Reason, p.Until
			}
		}
		return nil
	})
	return reason, until, err
}

// Resume implements deploy.Host.
func (k kept) Resume(ctx context.Context, page string) error {
	return k.visit(ctx, func(v *app.Visit) error {
		return v.Do(ctx, person.Command{Verb: person.Resume, Page: page}, nil)
	})
}

// Withdraw implements deploy.Host.
func (k kept) Withdraw(ctx context.Context, page string) error {
	return k.visit(ctx, func(v *app.Visit) error {
		return v.Do(ctx, person.Command{Verb: person.Pause, Page: page, Reason: deploy.Withdrawn}, nil)
	})
}

// GivenUp implements deploy.Host.
func (k kept) GivenUp(ctx context.Context, page string) (reasons []string, err error) {
	since := deploy.Recent(now(k.env))
	err = k.visit(ctx, func(v *app.Visit) error {
		for after, asked := "", 0; asked < maxAsked; {
			var some person.People
			if err := v.Do(ctx, person.Command{Verb: person.List, Page: page, After: after}, &some); err != nil {
				return err
			}
			for _, id := range some.People[:min(len(some.People), maxAsked-asked)] {
				var p person.Portrait
				after, asked = id, asked+1
				if err := v.Do(ctx, person.Command{Verb: person.Show, Page: page, Person: id}, &p); errors.Is(err, person.ErrUnknown) {
					continue // forgotten meanwhile
				} else if err != nil {
					return err
				}
				for _, l := range p.Letters {
					if l.At.After(since) {
						reasons = append(reasons, l.Reason)
					}
				}
			}
			if !some.More {
				break
			}
		}
		return nil
	})
	return reasons, err
}

// Paper implements mask.Papers.
func (k kept) Paper(ctx context.Context, name string) (paper store.Paper, err error) {
	err = k.papers(ctx, func(p *app.Papers) (err error) {
		paper, err = p.Paper(ctx, name)
		return err
	})
	return paper, err
}

// SetPaper implements mask.Papers.
func (k kept) SetPaper(ctx context.Context, paper store.Paper) (revision uint64, done bool, err error) {
	err = k.papers(ctx, func(p *app.Papers) (err error) {
		revision, done, err = p.SetPaper(ctx, paper)
		return err
	})
	return revision, done, err
}

// papers runs do with a way to the store's papers. It makes no store where there is none.
func (k kept) papers(ctx context.Context, do func(*app.Papers) error) error {
	if err := k.visit(ctx, func(*app.Visit) error { return nil }); err != nil {
		return err
	}
	p, err := app.OpenPapers(ctx, k.store, shell.NewLogger(k.env, k.env.Err, slog.LevelError))
	if err != nil {
		return err
	}
	return errors.Join(do(p), p.Close())
}

// visit runs do with a way into the store.
func (k kept) visit(ctx context.Context, do func(v *app.Visit) error) error {
	v, err := app.NewVisit(ctx, k.store, k.env.Clock, shell.NewLogger(k.env, k.env.Err, slog.LevelError))
	if err != nil {
		return err
	}
	return errors.Join(do(v), v.Close())
}

// now is the present time.
func now(env shell.Environment) time.Time {
	return timeOf(env).Now()
}

// timeOf is the clock of an environment.
func timeOf(env shell.Environment) clock.Clock {
	if env.Clock != nil {
		return env.Clock
	}
	return clock.Real{}
}
