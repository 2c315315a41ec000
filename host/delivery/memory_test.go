package delivery

import (
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// What waits is told again and again to operators, and once to an author, whose terminal shows it anyway.
func TestLoud(t *testing.T) {
	for name, row := range map[string]struct {
		once bool
		want int // lines within five minutes
	}{"operator": {false, 5}, "author": {true, 1}} {
		now := clock.NewVirtual(time.Unix(1, 0))
		d := &Delivery{clock: now, once: row.once, quiet: map[string]time.Duration{}}
		lines := 0
		for range 5 * 60 {
			if d.loud("1") {
				lines++
			}
			now.Advance(time.Second)
		}
		if lines != row.want || !d.loud("2") {
			t.Errorf("%s: %d lines, want %d", name, lines, row.want)
		}
	}
}
