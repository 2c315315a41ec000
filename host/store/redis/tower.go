package redis

// tower says when the next group of a queue may take off.
type tower struct {
	flights int // groups in flight
	aboard  int // callers in them
	around  int // callers that there were at a time, of late
}

// clears tells whether a number of callers may take off: when they are their share of those around, or more have no
// room; and when they have waited long enough, if nobody else is in flight, by whose landing they would be more.
func (t *tower) clears(callers int, late, full bool) bool {
	switch {
	case callers == 0, t.flights == maxFlights:
		return false
	case full, late && t.flights == 0:
		return true
	default:
		return callers*maxFlights >= t.around
	}
}

// takeOff notes a take-off. That there are fewer callers around than before is believed little by little: not all of them
// are always here or in flight.
func (t *tower) takeOff(callers int) {
	t.flights++
	t.aboard += callers
	t.around = max(t.aboard, t.around*3/4)
}

// land notes a landing.
func (t *tower) land(callers int) {
	t.flights--
	t.aboard -= callers
}
