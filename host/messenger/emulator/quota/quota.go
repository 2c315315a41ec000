// Package quota counts uses within spans of time, and people who are engaged.
//
// It has no clock and no lock, and refuses nothing itself: its owner says what time
// it is, in order, and what a limit is. Invariant: what is counted costs memory only
// as long as it counts. No API of the host is promised.
package quota

import "time"

// Uses counts uses by key, within a span that slides. The zero value has none.
type Uses struct {
	times map[string][]time.Time
	swept time.Time
}

// sweepAfter is how often keys without recent uses are forgotten.
const sweepAfter = time.Hour

// Spend counts one use under key and reports whether it is within limit per span.
// A use beyond the limit does not count. A limit below 1 means none.
func (u *Uses) Spend(key string, limit int, span time.Duration, now time.Time) bool {
	if limit < 1 {
		return true
	}
	if u.times == nil {
		u.times, u.swept = map[string][]time.Time{}, now
	}
	if now.Sub(u.swept) > sweepAfter && now.Sub(u.swept) > span {
		u.sweep(span, now)
	}
	recent := within(u.times[key], now, span)
	ok := len(recent) < limit
	if ok {
		recent = append(recent, now)
	}
	u.times[key] = recent
	return ok
}

// Used is how many uses under key still count.
func (u *Uses) Used(key string, span time.Duration, now time.Time) int {
	return len(within(u.times[key], now, span))
}

func (u *Uses) sweep(span time.Duration, now time.Time) {
	u.swept = now
	for key, times := range u.times {
		if n := len(times); n == 0 || now.Sub(times[n-1]) >= span {
			delete(u.times, key)
		}
	}
}

// within forgets the times older than span.
func within(times []time.Time, now time.Time, span time.Duration) []time.Time {
	i := 0
	for i < len(times) && now.Sub(times[i]) >= span {
		i++
	}
	return times[i:]
}

// Day is how far back a Page's calls and engaged people count.
const Day = 24 * time.Hour

// Calls counts the calls of a day by the hour. The zero value has none.
type Calls struct{ hours map[time.Time]int }

// Add counts one call.
func (c *Calls) Add(now time.Time) {
	if c.hours == nil {
		c.hours = map[time.Time]int{}
	}
	hour := now.Truncate(time.Hour)
	if _, ok := c.hours[hour]; !ok {
		for h := range c.hours {
			if hour.Sub(h) >= Day {
				delete(c.hours, h)
			}
		}
	}
	c.hours[hour]++
}

// Used is how many calls of the last day there were.
func (c *Calls) Used(now time.Time) int {
	n := 0
	for h, calls := range c.hours {
		if now.Sub(h) < Day {
			n += calls
		}
	}
	return n
}
