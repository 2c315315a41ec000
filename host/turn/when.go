package turn

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// span is a number and a unit (L-REM-2).
var span = regexp.MustCompile(`(?i)^([0-9]+(?:\.[0-9]+)?)\s*(second|minute|hour|day|week)s?$`)

var units = map[string]time.Duration{
	"second": time.Second, "minute": time.Minute, "hour": time.Hour,
	"day": 24 * time.Hour, "week": 7 * 24 * time.Hour,
}

var digits = regexp.MustCompile(`^[0-9]+$`)

// The forms of ISO 8601 dates that are read. Without a zone they are UTC;
// fractions of a second may follow.
var (
	isoDays  = []string{"2006-01-02T", "20060102T"}
	isoTimes = []string{"15:04:05", "15:04", "150405", "1504"}
	isoZones = []string{"", "Z07:00", "Z0700", "Z07"}
)

// reminderTime reads when a reminder is to come due (L-REM-2), to the millisecond.
func reminderTime(text string, now time.Time) (time.Time, error) {
	text = strings.TrimSpace(text)
	limit := now.AddDate(maxReminderYears, 0, 0)
	at, ok := time.Time{}, true
	switch m := span.FindStringSubmatch(text); {
	case m != nil:
		number, err := strconv.ParseFloat(m[1], 64)
		ahead := number * float64(units[strings.ToLower(m[2])])
		if err != nil || ahead > float64(math.MaxInt64/2) {
			ahead = math.MaxInt64 / 2 // far beyond the limit
		}
		at = now.Add(time.Duration(ahead))
	case digits.MatchString(text):
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n > limit.UnixMilli() {
			n = limit.UnixMilli() + 1
		}
		at = time.UnixMilli(n).UTC()
	default:
		at, ok = isoTime(text)
	}
	switch {
	case !ok:
		return time.Time{}, fmt.Errorf("%q is no time; write 30 minutes, 2026-01-31T18:00:00Z or Unix milliseconds", text)
	case at.After(limit):
		return time.Time{}, fmt.Errorf("%s is more than a year ahead", text)
	}
	return at.Truncate(time.Millisecond), nil
}

func isoTime(text string) (time.Time, bool) {
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return at, true
	}
	for _, day := range isoDays {
		for _, clock := range isoTimes {
			for _, zone := range isoZones {
				if at, err := time.Parse(day+clock+zone, text); err == nil {
					return at.UTC(), true
				}
			}
		}
	}
	return time.Time{}, false
}
