package messenger

import (
	"strconv"
	"strings"
	"time"
)

// versionEnds are the last days of Graph versions, as far as they are known (messenger.md
// section 3.11). A newer version than these has no end yet.
var versionEnds = map[string]time.Time{
	"v19.0": time.Date(2026, 5, 21, 0, 0, 0, 0, time.UTC),
	"v20.0": time.Date(2026, 9, 24, 0, 0, 0, 0, time.UTC),
	"v21.0": time.Date(2027, 1, 21, 0, 0, 0, 0, time.UTC),
	"v22.0": time.Date(2027, 5, 20, 0, 0, 0, 0, time.UTC),
	"v23.0": time.Date(2027, 10, 8, 0, 0, 0, 0, time.UTC),
	"v24.0": time.Date(2028, 2, 18, 0, 0, 0, 0, time.UTC),
	"v25.0": time.Date(2028, 7, 29, 0, 0, 0, 0, time.UTC),
}

// oldestVersion is the oldest whose end is known; older ones have all ended.
const oldestVersion = 19

// VersionEnd is when a Graph version ends, after which calls run as a newer one. ok is
// false as long as the platform has set no day.
func VersionEnd(version string) (end time.Time, ok bool) {
	if end, ok = versionEnds[version]; ok {
		return end, true
	}
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if n, err := strconv.Atoi(major); err == nil && n < oldestVersion {
		return versionEnds["v"+strconv.Itoa(oldestVersion)+".0"], true
	}
	return time.Time{}, false
}
