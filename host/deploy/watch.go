package deploy

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// WatchEvery is the usual pause between two looks of a Watch (messenger.md section 4.3).
const WatchEvery = 10 * time.Minute

// Withdrawn is why a Page is paused from which a bot was taken: a Watch does not bring
// the bot back there.
const Withdrawn = "undeployed: footlight undeploy has taken the bot off the Page"

// WatchConfig is what a Watch needs.
type WatchConfig struct {
	Site   Site
	Pauses Pauses          // nil: nobody takes the bot off on purpose
	Every  time.Duration   // 0: WatchEvery
	After  time.Duration   // before the first look; a host of many Pages asks Meta for one after the other
	Begin  <-chan struct{} // closed when a Walk that sets up the same Page is over; nil: there is none
	Log    *slog.Logger
}

// Watch looks again and again at what can break by itself while a host serves: the app's
// secret, the Graph version, token, permissions, Page, and the subscriptions on both
// levels, which it restores (rule 14 of messenger.md section 9). What it finds it logs, and
// tells whoever asks. It is safe for concurrent use.
type Watch struct {
	site   Site
	pauses Pauses
	every  time.Duration
	after  time.Duration
	begin  <-chan struct{}
	log    *slog.Logger

	mu      sync.Mutex
	found   []Finding      // of the last look; its elements never change
	at      time.Time      // of the last look; zero: there was none yet
	repairs map[string]int // by check
}

// NewWatch returns a Watch; Run looks.
func NewWatch(c WatchConfig) *Watch {
	if c.Every == 0 {
		c.Every = WatchEvery
	}
	if c.Site.Clock == nil {
		c.Site.Clock = clock.Real{}
	}
	return &Watch{site: c.Site, pauses: c.Pauses, every: c.Every, after: c.After, begin: c.Begin, log: c.Log, repairs: map[string]int{}}
}

// Watched are the checks of a Watch by id, in order. Those that ask for the app need its id.
func Watched() []string {
	return []string{App, Version, PageToken, Permissions, Page, AppSubscription, Subscription}
}

// Run looks as soon as it may begin and After has passed, and then after every pause, until ctx ends. It returns
// ctx's error.
func (w *Watch) Run(ctx context.Context) error {
	if w.begin != nil {
		select {
		case <-w.begin:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if w.site.AppID == "" {
		w.log.WarnContext(ctx, "token and subscriptions are not watched: set FOOTLIGHT_APP_ID")
	}
	if err := clock.Sleep(ctx, w.site.Clock, w.after); err != nil {
		return err
	}
	for {
		w.look(ctx)
		if err := clock.Sleep(ctx, w.site.Clock, w.every); err != nil {
			return err
		}
	}
}

// State is what the last look found, and when that was; a zero time: there was none yet.
func (w *Watch) State() ([]Finding, time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.found, w.at
}

// Repairs are how often what a check is about was restored.
func (w *Watch) Repairs(check string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.repairs[check]
}

// look goes down the list once.
func (w *Watch) look(ctx context.Context) {
	r := newRound(w.site)
	defer r.close()
	var found []Finding
	for _, c := range checks() {
		if !slices.Contains(Watched(), c.id) || w.site.AppID == "" && c.id != Version && c.id != Page {
			continue
		}
		f := c.see(ctx, r, found)
		if f.State != Fine && (c.id == Subscription || c.id == AppSubscription && r.unclaimed()) && len(f.Plan) > 0 {
			f = w.restore(ctx, r, c, f, found)
		}
		found = append(found, f)
	}
	if ctx.Err() != nil {
		return // what was cut off says nothing
	}
	w.mu.Lock()
	before := w.found
	w.found, w.at = found, w.site.Clock.Now()
	w.mu.Unlock()
	w.tell(ctx, before, found)
}

// unclaimed tells whether the app's webhooks may be pointed at us: nobody else has them.
func (r *round) unclaimed() bool {
	return r.subscribed == "" && r.Public != "" || r.subscribed != "" && (r.Public == "" || r.subscribed == r.callback())
}

// restore subscribes again, unless the bot was taken off the Page.
func (w *Watch) restore(ctx context.Context, r *round, c check, f Finding, earlier []Finding) Finding {
	if w.pauses != nil {
		if reason, _, err := w.pauses.Pause(ctx, r.PageID); err != nil || strings.HasPrefix(reason, Withdrawn) {
			return f
		}
	}
	if err := c.mend(ctx, r, nil); err != nil {
		failed := findingOf(err)
		failed.Check, failed.Title = c.id, c.title
		return failed
	}
	w.log.WarnContext(ctx, "subscription restored", "check", c.id, "found", f.Found)
	w.mu.Lock()
	w.repairs[c.id]++
	w.mu.Unlock()
	return c.see(ctx, r, earlier)
}

// tell logs what is broken at every look, and anything else when it changes.
func (w *Watch) tell(ctx context.Context, before, now []Finding) {
	for _, f := range now {
		old := Finding{State: Fine}
		if i := slices.IndexFunc(before, func(b Finding) bool { return b.Check == f.Check }); i >= 0 {
			old = before[i]
		}
		attrs := []any{"check", f.Check, "found", f.Found, "means", f.Means, "cure", f.Cure}
		switch {
		case f.State == Broken:
			w.log.ErrorContext(ctx, "the bot cannot work", attrs...)
		case f.State == Warning && old.Found != f.Found:
			w.log.WarnContext(ctx, "the bot needs care", attrs...)
		case f.State == Fine && (old.State == Broken || old.State == Warning):
			w.log.InfoContext(ctx, "mended", "check", f.Check, "found", f.Found)
		}
	}
}
