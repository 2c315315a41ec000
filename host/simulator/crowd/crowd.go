// Package crowd invents the people of a simulated run: what each of them will say, and who else meddles with the
// conversation, all drawn from the run's seed. Who lives it is the simulator's. No API of the host is promised.
package crowd

import (
	"math/rand/v2"
	"time"

	"github.com/footlight-bots/footlight/host/simulator/company"
	"github.com/footlight-bots/footlight/host/simulator/weather"
)

// Person is what somebody is going to do.
type Person struct {
	Lines  []Line
	Routed bool // the thread changes hands
}

// Line is something that a person says, and when.
type Line struct {
	Form string
	Wait time.Duration // after the line before
	Tap  bool          // by a button
	Rest bool          // followed by a mark that starts no turn

	Human time.Duration // a human writes to the person so much later; 0: nobody does
	Taken time.Duration // the Page's inbox gets the thread so much later; 0: it does not
	Given time.Duration // and the bot gets it back so much later than that
}

// Bad tells whether nobody can answer it.
func (l Line) Bad() bool { return l.Form == company.Poison || l.Form == company.Deadly }

// Invent draws what a person will say.
func Invent(r *rand.Rand, f weather.Weather) Person {
	p := Person{Routed: r.Float64() < f.Route}
	names := company.FormNames
	if p.Routed {
		names = company.Routed
	}
	gaps := []time.Duration{0, 300 * time.Millisecond, 8 * time.Second, 40 * time.Second}
	favourite := gaps[r.IntN(len(gaps))]
	for i := range 1 + r.IntN(f.Messages) {
		gap := favourite
		switch {
		case i == 0 && f.Throng > 0:
			gap = 50 * time.Millisecond
		case i == 0:
			gap = 10 * time.Second
		case r.IntN(3) == 0:
			gap = gaps[r.IntN(len(gaps))]
		}
		form := names[r.IntN(len(names))]
		if r.Float64() < f.Poison {
			if form = company.Poison; r.IntN(3) == 0 {
				form = company.Deadly
			}
		}
		var human time.Duration
		if !p.Routed && r.Float64() < f.Human {
			human = time.Duration(1+r.Int64N(int64(20*time.Second))) * time.Duration(r.IntN(2)+1) / 2
		}
		var taken, given time.Duration
		if p.Routed && r.IntN(4) == 0 {
			taken, given = time.Duration(1+r.Int64N(int64(10*time.Second))), time.Duration(1+r.Int64N(int64(30*time.Second)))
		}
		p.Lines = append(p.Lines, Line{
			Human: human, Taken: taken, Given: given,
			Form: form, Wait: time.Duration(r.Float64() * float64(gap)).Truncate(time.Millisecond),
			Tap: r.IntN(5) == 0, Rest: r.IntN(10) == 0,
		})
	}
	return p
}
