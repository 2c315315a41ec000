package simulator

import (
	"strings"
	"testing"
)

// A run is not at rest while a host waits for what it has asked of the store: it may be to take events in, whose turns are
// to be taken before the hosts are told to stop.
func TestRestWaitsForSlowCalls(t *testing.T) {
	for _, row := range []struct {
		name string
		call call
		rest bool
	}{
		{"nobody has picked it yet", call{}, true},
		{"it takes its time", call{slowed: true}, false},
		{"nobody waits for it", call{slowed: true, orphan: true}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.call.label = "h1.1 accept"
			w := &world{ledger: &ledger{}, report: &Report{}, parked: []*call{&row.call}}
			what := w.unrest()
			if (what == "") != row.rest || !row.rest && !strings.Contains(what, row.call.label) {
				t.Errorf("unrest is %q, at rest %v", what, row.rest)
			}
		})
	}
}
