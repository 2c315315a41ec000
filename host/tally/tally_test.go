package tally

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

func TestTally(t *testing.T) {
	r := prometheus.NewRegistry()
	m, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(r); err == nil {
		t.Error("the same metrics were registered twice")
	}
	all := delivery.All{m, delivery.Silent{}}
	all.Heard(messenger.Event{}, delivery.Kept)
	all.Heard(messenger.Event{}, delivery.Repeated)
	all.Taken(delivery.Taken{Result: turn.Result{Ran: true}, Took: time.Millisecond, Lag: -time.Second})
	all.Taken(delivery.Taken{})
	all.Taken(delivery.Taken{Err: errors.New("x")})
	all.Taken(delivery.Taken{Err: errors.New("x"), Aside: true})
	all.Sent(delivery.Sent{Outcome: delivery.Delivered, Took: 100 * time.Millisecond})
	all.Sent(delivery.Sent{Outcome: delivery.Again, Class: messenger.ClassRate, Tries: 1})
	all.Sent(delivery.Sent{Outcome: delivery.Delivered, Echo: true})
	all.Paused(store.Pause{})
	want := map[string]float64{
		"events kept": 1, "events repeated": 1,
		"turns taken": 1, "turns none": 1, "turns failed": 1, "turns aside": 1,
		"sends  delivered": 2, "sends R again": 1,
		"pauses": 1,
	}
	if diff := cmp.Diff(want, counters(t, r)); diff != "" {
		t.Error(diff)
	}
	for name, n := range map[string]uint64{"footlight_turn_seconds": 2, "footlight_send_seconds": 2, "footlight_send_lag_seconds": 1} {
		if got := observations(t, r, name); got != n {
			t.Errorf("%s has %d observations, want %d", name, got, n)
		}
	}
}

// counters are all counters by name and values of their labels.
func counters(t *testing.T, r *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, f := range families {
		short, isCounter := strings.CutSuffix(strings.TrimPrefix(f.GetName(), "footlight_"), "_total")
		if !isCounter {
			continue
		}
		for _, m := range f.GetMetric() {
			name := short
			for _, l := range m.GetLabel() {
				name += " " + l.GetValue()
			}
			out[name] = m.GetCounter().GetValue()
		}
	}
	return out
}

func observations(t *testing.T, r *prometheus.Registry, name string) uint64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetHistogram().GetSampleCount()
		}
	}
	t.Fatalf("%s is missing", name)
	return 0
}
