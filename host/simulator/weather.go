package simulator

import (
	"math/rand/v2"
	"time"
)

// weather is what a seed draws before anything happens: how much there is of
// everything, and which misfortunes are abroad, each with its chance per occasion.
type weather struct {
	hosts, pages, people int
	messages             int // each person's, at most
	workers              int
	poll                 time.Duration
	linger               float64 // a millisecond passes before the next step

	crash, pause, quit         float64 // of a host, at any of its calls
	storeErr, storeSlow        float64 // of one call to the store
	storeCut, graphCut         float64 // of the ways of a host, at any of its calls
	refuse, lose, hang, slow   float64 // of one call to the platform
	deadToken                  float64 // of a call to the platform: all calls of the Page from then on
	mailLost, ackLost          float64 // of one POST
	mailLate, mailTwice        float64
	skew                       time.Duration // how far the clocks of the hosts are from the right time
	jump                       float64       // of a clock, at any call of its host
	batch, perEntry, duplicate int
	reorder                    int
	ripen                      time.Duration // how long events wait for earlier ones
	perSecond                  int           // messages a person is sent per second; 0: any number

	poison, human float64 // of a line: that nobody can answer it, and that a human takes the word after it
	route         float64 // of a person: that the thread changes hands
	outage        float64 // of the whole platform, for minutes, at any call of a host
	power         float64 // of a power cut where the store is, at any call of it

	orders  int     // to play other versions; 0: there is one version only
	stumble float64 // of a version: that a host cannot load it this time
}

// forecast draws the weather. Every misfortune is absent from most seeds: what all of them
// together hide, a few of them show.
func forecast(r *rand.Rand) weather {
	some := func(p, most float64) float64 {
		if r.Float64() >= p {
			return 0
		}
		return most * (0.1 + 0.9*r.Float64())
	}
	w := weather{
		hosts: 1 + r.IntN(3), pages: 1 + r.IntN(2), workers: 1 + r.IntN(8),
		poll: []time.Duration{500 * time.Millisecond, time.Second, 4 * time.Second}[r.IntN(3)], linger: some(0.5, 0.3),
		crash: some(0.35, 0.02), pause: some(0.3, 0.02), quit: some(0.15, 0.01),
		storeErr: some(0.3, 0.15), storeSlow: some(0.3, 0.2),
		storeCut: some(0.2, 0.02), graphCut: some(0.2, 0.02),
		refuse: some(0.35, 0.3), lose: some(0.3, 0.3), hang: some(0.15, 0.1), slow: some(0.3, 0.4),
		deadToken: some(0.1, 0.03),
		mailLost:  some(0.3, 0.3), ackLost: some(0.3, 0.3), mailLate: some(0.3, 0.4), mailTwice: some(0.3, 0.4),
		batch: 1, perEntry: 1, ripen: []time.Duration{0, 100 * time.Millisecond, 300 * time.Millisecond}[r.IntN(3)],
	}
	w.poison, w.human, w.outage = some(0.25, 0.3), some(0.25, 0.5), some(0.1, 0.005)
	w.route = some(0.3, 1)
	w.power = some(0.12, 0.01)
	w.people, w.messages = size(r)
	if r.IntN(20) == 0 {
		w = w.clear()
	}
	return w.wire(r, some)
}

// wire draws how the clocks run and how the platform packs its webhooks.
func (w weather) wire(r *rand.Rand, some func(p, most float64) float64) weather {
	if r.Float64() < 0.15 {
		w.skew = time.Duration(r.Int64N(int64(5 * time.Second)))
		if r.Float64() < 0.3 {
			w.skew = time.Duration(r.Int64N(int64(time.Minute)))
		}
		w.jump = some(0.7, 0.01)
	}
	if r.Float64() < 0.4 {
		w.batch, w.perEntry = 1+r.IntN(20), 1+r.IntN(5)
	}
	if r.Float64() < 0.3 {
		w.duplicate = 1 + r.IntN(2)
	}
	if r.Float64() < 0.3 {
		w.reorder = 1 + r.IntN(5)
	}
	if r.Float64() < 0.1 {
		w.perSecond = 1 + r.IntN(3)
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

// calm tells whether nothing delays anything.
func (w weather) calm() bool {
	sum := w.crash + w.pause + w.quit + w.storeErr + w.storeSlow + w.storeCut + w.graphCut + w.refuse + w.lose +
		w.hang + w.slow + w.deadToken + w.mailLost + w.ackLost + w.mailLate + w.mailTwice + w.jump + w.stumble + w.poison + w.human + w.route + w.outage + w.power
	return sum+w.linger == 0 && w.skew == 0 && w.reorder == 0 && w.perSecond == 0
}

// clear is the weather when all misfortunes have passed. Clocks stay as they are.
func (w weather) clear() weather {
	return weather{
		orders: w.orders, hosts: w.hosts, pages: w.pages, people: w.people, messages: w.messages, workers: w.workers, poll: w.poll,
		skew: w.skew, batch: w.batch, duplicate: w.duplicate, reorder: w.reorder, ripen: w.ripen, perEntry: w.perEntry, perSecond: w.perSecond,
	}
}
