package clock

import (
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// The law of a virtual clock: a wait is over exactly when the clock has stood at or
// behind its time since it began, unless it was given up before; and nothing is kept of
// waits that are over.
func TestVirtualLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type wait struct {
			at      time.Time
			reached <-chan struct{}
			stop    func()
			want    bool
			stopped bool
		}
		v := NewVirtual(epoch)
		now := epoch
		var waits []*wait
		move := func(to time.Time) {
			now = to
			for _, w := range waits {
				w.want = w.want || !w.stopped && !w.at.After(now)
			}
		}
		seconds := rapid.IntRange(-50, 50)
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				open := 0
				for _, w := range waits {
					if closed(w.reached) != w.want {
						t.Fatalf("wait for %s at %s: reached is %t", w.at, now, !w.want)
					}
					if !w.want && !w.stopped {
						open++
					}
				}
				if !v.Now().Equal(now) {
					t.Fatalf("clock stands at %s, want %s", v.Now(), now)
				}
				if len(v.waiters) != open {
					t.Fatalf("clock keeps %d waits, %d are open", len(v.waiters), open)
				}
			},
			"advance": func(t *rapid.T) {
				d := time.Duration(seconds.Draw(t, "by")) * time.Second
				v.Advance(d)
				move(now.Add(d))
			},
			"set": func(t *rapid.T) {
				to := epoch.Add(time.Duration(seconds.Draw(t, "to")) * time.Second)
				v.Set(to)
				move(to)
			},
			"wait": func(t *rapid.T) {
				w := &wait{at: now.Add(time.Duration(seconds.Draw(t, "for")) * time.Second)}
				w.reached, w.stop = v.At(w.at)
				w.want = !w.at.After(now)
				waits = append(waits, w)
			},
			"stop": func(t *rapid.T) {
				if len(waits) == 0 {
					t.Skip("no wait")
				}
				w := rapid.SampledFrom(waits).Draw(t, "which")
				w.stop()
				w.stopped = true
			},
		})
	})
}

func TestVirtualServesMany(t *testing.T) {
	v := NewVirtual(epoch)
	var sleepers, movers sync.WaitGroup
	for i := range 50 {
		sleepers.Go(func() {
			if err := Sleep(t.Context(), v, time.Duration(i)*time.Second); err != nil {
				t.Errorf("sleeper %d: %v", i, err)
			}
		})
	}
	done := make(chan struct{})
	movers.Go(func() {
		for !closed(done) {
			v.Advance(time.Second)
		}
	})
	sleepers.Wait()
	close(done)
	movers.Wait()
	if len(v.waiters) != 0 {
		t.Errorf("%d waits were left behind", len(v.waiters))
	}
}
