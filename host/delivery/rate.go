package delivery

import (
	"context"
	"fmt"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/delivery/pace"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// The rates of a Page keep one host below what the platform takes of it (messenger.md section 9, rule 8).

// rate is in which queue of its Page a message stands.
func (c cargo) rate() pace.Kind {
	if kind := c.Message.Kind(); kind == "audio" || kind == "video" {
		return pace.Media
	}
	return pace.Texts
}

// queue waits in a queue of the Page. When nobody may stand there the conversation is held and its lease given back, so
// that the worker can do something else meanwhile: then wait is true.
func (w *work) queue(ctx context.Context, k pace.Kind) (wait bool, err error) {
	p := w.paces.Join(w.key.Page, k)
	switch {
	case p.Wait <= 0:
		return false, nil
	case !p.Stands:
		return true, w.commit(ctx, store.Change{Hold: w.now().Add(max(p.Wait, pace.MaxGap))}, true)
	}
	defer w.paces.Leave()
	if clock.Sleep(ctx, w.clock, p.Wait) != nil {
		return false, context.Cause(ctx)
	}
	return false, w.holds(ctx)
}

// heed obeys the platform's usage headers before it refuses.
func (w *work) heed(ctx context.Context, u messenger.Usage) error {
	percent, scope := u.Page, messenger.ScopePage
	if u.App >= MaxUsage {
		percent, scope = u.App, messenger.ScopeApp
	}
	if percent < MaxUsage {
		return nil
	}
	return w.pauseAll(ctx, scope, max(u.Regain, UsagePause), fmt.Sprintf("%d %% of the platform's quota is used up", percent))
}

// pauseAll pauses the Page, or all Pages of its app.
func (w *work) pauseAll(ctx context.Context, scope messenger.Scope, wait time.Duration, reason string) error {
	pages := []string{w.key.Page}
	if scope >= messenger.ScopeApp {
		pages = w.siblings(w.key.Page)
	}
	for _, page := range pages {
		if err := w.pauseUntil(ctx, store.Pause{Page: page, Until: w.now().Add(wait), Reason: reason}); err != nil {
			return err
		}
	}
	return nil
}
