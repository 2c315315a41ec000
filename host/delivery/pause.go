package delivery

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/store"
)

// pauses knows which Pages are paused. It may learn of a pause that another host
// made up to maxAge late, but takes no pause for lasting without having asked.
type pauses struct {
	store  store.Store
	clock  clock.Clock
	maxAge time.Duration

	hand  latch         // held while the store is asked
	known bool          // until is what the store had when it was asked
	asked time.Duration // by the clock's Elapsed
	until map[string]time.Time
}

// paused tells whether sends of a Page must wait.
func (p *pauses) paused(ctx context.Context, page string) (bool, error) {
	if err := p.hand.lock(ctx); err != nil {
		return false, err
	}
	defer p.hand.unlock()
	now, asked := p.clock.Now(), p.clock.Elapsed()
	fresh := p.known && asked-p.asked < p.maxAge
	if fresh && !p.stands(page, now) {
		return false, nil
	}
	list, err := p.store.Pauses(ctx)
	if err != nil {
		return false, fmt.Errorf("pauses: %w", err)
	}
	p.known, p.asked, p.until = true, asked, make(map[string]time.Time, len(list))
	for _, one := range list {
		p.until[one.Page] = one.Until
	}
	return p.stands(page, now), nil
}

// stands tells whether a pause of a Page is known that has not run out.
func (p *pauses) stands(page string, now time.Time) bool {
	until, listed := p.until[page]
	return listed && (until.IsZero() || until.After(now))
}

// forget makes the next question go to the store.
func (p *pauses) forget(ctx context.Context) {
	if p.hand.lock(ctx) != nil {
		return // what was learned ages by itself
	}
	defer p.hand.unlock()
	p.known = false
}

// pauseUntil pauses a Page, loudly; a longer pause that is in force already stays.
func (d *Delivery) pauseUntil(ctx context.Context, p store.Pause) error {
	defer d.pauses.forget(ctx)
	p.Reason = strings.ToValidUTF8(p.Reason[:min(len(p.Reason), store.MaxReason)], "")
	done, err := d.store.Prolong(ctx, p)
	if err != nil {
		return fmt.Errorf("pause page %s: %w", p.Page, err)
	}
	if !done {
		return nil
	}
	until := "it is resumed"
	if !p.Until.IsZero() {
		until = p.Until.Format(time.RFC3339)
	}
	d.log.ErrorContext(ctx, "page paused, its messages are kept", "page", p.Page, "until", until, "reason", p.Reason)
	d.observer.Paused(p)
	return nil
}
