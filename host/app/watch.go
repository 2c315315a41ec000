package app

import (
	"context"
	"fmt"
	"log/slog"
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
	// watchGap is how long after the one of another Page a host begins the health watch of the next: a thousand
	// Pages at once would take from their apps' quota, and from Meta's patience, what messages need.
	watchGap = 500 * time.Millisecond
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

// openWatches builds the health watch of each Page, and shows operators what they find.
func (h *Host) openWatches() error {
	if h.tuning.health == 0 {
		return nil
	}
	c := h.config
	for i, p := range h.pages {
		h.pages[i].watch = deploy.NewWatch(deploy.WatchConfig{Every: h.tuning.health, After: min(time.Duration(i)*watchGap, h.tuning.health), Log: h.logOf(p), Site: deploy.Site{
			GraphURL: c.GraphURL, GraphVersion: c.GraphVersion, AppID: p.app.ID, AppSecret: p.app.Secret,
			VerifyToken: p.app.VerifyToken, PageID: p.Page, PageToken: p.Token, Public: c.PublicURL,
			Clock: c.Clock, Comments: p.play.awaitsComments,
		}, Pauses: paused{h.desk}, Begin: c.Watch})
	}
	if err := h.metrics.Register(newVigil(&h.program)); err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}

// logOf is the log of a Page: of several it tells which.
func (h *Host) logOf(p *page) *slog.Logger {
	if !h.several {
		return h.config.Log
	}
	return h.config.Log.With("bot", p.play.name, "page", p.Page)
}

// vigil shows what the health watches find, for each bot the worst of its Pages.
type vigil struct {
	program                 *program
	health, looked, repairs *prometheus.Desc
}

func newVigil(p *program) *vigil {
	return &vigil{
		p,
		p.desc("health", "What the health watch found, by check: 0 fine or not looked at, 1 needs care, 2 the bot cannot work.", "check"),
		p.desc("health_looked_timestamp_seconds", "Unix time at which the health watch looked last; 0 before that."),
		p.desc("health_repairs_total", "Subscriptions that the health watch restored, by check.", "check"),
	}
}

// Describe implements prometheus.Collector.
func (v *vigil) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{v.health, v.looked, v.repairs} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (v *vigil) Collect(out chan<- prometheus.Metric) {
	type sight struct {
		looked  float64 // of the Page that was looked at longest ago
		state   map[string]float64
		repairs map[string]int
	}
	seen := map[*play]*sight{}
	for _, p := range v.program.pages {
		found, at := p.watch.State()
		s, ok := seen[p.play]
		if !ok {
			s = &sight{state: map[string]float64{}, repairs: map[string]int{}}
			seen[p.play] = s
		}
		looked := 0.0
		if !at.IsZero() {
			looked = float64(at.Unix())
		}
		if !ok || looked < s.looked {
			s.looked = looked
		}
		for _, f := range found {
			s.state[f.Check] = max(s.state[f.Check], severity(f))
		}
		for _, check := range deploy.Watched() {
			s.repairs[check] += p.watch.Repairs(check)
		}
	}
	for _, b := range v.program.plays {
		s := seen[b]
		v.program.tell(out, v.looked, prometheus.GaugeValue, s.looked, b)
		for _, check := range deploy.Watched() {
			label := strings.ReplaceAll(check, " ", "_")
			v.program.tell(out, v.health, prometheus.GaugeValue, s.state[check], b, label)
			v.program.tell(out, v.repairs, prometheus.CounterValue, float64(s.repairs[check]), b, label)
		}
	}
}

func severity(f deploy.Finding) float64 {
	switch f.State {
	case deploy.Broken:
		return 2
	case deploy.Warning:
		return 1
	}
	return 0
}

// healthState tells what the health watches found. It is no reason to be given no more
// webhooks: none of it is better elsewhere.
func (h *Host) healthState(context.Context) (string, error) {
	if h.tuning.health == 0 {
		return "not watched", nil
	}
	var care []string
	var since time.Time // of the look that was longest ago
	unseen := 0
	for _, p := range h.pages {
		found, at := p.watch.State()
		if at.IsZero() {
			unseen++
			continue
		}
		if since.IsZero() || at.Before(since) {
			since = at
		}
		var faults []string
		for _, f := range found {
			if severity(f) > 0 {
				faults = append(faults, f.Title+": "+f.Found)
			}
		}
		if len(faults) > 0 {
			if h.several {
				faults[0] = p.play.name + ", page " + p.Page + ": " + faults[0]
			}
			care = append(care, strings.Join(faults, "; "))
		}
	}
	switch {
	case unseen == len(h.pages):
		return "not looked at yet", nil
	case len(care) == 0 && unseen == 0:
		return "all is well since " + since.UTC().Format(time.RFC3339), nil
	case !h.several:
		return care[0], nil
	}
	return summary(fmt.Sprintf("%d Pages are well, %d need care, %d not looked at yet", len(h.pages)-unseen-len(care), len(care), unseen), care), nil
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
