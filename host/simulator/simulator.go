// Package simulator plays whole installations in virtual time: people, several
// hosts on one store, the emulated platform, and misfortune. Every call to the
// store or the platform, every webhook and every answer waits until a schedule lets it
// happen; the seed decides in which order, and what goes wrong. So a failing seed fails again.
//
// After each run an auditor compares what each person saw with what the script must have
// said to them, computed from the order of their messages, and looks for what
// no run may leave behind or let happen on the way.
//
// The hosts run the real delivery, client, stores and script; there is no network, no
// HTTP server and no clock but that of a testing/synctest bubble. No API of the host is promised.
package simulator

import (
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/footlight-bots/footlight/host/delivery"
	"github.com/footlight-bots/footlight/host/simulator/company"
	"github.com/footlight-bots/footlight/host/simulator/vault"
	"github.com/footlight-bots/footlight/host/simulator/weather"
	"github.com/footlight-bots/footlight/host/store"
)

// Options say what is played.
type Options struct {
	Seed    uint64
	Break   func(Parts) Parts      // makes the parts of a host break a law; nil: they are good
	Weather func(*weather.Weather) // changes what the seed has drawn; nil: nothing
	Trace   io.Writer              // every step is told here; nil: nowhere
}

// Parts are the ways of a host to the outside.
type Parts struct {
	Store   store.Store
	Clients func(page string) (delivery.Client, bool)
	Bots    delivery.Bots
	Takes   func(version string, percent float64, page, person string) bool // who belongs to the share of a canary
}

// Report is what came of a run.
type Report struct {
	Seed       uint64
	Violations []string
	Steps      int
	Time       time.Duration // that passed for those in the run
	People     int
	Hosts      int // that ran at any time
	Events     int // turns that people began
	Sends      int // messages that they saw
	Groups     int // calls with several messages
	Grouped    int // messages in them
	Orders     int // to play other versions
	Faults     map[string]int
	Doubles    map[string]int // messages seen twice, by the cause that excuses it
	Sum        uint64         // of all steps: equal runs have equal sums
}

// Theatre is what outlasts a run: the versions of the script, and the place of the stores.
type Theatre struct {
	outside *outside
	company *company.Company
	keeper  vault.Keeper
}

// Open makes a theatre whose stores are of a kind: "bolt" or "redis". It must not be called in a
// bubble, and ends with the test.
func Open(t testing.TB, kind string) *Theatre {
	t.Helper()
	k, err := vault.New(t, kind)
	if err != nil {
		t.Fatal(err)
	}
	o := newOutside()
	cast, err := company.Gather(t.Context(), t.TempDir())
	if err != nil {
		o.close()
		t.Fatal(err)
	}
	theatre := &Theatre{outside: o, company: cast, keeper: k}
	t.Cleanup(func() {
		cast.Close()
		o.close()
	})
	return theatre
}

// year is when runs begin: the platform of the emulator has the versions of that time.
var year = time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC)

// Play plays a run in a bubble of its own.
func (t *Theatre) Play(test *testing.T, o Options) Report {
	report := Report{Seed: o.Seed, Faults: map[string]int{}, Doubles: map[string]int{}}
	synctest.Test(test, func(test *testing.T) {
		time.Sleep(time.Until(year))
		w, err := t.build(o, &report)
		if err != nil {
			test.Fatal(err)
		}
		w.run()
		if err := w.teardown(); err != nil {
			w.violate("teardown: %v", err)
		}
		report.Steps, report.Time, report.Sum = w.steps, time.Since(w.start), w.sum.Sum64()
		report.People, report.Hosts = len(w.people), len(w.hosts)
	})
	return report
}
