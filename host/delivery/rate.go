package delivery

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// rates keep one host below what the platform takes of a Page (messenger.md section 9, rule 8).
// They live in memory: a host that starts anew has lost nothing but a moment.
type rates struct {
	texts func(page string) int // messages a second

	mu    sync.Mutex
	pages map[string]*quotas
}

// quotas are the token buckets of a Page.
type quotas struct{ texts, media, reads *rate.Limiter }

func newRates(perSecond func(page string) int) *rates {
	return &rates{texts: perSecond, pages: map[string]*quotas{}}
}

// slack is the part of a small rate that is left out, so that calls which travel at different speeds do
// not come to the platform closer together than they set out.
const slack = 0.05

// bucket yields n a second, and never more in any second: a tenth may come at once. The first of
// those that come one by one in a second is the last of those that came at once.
func bucket(n float64) *rate.Limiter {
	burst := max(1, int(n/10))
	alone := n - float64(burst)
	return rate.NewLimiter(rate.Limit(max(alone, (alone+1)*(1-slack))), burst)
}

func (r *rates) of(page string) *quotas {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := r.pages[page]
	if q == nil {
		q = &quotas{bucket(float64(r.texts(page))), bucket(MaxMediaPerSecond), bucket(MaxReadsPerSecond)}
		r.pages[page] = q
	}
	return q
}

// send takes a place in the queue of a Page and tells how long it is. With more than
// MaxGap the place is given back.
func (r *rates) send(page string, c cargo, now func() time.Time) time.Duration {
	if c.Message == nil {
		return 0
	}
	q := r.of(page)
	if kind := c.Message.Kind(); kind == "audio" || kind == "video" {
		return reserve(q.media, now())
	}
	return reserve(q.texts, now())
}

func (r *rates) read(page string, now time.Time) time.Duration { return reserve(r.of(page).reads, now) }

func reserve(l *rate.Limiter, now time.Time) time.Duration {
	place := l.ReserveN(now, 1)
	wait := place.DelayFrom(now)
	if wait > MaxGap {
		place.CancelAt(now)
	}
	return wait
}

// queue waits for a place in a queue. When that is long the conversation is held, so that the
// worker can do something else meanwhile: then wait is true.
func (w *work) queue(ctx context.Context, length time.Duration) (wait bool, err error) {
	switch {
	case length <= 0:
		return false, nil
	case length > MaxGap:
		return true, w.commit(ctx, store.Change{Hold: w.now().Add(length)}, false)
	}
	if clock.Sleep(ctx, w.clock, length) != nil {
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
