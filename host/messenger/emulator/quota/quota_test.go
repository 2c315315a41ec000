package quota

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

func TestSpend(t *testing.T) {
	var u Uses
	for _, row := range []struct {
		after time.Duration
		key   string
		ok    bool
	}{
		{0, "a", true},
		{0, "a", true},
		{0, "a", false},
		{0, "b", true},
		{999 * time.Millisecond, "a", false},
		{time.Second, "a", true},
	} {
		if ok := u.Spend(row.key, 2, time.Second, start.Add(row.after)); ok != row.ok {
			t.Errorf("%s after %s: %v", row.key, row.after, ok)
		}
	}
	if !u.Spend("a", -1, time.Second, start.Add(time.Second)) {
		t.Error("no limit: refused")
	}
	if n := u.Used("a", time.Second, start.Add(time.Second)); n != 1 {
		t.Errorf("%d uses count", n)
	}
}

// Keys that are no longer used cost nothing.
func TestSpendForgets(t *testing.T) {
	var u Uses
	for i := range 1000 {
		u.Spend(fmt.Sprint(i), 1, time.Second, start)
	}
	if u.Spend("last", 1, time.Second, start.Add(2*sweepAfter)); len(u.times) != 1 {
		t.Errorf("%d keys are kept", len(u.times))
	}
}

func TestCalls(t *testing.T) {
	var c Calls
	c.Add(start)
	c.Add(start.Add(time.Hour))
	for after, want := range map[time.Duration]int{time.Hour: 2, Day: 1, Day + 2*time.Hour: 0} {
		if n := c.Used(start.Add(after)); n != want {
			t.Errorf("after %s: %d calls, want %d", after, n, want)
		}
	}
	if c.Add(start.Add(3 * Day)); len(c.hours) != 1 {
		t.Errorf("%d hours are kept", len(c.hours))
	}
}

// The count is that of a plain look at everybody's last action.
func TestEngaged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var g Engaged
		last, now := map[string]time.Time{}, start
		for range rapid.IntRange(1, 60).Draw(t, "acts") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "hours")) * time.Hour)
			who := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "who")
			g.Note(who, now)
			last[who] = now
			want := 0
			for _, at := range last {
				if now.Sub(at) < Day {
					want++
				}
			}
			if rapid.Bool().Draw(t, "look") {
				if n := g.Count(now); n != want {
					t.Fatalf("%d are engaged, want %d", n, want)
				}
			}
			if len(g.queue) > len(last) {
				t.Fatalf("%d visits of %d people are kept", len(g.queue), len(last))
			}
		}
	})
}
