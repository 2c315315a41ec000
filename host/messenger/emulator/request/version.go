package request

import (
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/messenger/emulator/value"
)

// version is one Graph version (messenger.md §3.11).
type version struct {
	name string
	ends time.Time // zero: not announced
}

// versions are the Graph versions, oldest first.
var versions = []version{
	{"v19.0", day(2026, time.May, 21)},
	{"v20.0", day(2026, time.September, 24)},
	{"v21.0", day(2027, time.January, 21)},
	{"v22.0", day(2027, time.May, 20)},
	{"v23.0", day(2027, time.October, 8)},
	{"v24.0", day(2028, time.February, 18)},
	{"v25.0", day(2028, time.July, 29)},
	{"v26.0", time.Time{}},
}

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}

// isVersion reports whether an element of a path is one of a version: v26.0, say.
func isVersion(s string) bool {
	major, minor, ok := strings.Cut(strings.TrimPrefix(s, "v"), ".")
	return ok && s[0] == 'v' && len(major) <= 3 && len(minor) <= 2 && value.Digits(major) && value.Digits(minor)
}

// Resolve returns the version that a call for name runs as: name itself, or the
// oldest living one when name has ended or is older than the table. ended has those
// that ended before their time. ok is false for a version that does not exist yet.
func Resolve(name string, now time.Time, ended map[string]bool) (runs string, ok bool) {
	oldest := ""
	for _, v := range versions {
		if ended[v.name] && v.name != Newest() || !v.ends.IsZero() && !now.Before(v.ends) {
			continue
		}
		if v.name == name {
			return name, true
		}
		if oldest == "" {
			oldest = v.name
		}
	}
	return oldest, !newer(name, Newest())
}

// Known reports whether there is, or was, such a version.
func Known(name string) bool {
	return slices.ContainsFunc(versions, func(v version) bool { return v.name == name })
}

// Oldest is the oldest version that lives.
func Oldest(now time.Time) string {
	runs, _ := Resolve("v1.0", now, nil)
	return runs
}

// Newest is the newest version of Graph.
func Newest() string { return versions[len(versions)-1].name }

// newer reports whether version a comes after version b; both are well formed.
func newer(a, b string) bool {
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}
