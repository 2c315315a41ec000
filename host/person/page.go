package person

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// byHand is the reason of a pause for which nobody gave one.
const byHand = "paused by an operator"

// Paused lists the pauses of all Pages, those that have run out included.
func (d *Desk) Paused(ctx context.Context) ([]Paused, error) {
	list, err := d.store.Pauses(ctx)
	if err != nil {
		return nil, fmt.Errorf("pauses: %w", err)
	}
	out := make([]Paused, len(list))
	for i, p := range list {
		out[i] = Paused{Page: p.Page, Until: p.Until, Reason: p.Reason}
	}
	return out, nil
}

// Pause stops the sends of a Page for a while, or until it is resumed when the while is
// zero. What the bot says meanwhile is kept.
func (d *Desk) Pause(ctx context.Context, page string, wait time.Duration, reason string) error {
	if wait < 0 {
		return fmt.Errorf("page %s: it cannot be paused for %s", page, wait)
	}
	p := store.Pause{Page: page, Reason: strings.TrimSpace(reason)}
	if p.Reason == "" {
		p.Reason = byHand
	}
	if wait > 0 {
		p.Until = d.clock.Now().Add(wait)
	}
	if err := d.store.Pause(ctx, p); err != nil {
		return fmt.Errorf("page %s: pause: %w", page, err)
	}
	return nil
}

// Resume lets a Page send again what it has kept.
func (d *Desk) Resume(ctx context.Context, page string) error {
	list, err := d.Paused(ctx)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.Page != page {
			continue
		}
		if err := d.store.Resume(ctx, page); err != nil {
			return fmt.Errorf("page %s: resume: %w", page, err)
		}
		return nil
	}
	return fmt.Errorf("page %s is not paused", page)
}
