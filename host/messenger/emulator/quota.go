package emulator

import "time"

// Spans over which calls are counted.
const (
	callSpan    = 24 * time.Hour
	profileSpan = 10 * time.Minute
)

// metaCallsPerUser is Meta's number of calls per engaged user and day. The usage
// headers are reckoned with it even where the quota itself is off.
const metaCallsPerUser = 200

// within forgets the times older than span and reports how many are left.
func within(times []time.Time, now time.Time, span time.Duration) []time.Time {
	i := 0
	for i < len(times) && now.Sub(times[i]) >= span {
		i++
	}
	return times[i:]
}

// spend counts one use under key and reports whether it is within limit per span.
// A limit below 1 means none. The mutex is held.
func (e *Emulator) spend(uses map[string][]time.Time, key string, limit int, span time.Duration) bool {
	if limit < 1 {
		return true
	}
	now := e.clock.Now()
	recent := within(uses[key], now, span)
	ok := len(recent) < limit
	if ok {
		recent = append(recent, now)
	}
	uses[key] = recent
	return ok
}

// count notes one call of a Page for the daily quota and the usage headers.
func (e *Emulator) count(p *page) {
	hour := e.clock.Now().Truncate(time.Hour)
	for h := range p.calls {
		if hour.Sub(h) >= callSpan {
			delete(p.calls, h)
		}
	}
	p.calls[hour]++
}

// usedShare is the part of its daily calls that a Page has used, 1 being all.
func (e *Emulator) usedShare(p *page) float64 {
	perUser := e.quotas.CallsPerEngagedUser
	if perUser < 1 {
		perUser = metaCallsPerUser
	}
	now, used := e.clock.Now(), 0
	for h, n := range p.calls {
		if now.Sub(h) < callSpan {
			used += n
		}
	}
	if used == 0 {
		return 0
	}
	return float64(used) / float64(perUser*max(1, p.engaged(now)))
}
