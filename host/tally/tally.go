// Package tally counts for Prometheus what delivery does: it is an observer, as the chronicle is one that writes lines into the log. It
// names neither Pages nor people. No API of the host is promised.
package tally

import (
	"fmt"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/trace"
)

// turnBuckets and sendBuckets are the limits, in seconds, of what is counted
// together: turns of scripts take less than a millisecond, calls to Messenger a
// hundred, and what lags lags by minutes.
var (
	turnBuckets = []float64{.0005, .001, .0025, .005, .01, .025, .1, .5, 2, 10, 30}
	sendBuckets = []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 15, 60, 300}
)

// Tally counts what delivery does. It is safe for concurrent use.
type Tally struct {
	events, turns, sends, pauses *prometheus.CounterVec
	letters, handovers, strays   *prometheus.CounterVec
	turnTime, turnLag            prometheus.Histogram
	sendTime, sendLag            prometheus.Histogram
}

var _ delivery.Observer = (*Tally)(nil)

// New returns a Tally whose metrics are registered with r.
func New(r prometheus.Registerer) (*Tally, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "footlight", Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, buckets []float64) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "footlight", Name: name, Help: help, Buckets: buckets})
	}
	m := &Tally{
		events:    counter("events_total", "Events that webhooks brought, by what became of them.", "fate"),
		turns:     counter("turns_total", "Turns, by outcome: taken, none (the event started no turn), failed, aside (given up).", "outcome"),
		sends:     counter("sends_total", "Tries of sends, by outcome and by the class of the refusal.", "outcome", "class"),
		pauses:    counter("pauses_total", "Pages that were paused because of what the platform said."),
		letters:   counter("letters_total", "What was given up, or is asked of people, by what it was: event, send or wish.", "kind"),
		strays:    counter("strays_total", "Turns of people whose topic the script has no more; they went on in the root topic."),
		handovers: counter("handovers_total", "Conversations that changed hands, by who has the word since: human or bot.", "to"),
		turnTime:  histogram("turn_seconds", "Time that turns take, their commit included.", turnBuckets),
		turnLag:   histogram("turn_lag_seconds", "Time between an event and the beginning of its turn.", sendBuckets),
		sendTime:  histogram("send_seconds", "Time that calls to the Send API take.", sendBuckets),
		sendLag:   histogram("send_lag_seconds", "Time between the moment a send is due and its first try.", sendBuckets),
	}
	for _, c := range []prometheus.Collector{m.events, m.turns, m.sends, m.pauses, m.letters, m.handovers, m.strays, m.turnTime, m.turnLag, m.sendTime, m.sendLag} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("metrics of delivery: %w", err)
		}
	}
	return m, nil
}

// Heard implements delivery.Observer.
func (m *Tally) Heard(_ messenger.Event, f delivery.Fate) { m.events.WithLabelValues(string(f)).Inc() }

// Taken implements delivery.Observer.
func (m *Tally) Taken(t delivery.Taken) {
	m.turns.WithLabelValues(t.Outcome()).Inc()
	if slices.ContainsFunc(t.Result.Trace, func(e trace.Event) bool { return e.Kind == trace.Topic && e.Name != "" }) {
		m.strays.WithLabelValues().Inc()
	}
	if t.Err == nil {
		m.turnTime.Observe(t.Took.Seconds())
		m.turnLag.Observe(max(0, t.Lag.Seconds()))
	}
}

// Sent implements delivery.Observer.
func (m *Tally) Sent(s delivery.Sent) {
	m.sends.WithLabelValues(string(s.Outcome), string(s.Class)).Inc()
	if s.Echo {
		return
	}
	m.sendTime.Observe(s.Took.Seconds())
	if s.Tries == 0 {
		m.sendLag.Observe(max(0, s.Lag.Seconds()))
	}
}

// Paused implements delivery.Observer.
func (m *Tally) Paused(store.Pause) { m.pauses.WithLabelValues().Inc() }

// Aside implements delivery.Observer.
func (m *Tally) Aside(_ store.Key, l store.Letter) { m.letters.WithLabelValues(l.Kind).Inc() }

// Handed implements delivery.Observer.
func (m *Tally) Handed(h delivery.Handed) {
	to := "bot"
	if h.Away {
		to = "human"
	}
	m.handovers.WithLabelValues(to).Inc()
}
