package app

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/repertoire"
)

// desc describes a metric of bots. Where there are several each is told by its name, of which there
// are no more than the settings name; one alone has no label.
func (p *program) desc(name, help string, labels ...string) *prometheus.Desc {
	if len(p.plays) > 1 {
		labels = append(labels, "bot")
	}
	return prometheus.NewDesc("footlight_"+name, help, labels, nil)
}

// tell tells a value of a bot.
func (p *program) tell(out chan<- prometheus.Metric, d *prometheus.Desc, t prometheus.ValueType, value float64, b *play, labels ...string) {
	if len(p.plays) > 1 {
		labels = append(labels, b.name)
	}
	out <- prometheus.MustNewConstMetric(d, t, value, labels...)
}

// playbill shows operators which version of each bot is on stage.
type playbill struct {
	program *program
	figures []figure
	reloads *prometheus.Desc
	order   *prometheus.Desc // the newest that was seen; of what is published
	astray  *prometheus.Desc // whether it is not followed
}

// figure is a gauge of how a bot stands.
type figure struct {
	desc  *prometheus.Desc
	value func(bot.Status) float64
}

func newPlaybill(p *program) *playbill {
	return &playbill{
		p,
		[]figure{
			{p.desc("generation", "Number of the generation on stage; 0 while waiting for the first, and at rest."), func(s bot.Status) float64 {
				if s.Generation == nil {
					return 0
				}
				return float64(s.Generation.Number)
			}},
			{p.desc("generation_built_timestamp_seconds", "Unix time at which the generation on stage was built."), func(s bot.Status) float64 {
				if s.Generation == nil {
					return 0
				}
				return float64(s.Generation.BuiltAt.Unix())
			}},
			{p.desc("reload_seconds", "Time that the last build took, whatever came of it."), func(s bot.Status) float64 { return s.BuildTime.Seconds() }},
			{p.desc("reload_failed_timestamp_seconds", "Unix time at which changed scripts last failed to go on stage; 0: never."), func(s bot.Status) float64 {
				if s.FailedAt.IsZero() {
					return 0
				}
				return float64(s.FailedAt.Unix())
			}},
			{p.desc("scripts_broken", "1 while the current files are not what is on stage."), func(s bot.Status) float64 {
				if s.Broken {
					return 1
				}
				return 0
			}},
		},
		p.desc("reloads_total", "Times that changed scripts were looked at, by what came of it: good (they are on stage) or failed.", "result"),
		p.desc("order", "Number of the newest order about published versions that this host has seen; 0: there is none yet."),
		p.desc("order_unfollowed", "1 while this host does not play what was ordered."),
	}
}

// Describe implements prometheus.Collector.
func (b *playbill) Describe(out chan<- *prometheus.Desc) {
	for _, f := range b.figures {
		out <- f.desc
	}
	out <- b.reloads
	out <- b.order
	out <- b.astray
}

// Collect implements prometheus.Collector.
func (b *playbill) Collect(out chan<- prometheus.Metric) {
	for _, p := range b.program.plays {
		status := p.troupe.stage.Status()
		for _, f := range b.figures {
			b.program.tell(out, f.desc, prometheus.GaugeValue, f.value(status), p)
		}
		b.program.tell(out, b.reloads, prometheus.CounterValue, float64(status.Swaps), p, "good")
		b.program.tell(out, b.reloads, prometheus.CounterValue, float64(status.Failures), p, "failed")
		if p.follower == nil {
			continue
		}
		report, astray := p.follower.State(), 0.0
		if report.Fault != "" {
			astray = 1
		}
		b.program.tell(out, b.order, prometheus.GaugeValue, float64(report.Order), p)
		b.program.tell(out, b.astray, prometheus.GaugeValue, astray, p)
	}
}

// watchRepertoire shows how many of several bots are loaded, and how often one had to be.
func watchRepertoire(registry prometheus.Registerer, r *repertoire.Repertoire) error {
	for _, m := range []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Namespace: "footlight", Name: "bots_loaded", Help: "Bots that are loaded; the others rest until somebody talks to them.",
		}, func() float64 {
			if r == nil {
				return 1
			}
			return float64(r.Loaded())
		}),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Namespace: "footlight", Name: "bot_loads_total", Help: "Times that a bot was loaded, at the start or because somebody talked to it.",
		}, func() float64 {
			if r == nil {
				return 1
			}
			return float64(r.Loads())
		}),
	} {
		if err := registry.Register(m); err != nil {
			return fmt.Errorf("metrics: %w", err)
		}
	}
	return nil
}
