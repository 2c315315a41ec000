package clock

import (
	"testing"
	"testing/synctest"
	"time"
)

// A call comes when its time has come, not once it was given up; and who gives it up waits for one that has begun.
func TestCall(t *testing.T) {
	for _, tt := range []struct {
		name        string
		waits, asks time.Duration // of who gives the call up, before; and of the call
		called      bool
		gone        time.Duration // until both are over
	}{
		{"in time", 2 * time.Second, time.Second / 2, true, 2 * time.Second},
		{"given up", time.Second / 2, time.Second, false, time.Second / 2},
		{"under way", 2 * time.Second, 5 * time.Second, true, 6 * time.Second},
	} {
		for name, start := range map[string]func() Clock{"real": func() Clock { return Real{} }, "running": func() Clock { return NewRunning(Real{}) }} {
			t.Run(tt.name+", "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					began, called := time.Now(), false
					stop := Call(start(), time.Second, func() {
						if waited := time.Since(began); waited != time.Second {
							t.Errorf("called after %s", waited)
						}
						time.Sleep(tt.asks)
						called = true
					})
					time.Sleep(tt.waits)
					stop()
					if called != tt.called || time.Since(began) != tt.gone {
						t.Errorf("called: %t, over after %s", called, time.Since(began))
					}
					time.Sleep(time.Minute)
					if called != tt.called {
						t.Error("called after it was given up")
					}
				})
			})
		}
	}
}
