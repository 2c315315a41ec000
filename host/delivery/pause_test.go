package delivery

import (
	"context"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/store"
)

// asked is a store that counts how often it is asked for pauses.
type asked struct {
	store.Store
	list  []store.Pause
	times int
}

func (a *asked) Pauses(context.Context) ([]store.Pause, error) {
	a.times++
	return a.list, nil
}

// The store is asked now and then; and each time while a pause is in force, as it may have ended.
func TestPausesAreAskedFor(t *testing.T) {
	for _, row := range []struct {
		name   string
		until  time.Duration // of the pause, from the start; 0: until it is resumed; below 0: there is none
		after  time.Duration
		paused bool
		times  int // in a hundred questions within an age
	}{
		{"no pause", -1, 0, false, 1},
		{"a pause", 0, 0, true, 100},
		{"a pause for a while", time.Minute, 0, true, 100},
		{"a pause that has run out", time.Minute, time.Minute, false, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			now := clock.NewVirtual(time.Unix(1000, 0))
			a := &asked{}
			switch {
			case row.until == 0:
				a.list = []store.Pause{{Page: page}}
			case row.until > 0:
				a.list = []store.Pause{{Page: page, Until: now.Now().Add(row.until)}}
			}
			p := &pauses{store: a, clock: now, maxAge: time.Second, hand: newLatch()}
			now.Advance(row.after)
			for range 100 {
				if paused, err := p.paused(t.Context(), page); paused != row.paused || err != nil {
					t.Fatalf("paused: %v, %v", paused, err)
				}
				now.Advance(time.Millisecond)
			}
			if a.times != row.times {
				t.Errorf("the store was asked %d times, want %d", a.times, row.times)
			}
		})
	}
}
