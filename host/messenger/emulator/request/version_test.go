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
		runs, ok := Resolve(row.name, row.at, nil)
		if ok != row.ok || ok && runs != row.runs {
			t.Errorf("%s at %s: %s, %v", row.name, row.at, runs, ok)
		}
	}
}

// A version can end before its time, the newest excepted (emulator.md §9).
func TestResolveEnded(t *testing.T) {
	at := time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)
	ended := map[string]bool{"v21.0": true, "v22.0": true, "v26.0": true}
	for name, want := range map[string]string{"v21.0": "v23.0", "v22.0": "v23.0", "v24.0": "v24.0", "v26.0": "v26.0"} {
		if runs, ok := Resolve(name, at, ended); !ok || runs != want {
			t.Errorf("%s runs as %s, %v; want %s", name, runs, ok, want)
		}
	}
}
