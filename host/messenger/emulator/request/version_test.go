package request

import (
	"testing"
	"time"
)

// A call for a version that has ended runs as the oldest living one (messenger.md §3.11).
func TestResolve(t *testing.T) {
	start := time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		at         time.Time
		name, runs string
		ok         bool
	}{
		{start, "v26.0", "v26.0", true},
		{start, "v21.0", "v21.0", true},
		{start, "v20.0", "v21.0", true},
		{start, "v2.6", "v21.0", true},
		{day(2027, time.January, 21), "v21.0", "v22.0", true},
		{day(2030, time.January, 1), "v21.0", "v26.0", true},
		{start, "v27.0", "", false},
		{start, "v100.0", "", false},
	} {
		runs, ok := Resolve(row.name, row.at)
		if ok != row.ok || ok && runs != row.runs {
			t.Errorf("%s at %s: %s, %v", row.name, row.at, runs, ok)
		}
	}
}
