package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// clockSetting in the environment names the clock of a process that a test starts.
const clockSetting = "FOOTLIGHT_TEST_CLOCK"

// brisk is a clock that runs faster than the machine's, the same in all processes:
// leases, pauses and delays keep their proportions, and nobody sits through them.
type brisk struct {
	from  time.Time // when it showed the same as the machine's
	times int64     // how much faster it runs
}

func newBrisk(times int64) brisk {
	return brisk{from: time.Unix(0, time.Now().UnixNano()), times: times}
}

// Now implements clock.Clock.
func (b brisk) Now() time.Time {
	return b.from.Add(time.Since(b.from) * time.Duration(b.times))
}

// Elapsed implements clock.Clock.
func (b brisk) Elapsed() time.Duration { return b.Now().Sub(b.from) }

// At implements clock.Clock.
func (b brisk) At(t time.Time) (<-chan struct{}, func()) {
	after := (t.Sub(b.from) + time.Duration(b.times) - 1) / time.Duration(b.times) // not early
	return clock.Real{}.At(b.from.Add(after))
}

// setting is the clock as clockOf reads it.
func (b brisk) setting() string { return fmt.Sprintf("%d@%d", b.times, b.from.UnixNano()) }

// clockOf is the clock that a setting names; without one it is the machine's.
func clockOf(setting string) clock.Clock {
	if setting == "" {
		return clock.Real{}
	}
	var from int64
	b := brisk{}
	if _, err := fmt.Sscanf(setting, "%d@%d", &b.times, &from); err != nil {
		panic(fmt.Sprintf("%s=%s: %v", clockSetting, setting, err))
	}
	b.from = time.Unix(0, from)
	return b
}

func TestBriskClock(t *testing.T) {
	b := newBrisk(1000)
	if again := clockOf(b.setting()); again != clock.Clock(b) {
		t.Errorf("clock %v is read as %v", b, again)
	}
	begun := b.Elapsed()
	due := b.Now().Add(5 * time.Second)
	reached, stop := b.At(due)
	defer stop()
	<-reached
	if early := due.Sub(b.Now()); early > 0 {
		t.Errorf("woke %s early", early)
	}
	if passed := b.Elapsed() - begun; begun < 0 || passed < 5*time.Second {
		t.Errorf("%s have passed since %s, want 5s at least", passed, begun)
	}
}
