package server

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// meters are the server's own metrics.
type meters struct {
	webhooks map[string]prometheus.Counter // by the name of the answer
	events   *prometheus.CounterVec        // by kind
	accept   prometheus.Histogram

	strangers prometheus.Counter
}

// newMeters makes the metrics and adds them to r.
func newMeters(r *prometheus.Registry) (*meters, error) {
	webhooks := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "footlight_webhook_posts_total",
		Help: "Webhook POSTs by how they were answered.",
	}, []string{"answer"})
	m := &meters{
		webhooks: map[string]prometheus.Counter{},
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "footlight_webhook_events_total",
			Help: "Events in signed webhooks by kind, repeated ones included.",
		}, []string{"kind"}),
		strangers: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "footlight_webhook_strange_events_total",
			Help: "Events in signed webhooks that were not kept, as their Pages are not served, or are another app's.",
		}),
		accept: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "footlight_webhook_accept_seconds",
			Help:    "Time until the events of a webhook were safe, or refused.",
			Buckets: []float64{.0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5},
		}),
	}
	for _, a := range []answer{accepted, unreadable, badSignature, otherObject, tooLarge, badEncoding, unavailable, crowded, cutOff} {
		m.webhooks[a.name] = webhooks.WithLabelValues(a.name) // shows as 0 before the first
	}
	return m, errors.Join(r.Register(webhooks), r.Register(m.events), r.Register(m.accept), r.Register(m.strangers))
}
