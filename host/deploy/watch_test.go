package deploy

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
)

// Rule 14: a serving host restores what Meta has ended, says loudly what only people can
// mend, and says when it is mended.
func TestWatch(t *testing.T) {
	for _, row := range []struct {
		name    string
		provoke func(*town, *store)
		check   string
		state   State
		repairs int
		log     string // one of its lines
	}{
		{"all is well", func(*town, *store) {}, Subscription, Fine, 0, ""},
		{"Meta has unsubscribed the Page", func(w *town, _ *store) { w.unsubscribe() }, Subscription, Fine, 1, "subscription restored"},
		{"the app's webhooks have gone", func(w *town, _ *store) { w.unsubscribeApp() }, AppSubscription, Fine, 1, "subscription restored"},
		{"the app's webhooks have gone, and nobody knows our address", func(w *town, _ *store) { w.unsubscribeApp(); w.site.Public = "" }, AppSubscription, Broken, 0, "subscribed to nothing"},
		{"somebody else has the app's webhooks", func(w *town, _ *store) {
			if err := w.graph.SetCallback(appID, "http://127.0.0.1:9/webhook"); err != nil {
				w.t.Fatal(err)
			}
		}, AppSubscription, Broken, 0, "Meta sends webhooks to http://127.0.0.1:9/webhook"},
		{"the bot was taken off on purpose", func(w *town, s *store) { w.unsubscribe(); s.reason = Withdrawn }, Subscription, Broken, 0, "not subscribed to the Page"},
		{"the store cannot tell", func(w *town, s *store) { w.unsubscribe(); s.err = errors.New("down") }, Subscription, Broken, 0, "not subscribed to the Page"},
		{"the new script waits for comments", func(w *town, _ *store) { w.site.Comments = func() bool { return true } }, Subscription, Fine, 1, "not subscribed to feed"},
		{"the token has died", func(w *town, _ *store) { w.take(emulator.Measure{Kind: "password"}) }, PageToken, Broken, 0, "changed their password"},
		{"the Page is not published", func(w *town, _ *store) { w.take(emulator.Measure{Kind: "unpublish"}) }, Page, Broken, 0, "Publish it"},
		{"the Graph version has ended", func(w *town, _ *store) { w.site.GraphVersion = "v20.0" }, Version, Warning, 0, "the bot needs care"},
		{"the callback is refused", func(w *town, _ *store) { w.unsubscribeApp(); w.door.down.Store(true) }, AppSubscription, Broken, 0, "2200"},
		{"without the app's id", func(w *town, _ *store) { w.site.AppID = ""; w.take(emulator.Measure{Kind: "unpublish"}) }, Page, Broken, 0, "Publish it"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w, s := newTown(t), &store{}
			w.walk()
			w.site.UserToken = ""
			row.provoke(w, s)
			var log bytes.Buffer
			watch := NewWatch(WatchConfig{Site: w.site, Pauses: s, Log: slog.New(slog.NewTextHandler(&log, nil))})
			watch.look(t.Context())
			list, at := watch.State()
			if f := find(list, row.check); f.State != row.state || at.IsZero() {
				t.Errorf("%+v", f)
			}
			if n := watch.Repairs(row.check); n != row.repairs {
				t.Errorf("%d repairs", n)
			}
			if !strings.Contains(log.String(), row.log) || row.log == "" && log.Len() > 0 {
				t.Errorf("log:\n%s", log.String())
			}
			for _, hidden := range []string{secret, verify, w.site.PageToken} {
				if strings.Contains(log.String(), hidden) {
					t.Errorf("a secret in the log:\n%s", log.String())
				}
			}
		})
	}
	w := newTown(t)
	w.walk()
	var log bytes.Buffer
	watch := NewWatch(WatchConfig{Site: w.site, Log: slog.New(slog.NewTextHandler(&log, nil))})
	w.take(emulator.Measure{Kind: "unpublish"})
	watch.look(t.Context())
	w.take(emulator.Measure{Kind: "publish"})
	watch.look(t.Context())
	watch.look(t.Context())
	if n := strings.Count(log.String(), "msg=mended"); n != 1 {
		t.Errorf("told %d times that it is mended:\n%s", n, log.String())
	}
}

// TestWatchWaitsForTheWalk: while a walk sets up the Page the watch of the host that it has started does not.
func TestWatchWaitsForTheWalk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		over, now := make(chan struct{}), asked{clock.Real{}, make(chan time.Time, 1)}
		watch := NewWatch(WatchConfig{Site: Site{Clock: now, AppID: "1"}, After: time.Minute, Begin: over, Log: slog.New(slog.DiscardHandler)})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- watch.Run(ctx) }()
		synctest.Wait()
		if len(now.waits) > 0 {
			t.Error("it begins amid the walk")
		}
		close(over)
		<-now.waits // before its first look
		stop()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// asked tells of each wait, and lets none end.
type asked struct {
	clock.Clock
	waits chan time.Time
}

func (a asked) At(t time.Time) (<-chan struct{}, func()) {
	a.waits <- t
	return nil, func() {}
}

// TestWatchBeginsLater: of many Pages one is looked at after the other.
func TestWatchBeginsLater(t *testing.T) {
	w := newTown(t)
	now := asked{w.site.Clock, make(chan time.Time)}
	w.site.Clock = now
	watch := NewWatch(WatchConfig{Site: w.site, After: time.Minute, Log: slog.New(slog.DiscardHandler)})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- watch.Run(ctx) }()
	if at := <-now.waits; !at.Equal(now.Now().Add(time.Minute)) {
		t.Errorf("it waits until %v", at)
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	if _, at := watch.State(); !at.IsZero() {
		t.Errorf("it has looked at %v", at)
	}
}

func (w *town) unsubscribeApp() {
	w.t.Helper()
	r := newRound(w.site)
	defer r.close()
	registry, err := r.graph()
	if err == nil {
		err = registry.Unsubscribe(w.t.Context())
	}
	if err != nil {
		w.t.Fatal(err)
	}
}
