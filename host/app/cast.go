package app

import (
	"context"
	"errors"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/foyer"
	"github.com/footlight-bots/footlight/host/turn"
)

// cast finds the bot of a Page. There is one bot; it answers for one Page, or for
// every Page that the app's webhooks tell of when none is named.
type cast struct {
	page   string
	troupe *troupe
	show   bool // error texts are shown
}

var (
	_ delivery.Bots = cast{}
	_ delivery.Bot  = role{}
)

// Bot implements delivery.Bots.
func (c cast) Bot(page string) (delivery.Bot, bool) {
	if c.page != "" && page != c.page {
		return nil, false
	}
	if _, ready := c.troupe.stage.Settings(); !ready {
		return nil, false // who waits for the first version is not marked as seen at each new look for it
	}
	return role{c.troupe, c.show}, true
}

// role lets delivery play a bot.
type role struct {
	troupe *troupe
	show   bool
}

// Turn implements delivery.Bot.
func (r role) Turn(ctx context.Context, in turn.Input) (turn.Result, error) {
	result, err := r.troupe.turn(ctx, in)
	if errors.Is(err, bot.ErrWaiting) {
		return result, errors.Join(delivery.ErrNotReady, err)
	}
	return result, err
}

// StartPayload implements delivery.Bot.
func (r role) StartPayload() string { return foyer.StartPayload }

// HideErrors implements delivery.Bot.
func (r role) HideErrors() bool {
	settings, ok := r.troupe.stage.Settings()
	return ok && settings.Turn(r.show).HideErrors
}
