package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/footlight-bots/footlight/host/deploy"
	"github.com/footlight-bots/footlight/host/person"
)

// Bounds of Config.HealthEvery.
const (
	minHealthEvery = time.Minute
	maxHealthEvery = 24 * time.Hour
)

// vigilance is how often the health watch looks; 0: never.
func (c Config) vigilance() (time.Duration, error) {
	switch c.HealthEvery {
	case "":
		return deploy.WatchEvery, nil
	case Off:
		return 0, nil
	}
	d, err := time.ParseDuration(c.HealthEvery)
	if err != nil || d < minHealthEvery || d > maxHealthEvery {
		return 0, fmt.Errorf("FOOTLIGHT_HEALTH_EVERY is %q; write a time from %s to %s, as in 10m, or %q: how often the host looks whether Meta still lets the bot work", c.HealthEvery, minHealthEvery, maxHealthEvery, Off)
	}
	return d, nil
}

// openWatch builds the health watch, and shows operators what it finds.
func (h *Host) openWatch() error {
	if h.tuning.health == 0 {
		return nil
	}
	c := h.config
	h.watch = deploy.NewWatch(deploy.WatchConfig{Every: h.tuning.health, Log: c.Log, Site: deploy.Site{
		GraphURL: c.GraphURL, GraphVersion: c.GraphVersion, AppID: c.Page.AppID, AppSecret: c.Page.AppSecret,
		VerifyToken: c.Page.VerifyToken, PageID: c.Page.ID, PageToken: c.Page.PageToken, Public: c.PublicURL,
		Clock: c.Clock, Comments: h.troupe.awaitsComments,
	}, Pauses: paused{h.desk}, Begin: c.Watch})
	return watchHealth(h.metrics, h.watch)
}

// watchHealth shows what a health watch finds.
func watchHealth(registry prometheus.Registerer, w *deploy.Watch) error {
	errs := []error{registry.Register(prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Namespace: "footlight", Name: "health_looked_timestamp_seconds", Help: "Unix time at which the health watch looked last; 0 before that."},
		func() float64 {
			if _, at := w.State(); !at.IsZero() {
				return float64(at.Unix())
			}
			return 0
		},
	))}
	for _, check := range deploy.Watched() {
		label := prometheus.Labels{"check": strings.ReplaceAll(check, " ", "_")}
		errs = append(errs, registry.Register(prometheus.NewGaugeFunc(
			prometheus.GaugeOpts{Namespace: "footlight", Name: "health", Help: "What the health watch found, by check: 0 fine or not looked at, 1 needs care, 2 the bot cannot work.", ConstLabels: label},
			func() float64 {
				found, _ := w.State()
				for _, f := range found {
					switch {
					case f.Check == check && f.State == deploy.Broken:
						return 2
					case f.Check == check && f.State == deploy.Warning:
						return 1
					}
				}
				return 0
			},
		)), registry.Register(prometheus.NewCounterFunc(
			prometheus.CounterOpts{Namespace: "footlight", Name: "health_repairs_total", Help: "Subscriptions that the health watch restored, by check.", ConstLabels: label},
			func() float64 { return float64(w.Repairs(check)) },
		)))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}

// healthState tells what the health watch found. It is no reason to be given no more
// webhooks: none of it is better elsewhere.
func (h *Host) healthState(context.Context) (string, error) {
	if h.watch == nil {
		return "not watched", nil
	}
	found, at := h.watch.State()
	if at.IsZero() {
		return "not looked at yet", nil
	}
	var faults []string
	for _, f := range found {
		if f.State == deploy.Broken || f.State == deploy.Warning {
			faults = append(faults, f.Title+": "+f.Found)
		}
	}
	if len(faults) == 0 {
		return "all is well since " + at.UTC().Format(time.RFC3339), nil
	}
	return strings.Join(faults, "; "), nil
}

// paused lets a health watch ask whether a Page is paused. It resumes nothing.
type paused struct{ desk *person.Desk }

var _ deploy.Pauses = paused{}

// Pause implements deploy.Pauses.
func (p paused) Pause(ctx context.Context, page string) (reason string, until time.Time, err error) {
	list, err := p.desk.Paused(ctx)
	for _, one := range list {
		if one.Page == page || page == "" {
			return one.Reason, one.Until, err
		}
	}
	return "", time.Time{}, err
}
