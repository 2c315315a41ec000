package app

import (
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/footlight-bots/footlight/host/bot"
)

// watchBot shows operators which version of a bot is on stage.
func watchBot(registry prometheus.Registerer, b *bot.Bot) error {
	gauge := func(name, help string, value func(bot.Status) float64) error {
		return registry.Register(prometheus.NewGaugeFunc(
			prometheus.GaugeOpts{Namespace: "footlight", Name: name, Help: help},
			func() float64 { return value(b.Status()) },
		))
	}
	reloads := func(result string, value func(bot.Status) float64) error {
		return registry.Register(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Namespace: "footlight", Name: "reloads_total", Help: "Times that changed scripts were looked at, by what came of it: good (they are on stage) or failed.",
			ConstLabels: prometheus.Labels{"result": result},
		}, func() float64 { return value(b.Status()) }))
	}
	err := errors.Join(
		reloads("failed", func(s bot.Status) float64 { return float64(s.Failures) }),
		reloads("good", func(s bot.Status) float64 {
			if s.Generation == nil {
				return 0
			}
			return float64(s.Generation.Number)
		}),
		gauge("generation", "Number of the generation on stage; 0 while waiting for the first.", func(s bot.Status) float64 {
			if s.Generation == nil {
				return 0
			}
			return float64(s.Generation.Number)
		}),
		gauge("generation_built_timestamp_seconds", "Unix time at which the generation on stage was built.", func(s bot.Status) float64 {
			if s.Generation == nil {
				return 0
			}
			return float64(s.Generation.BuiltAt.Unix())
		}),
		gauge("reload_seconds", "Time that the last build took, whatever came of it.", func(s bot.Status) float64 { return s.BuildTime.Seconds() }),
		gauge("reload_failed_timestamp_seconds", "Unix time at which changed scripts last failed to go on stage; 0: never.", func(s bot.Status) float64 {
			if s.FailedAt.IsZero() {
				return 0
			}
			return float64(s.FailedAt.Unix())
		}),
		gauge("scripts_broken", "1 while the current files are not what is on stage.", func(s bot.Status) float64 {
			if s.Broken {
				return 1
			}
			return 0
		}),
	)
	if err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}
