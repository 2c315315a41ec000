package delivery

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// rates keep one host below what the platform takes of a Page (messenger.md section 9, rule 8).
// They live in memory: a host that starts anew has lost nothing but a moment.
type rates struct {
	clock    clock.Clock
	texts    func(page string) int // messages a second
	standing atomic.Int64          // workers that wait for the rate of any Page
	most     int64                 // of them, where there are several Pages

	mu    sync.Mutex
	pages map[string]*quotas
}

// place is a place in the queue of a Page.
type place struct {
	wait   time.Duration // until its turn comes
	stands bool          // somebody may wait there; false: it was given back, unless it is their turn
}

// quotas are the token buckets of a Page.
type quotas struct{ texts, media, reads *rate.Limiter }

func newRates(perSecond func(page string) int, workers int, c clock.Clock) *rates {
	return &rates{clock: c, texts: perSecond, most: int64(max(1, workers*MaxStanding/100)), pages: map[string]*quotas{}}
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

// send takes a place in the queue of a Page. Where it would take more than MaxGap, or too
// many workers stand already, the place is given back.
func (r *rates) send(page string, c cargo) place {
	if c.Message == nil {
		return place{}
	}
	q := r.of(page)
	if kind := c.Message.Kind(); kind == "audio" || kind == "video" {
		return r.reserve(q.media)
	}
	return r.reserve(q.texts)
}

func (r *rates) read(page string) place { return r.reserve(r.of(page).reads) }

func (r *rates) reserve(l *rate.Limiter) place {
	now := time.Time{}.Add(r.clock.Elapsed()) // an instant as good as any: nobody sets it
	at := l.ReserveN(now, 1)
	p := place{wait: at.DelayFrom(now)}
	if p.wait <= 0 {
		return p
	}
	if p.stands = p.wait <= MaxGap && r.stand(); !p.stands {
		at.CancelAt(now)
	}
	return p
}

// stand lets one more worker stand and wait. Where there are several Pages some workers are left for those that
// need not wait: a Page whose bot says more than its rate keeps the others from nothing.
func (r *rates) stand() bool {
	r.mu.Lock()
	several := len(r.pages) > 1
	r.mu.Unlock()
	if r.standing.Add(1) > r.most && several {
		r.standing.Add(-1)
		return false
	}
	return true
}

// queue waits at a place in a queue. When nobody may stand there the conversation is held, so that the
// worker can do something else meanwhile: then wait is true.
func (w *work) queue(ctx context.Context, p place) (wait bool, err error) {
	switch {
	case p.wait <= 0:
		return false, nil
	case !p.stands:
		return true, w.commit(ctx, store.Change{Hold: w.now().Add(max(p.wait, MaxGap))}, false)
	}
	defer w.rates.standing.Add(-1)
	if clock.Sleep(ctx, w.clock, p.wait) != nil {
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
