package app

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"sync/atomic"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/turn"
)

// troupe plays the versions of a bot: the one on stage, and a canary for a share of the people.
// A person gets the same of the two on every host, for as long as the order stands.
type troupe struct {
	stage  *bot.Bot
	spare  func() *bot.Bot // another bot like it, for a canary
	canary atomic.Pointer[canary]
}

// canary is a version that some people get.
type canary struct {
	bot     *bot.Bot
	version string
	percent float64
}

var _ release.Player = (*troupe)(nil)

// turn takes a turn on the version that the person gets.
func (t *troupe) turn(ctx context.Context, in turn.Input) (turn.Result, error) {
	if c := t.canary.Load(); c != nil && release.Takes(c.version, c.percent, in.Person.PageID, in.Person.ID) {
		result, err := c.bot.Turn(ctx, in)
		if !errors.Is(err, bot.ErrWaiting) { // it was dismissed at this moment
			return result, err
		}
	}
	return t.stage.Turn(ctx, in)
}

// played are the versions on stage.
func (t *troupe) played() []*bot.Generation {
	var out []*bot.Generation
	if g := t.stage.Status().Generation; g != nil {
		out = append(out, g)
	}
	if c := t.canary.Load(); c != nil {
		if g := c.bot.Status().Generation; g != nil {
			out = append(out, g)
		}
	}
	return out
}

// awaitsComments tells whether any version that is played answers what people write in public.
func (t *troupe) awaitsComments() bool {
	return slices.ContainsFunc(t.played(), func(g *bot.Generation) bool { return turn.AwaitsComments(g.Program) })
}

// extras are the extras of people's profiles that any version that is played can read. What no
// script has a word for is not asked for: it is personal, and each question counts.
func (t *troupe) extras() []messenger.Extra {
	played := t.played()
	return slices.DeleteFunc(messenger.Extras(), func(x messenger.Extra) bool {
		return !slices.ContainsFunc(played, func(g *bot.Generation) bool { return g.Mentions(x.Variable()) })
	})
}

// Stage implements release.Player.
func (t *troupe) Stage(ctx context.Context, _ string, dir fs.FS) error {
	_, err := t.stage.Load(ctx, dir)
	return err
}

// Canary implements release.Player.
func (t *troupe) Canary(ctx context.Context, version string, dir fs.FS, percent float64) error {
	next := &canary{version: version, percent: percent}
	before := t.canary.Load()
	if before != nil {
		next.bot = before.bot
	} else {
		next.bot = t.spare()
	}
	if _, err := next.bot.Load(ctx, dir); err != nil {
		if before == nil {
			err = errors.Join(err, next.bot.Close(ctx))
		}
		return err
	}
	t.canary.Store(next)
	return nil
}

// Dismiss implements release.Player.
func (t *troupe) Dismiss(ctx context.Context) error {
	if c := t.canary.Swap(nil); c != nil {
		return c.bot.Close(ctx)
	}
	return nil
}

// rest takes all versions out of service until the next is staged.
func (t *troupe) rest(ctx context.Context) error {
	return errors.Join(t.Dismiss(ctx), t.stage.Rest(ctx))
}

// close takes all versions out of service.
func (t *troupe) close(ctx context.Context) error {
	return errors.Join(t.Dismiss(ctx), t.stage.Close(ctx))
}
