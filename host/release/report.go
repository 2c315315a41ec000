package release

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// The times of reports.
const (
	// ReportEvery is how often a host reports when nothing changes.
	ReportEvery = 15 * time.Second
	// Stale is the age of a report from which on its host counts as gone.
	Stale = 45 * time.Second
	// forgetReport is the age from which on it is not kept.
	forgetReport = 24 * time.Hour
)

// hostsPaper is the paper of a bot that holds them.
const hostsPaper = "hosts"

// Report is how a host stands.
type Report struct {
	Host    string    `json:"host"`
	Order   uint64    `json:"order"` // the newest that it has seen
	Stage   string    `json:"stage,omitempty"`
	Canary  string    `json:"canary,omitempty"`
	Fault   string    `json:"fault,omitempty"` // why it does not stand as the order has it
	At      time.Time `json:"at"`
	Release string    `json:"release"` // of its footlight
}

// Fresh tells whether the host can be taken to be there.
func (r Report) Fresh(now time.Time) bool { return now.Sub(r.At) < Stale }

// Reports lists how hosts stand, by name.
func (l *Ledger) Reports(ctx context.Context) ([]Report, error) {
	kept := map[string]Report{}
	if _, err := read(ctx, l.papers, l.paper(hostsPaper), &kept); err != nil {
		return nil, err
	}
	return sorted(kept), nil
}

func sorted(reports map[string]Report) []Report {
	return slices.SortedFunc(maps.Values(reports), func(a, b Report) int { return strings.Compare(a.Host, b.Host) })
}

// ReadReports reads the reports in a paper of a store; nil: it is another paper.
func ReadReports(p store.Paper) ([]Report, error) {
	if bot, ok := strings.CutPrefix(p.Name, botsPaper+"/"); !ok || !strings.HasSuffix(bot, "/"+hostsPaper) {
		return nil, nil
	}
	kept := map[string]Report{}
	if err := json.Unmarshal(p.Body, &kept); err != nil {
		return nil, fmt.Errorf("%s in the store: %w", p.Name, err)
	}
	return sorted(kept), nil
}

// report notes how a host stands.
func (l *Ledger) report(ctx context.Context, r Report) error {
	return change(ctx, l.papers, l.paper(hostsPaper), func(kept *map[string]Report) error {
		if *kept == nil {
			*kept = map[string]Report{}
		}
		maps.DeleteFunc(*kept, func(_ string, old Report) bool { return r.At.Sub(old.At) > forgetReport })
		(*kept)[r.Host] = r
		return nil
	})
}
