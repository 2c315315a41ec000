package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/store"
)

// timed is a store that tells how long its operations take and how often they fail.
type timed struct {
	store.Store
	clock   clock.Clock
	seconds *prometheus.HistogramVec
	errors  *prometheus.CounterVec
}

// overdueTime bounds what a look at the metrics asks of the store.
const overdueTime = time.Second

// watchStore wraps a store, and shows how late its work is.
func watchStore(registry prometheus.Registerer, s store.Store, c clock.Clock) (store.Store, error) {
	t := &timed{
		Store: s, clock: c,
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "footlight", Name: "store_seconds", Help: "Time that operations of the store take.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .1, .5, 2.5},
		}, []string{"operation"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: "footlight", Name: "store_errors_total", Help: "Operations of the store that failed, leases that were taken over not counted.",
		}, []string{"operation"}),
	}
	overdue := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: "footlight", Name: "queue_overdue_seconds",
		Help: "How long the oldest work in the store is overdue, that of all hosts; 0 when none is.",
	}, t.overdue)
	for _, m := range []prometheus.Collector{t.seconds, t.errors, overdue} {
		if err := registry.Register(m); err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
	}
	return t, nil
}

// overdue asks for the oldest work.
func (t *timed) overdue() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), overdueTime)
	defer cancel()
	at, ok, err := t.Next(ctx)
	if err != nil || !ok {
		return 0
	}
	return max(0, t.clock.Now().Sub(at).Seconds())
}

// done notes an operation that began at a time.
func (t *timed) done(operation string, began time.Time, err error) {
	t.seconds.WithLabelValues(operation).Observe(t.clock.Now().Sub(began).Seconds())
	if err != nil && !errors.Is(err, store.ErrFenced) && !errors.Is(err, context.Canceled) {
		t.errors.WithLabelValues(operation).Inc()
	}
}

// Accept implements store.Store.
func (t *timed) Accept(
	ctx context.Context, now time.Time, events []store.Event, lease time.Duration, limit int,
) (fresh []store.Event, claimed []store.Claimed, err error) {
	defer func(began time.Time) { t.done("accept", began, err) }(t.clock.Now())
	return t.Store.Accept(ctx, now, events, lease, limit)
}

// Claim implements store.Store.
func (t *timed) Claim(ctx context.Context, now time.Time, lease time.Duration, limit int) (list []store.Claimed, err error) {
	defer func(began time.Time) { t.done("claim", began, err) }(t.clock.Now())
	return t.Store.Claim(ctx, now, lease, limit)
}

// Load implements store.Store.
func (t *timed) Load(ctx context.Context, l store.Lease) (c store.Conversation, err error) {
	defer func(began time.Time) { t.done("load", began, err) }(t.clock.Now())
	return t.Store.Load(ctx, l)
}

// Extend implements store.Store.
func (t *timed) Extend(ctx context.Context, l store.Lease, until time.Time, claims int) (out store.Lease, err error) {
	defer func(began time.Time) { t.done("extend", began, err) }(t.clock.Now())
	return t.Store.Extend(ctx, l, until, claims)
}

// Commit implements store.Store.
func (t *timed) Commit(ctx context.Context, l store.Lease, c store.Change, release bool) (err error) {
	defer func(began time.Time) { t.done("commit", began, err) }(t.clock.Now())
	return t.Store.Commit(ctx, l, c, release)
}
