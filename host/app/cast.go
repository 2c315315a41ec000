package app

import (
	"context"
	"errors"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/foyer"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/turn"
)

// cast finds the bot of a Page.
type cast struct {
	*program
	show bool // error texts are shown
}

var (
	_ delivery.Bots = cast{}
	_ delivery.Bot  = role{}
)

// Bot implements delivery.Bots.
func (c cast) Bot(page string) (delivery.Bot, bool) {
	found, ok := c.of(page)
	if !ok {
		return nil, false
	}
	if _, ready := found.play.troupe.stage.Settings(); !ready && !found.play.resting() {
		return nil, false // who waits for the first version is not marked as seen at each new look for it
	}
	return role{found.play, c.show}, true
}

// role lets delivery play a bot.
type role struct {
	play *play
	show bool
}

// Turn implements delivery.Bot.
func (r role) Turn(ctx context.Context, in turn.Input) (turn.Result, error) {
	result, err := r.play.turn(ctx, in)
	if errors.Is(err, bot.ErrWaiting) {
		return result, errors.Join(delivery.ErrNotReady, err)
	}
	return result, err
}

// StartPayload implements delivery.Bot.
func (r role) StartPayload() string { return foyer.StartPayload }

// Persona implements delivery.Bot.
func (r role) Persona(name string) (messenger.Persona, bool) {
	settings, _ := r.play.troupe.stage.Settings()
	p, ok := settings.Persona(name)
	return messenger.Persona{Name: p.Name, Picture: p.Picture}, ok
}

// HideErrors implements delivery.Bot.
func (r role) HideErrors() bool {
	settings, ok := r.play.troupe.stage.Settings()
	return ok && settings.Turn(r.show).HideErrors
}
