// Package weather draws the misfortunes of a simulated run. What they do is the simulator's. No API of the host is promised.
package weather

import (
	"math/rand/v2"
	"time"
)

// Weather is what a seed draws before anything happens: how much there is of
// everything, and which misfortunes are abroad, each with its chance per occasion.
type Weather struct {
	Hosts, Pages, People int
	Messages             int // each person's, at most
	Workers              int
	Calls                int     // of messages of a Page under way, before others wait for each other
	Throng               float64 // the platform comes last of all that can happen next, and people begin all at once; 0: as it comes
	Poll                 time.Duration
	Linger               float64 // a millisecond passes before the next step

	Crash, Pause, Quit         float64 // of a host, at any of its calls
	StoreErr, StoreSlow        float64 // of one call to the store
	StoreCut, GraphCut         float64 // of the ways of a host, at any of its calls
	Refuse, Lose, Hang, Slow   float64 // of one call to the platform
	DeadToken                  float64 // of a call to the platform: all calls of the Page from then on
	MailLost, AckLost          float64 // of one POST
	MailLate, MailTwice        float64
	Skew                       time.Duration // how far the clocks of the hosts are from the right time
	Jump                       float64       // of a clock, at any call of its host
	Batch, PerEntry, Duplicate int
	Reorder                    int
	Ripen                      time.Duration // how long events wait for earlier ones
	PerSecond                  int           // messages a person is sent per second; 0: any number

	Poison, Human float64 // of a line: that nobody can answer it, and that a human takes the word after it
	Route         float64 // of a person: that the thread changes hands
	Outage        float64 // of the whole platform, for minutes, at any call of a host
	Power         float64 // of a power cut where the store is, at any call of it

	Orders  int     // to play other versions; 0: there is one version only
	Stumble float64 // of a version: that a host cannot load it this time
}

// Forecast draws the weather. Every misfortune is absent from most seeds: what all of them
// together hide, a few of them show.
func Forecast(r *rand.Rand) Weather {
	some := func(p, most float64) float64 {
		if r.Float64() >= p {
			return 0
		}
		return most * (0.1 + 0.9*r.Float64())
	}
	w := Weather{
		Hosts: 1 + r.IntN(3), Pages: 1 + r.IntN(2), Workers: 1 + r.IntN(8),
		Poll: []time.Duration{500 * time.Millisecond, time.Second, 4 * time.Second}[r.IntN(3)], Linger: some(0.5, 0.3),
		Crash: some(0.35, 0.02), Pause: some(0.3, 0.02), Quit: some(0.15, 0.01),
		StoreErr: some(0.3, 0.15), StoreSlow: some(0.3, 0.2),
		StoreCut: some(0.2, 0.02), GraphCut: some(0.2, 0.02),
		Refuse: some(0.35, 0.3), Lose: some(0.3, 0.3), Hang: some(0.15, 0.1), Slow: some(0.3, 0.4),
		DeadToken: some(0.1, 0.03),
		MailLost:  some(0.3, 0.3), AckLost: some(0.3, 0.3), MailLate: some(0.3, 0.4), MailTwice: some(0.3, 0.4),
		Batch: 1, PerEntry: 1, Ripen: []time.Duration{0, 100 * time.Millisecond, 300 * time.Millisecond}[r.IntN(3)],
	}
	w.Poison, w.Human, w.Outage = some(0.25, 0.3), some(0.25, 0.5), some(0.1, 0.005)
	w.Route = some(0.3, 1)
	w.Power = some(0.12, 0.01)
	w.People, w.Messages = size(r)
	if r.IntN(20) == 0 {
		w = w.Clear()
	}
	w.Calls = 1 + r.IntN(2)
	if r.Float64() < 0.25 {
		w = w.throng(r)
	}
	return w.wire(r, some)
}

// throng has many messages of one Page become ready while another is under way, so that they go together.
func (w Weather) throng(r *rand.Rand) Weather {
	w.Throng, w.Calls, w.Pages, w.Workers = 0.5+0.5*r.Float64(), 1, 1, 4+r.IntN(5)
	w.People = max(w.People, 4+r.IntN(8))
	return w
}

// wire draws how the clocks run and how the platform packs its webhooks.
func (w Weather) wire(r *rand.Rand, some func(p, most float64) float64) Weather {
	if r.Float64() < 0.15 {
		w.Skew = time.Duration(r.Int64N(int64(5 * time.Second)))
		if r.Float64() < 0.3 {
			w.Skew = time.Duration(r.Int64N(int64(time.Minute)))
		}
		w.Jump = some(0.7, 0.01)
	}
	if r.Float64() < 0.4 {
		w.Batch, w.PerEntry = 1+r.IntN(20), 1+r.IntN(5)
	}
	if r.Float64() < 0.3 {
		w.Duplicate = 1 + r.IntN(2)
	}
	if r.Float64() < 0.3 {
		w.Reorder = 1 + r.IntN(5)
	}
	if r.Float64() < 0.1 {
		w.PerSecond = 1 + r.IntN(3)
	}
	return w
}

// size draws how many people there are and how much each of them says: mostly few, now
// and then hundreds.
func size(r *rand.Rand) (people, messages int) {
	switch n := r.IntN(100); {
	case n < 70:
		return 1 + r.IntN(4), 2 + r.IntN(10)
	case n < 95:
		return 5 + r.IntN(10), 2 + r.IntN(6)
	case n < 99:
		return 20 + r.IntN(40), 1 + r.IntN(4)
	default:
		return 100 + r.IntN(200), 1 + r.IntN(3)
	}
}

// manyAtOnce is how many people who begin at once may meet the platform's quota of a second, which delays them.
const manyAtOnce = 50

// Calm tells whether nothing delays anything.
func (w Weather) Calm() bool {
	sum := w.Crash + w.Pause + w.Quit + w.StoreErr + w.StoreSlow + w.StoreCut + w.GraphCut + w.Refuse + w.Lose +
		w.Hang + w.Slow + w.DeadToken + w.MailLost + w.AckLost + w.MailLate + w.MailTwice + w.Jump + w.Stumble + w.Poison + w.Human + w.Route + w.Outage + w.Power
	return sum+w.Linger == 0 && w.Skew == 0 && w.Reorder == 0 && w.PerSecond == 0 && (w.Throng == 0 || w.People < manyAtOnce)
}

// Clear is the weather when all misfortunes have passed. Clocks stay as they are.
func (w Weather) Clear() Weather {
	return Weather{
		Orders: w.Orders, Hosts: w.Hosts, Pages: w.Pages, People: w.People, Messages: w.Messages, Workers: w.Workers, Poll: w.Poll,
		Calls: w.Calls, Throng: w.Throng,
		Skew: w.Skew, Batch: w.Batch, Duplicate: w.Duplicate, Reorder: w.Reorder, Ripen: w.Ripen, PerEntry: w.PerEntry, PerSecond: w.PerSecond,
	}
}
