package clock

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRealWakesAtTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		reached, stop := Real{}.At(start.Add(3 * time.Second))
		defer stop()
		<-reached
		if waited := (Real{}).Now().Sub(start); waited != 3*time.Second {
			t.Errorf("woke after %s, want 3s", waited)
		}
	})
}

func TestRealPastIsReachedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		reached, stop := Real{}.At(start.Add(-time.Hour))
		defer stop()
		<-reached
		if !time.Now().Equal(start) {
			t.Error("a time in the past was waited for")
		}
	})
}

func TestRealStopIsFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reached, stop := Real{}.At(time.Now().Add(time.Second))
		stop()
		stop()
		time.Sleep(time.Minute) // of the bubble's clock
		if closed(reached) {
			t.Error("a wait that was given up was reached")
		}
	})
}

func TestSleep(t *testing.T) {
	tests := []struct {
		name string
		d    time.Duration
		dead time.Duration // when the context ends; 0: never
		want time.Duration
		err  error
	}{
		{"whole", time.Minute, 0, time.Minute, nil},
		{"no time", 0, 0, 0, nil},
		{"negative", -time.Minute, 0, 0, nil},
		{"cut short", time.Minute, time.Second, time.Second, context.DeadlineExceeded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				if tt.dead > 0 {
					ctx, cancel = context.WithTimeout(t.Context(), tt.dead)
				}
				defer cancel()
				start := time.Now()
				err := Sleep(ctx, Real{}, tt.d)
				if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
					t.Errorf("error %v, want %v", err, tt.err)
				}
				if slept := time.Since(start); slept != tt.want {
					t.Errorf("slept %s, want %s", slept, tt.want)
				}
			})
		})
	}
}

func TestSleepOnAnEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	v := NewVirtual(time.Unix(0, 0))
	for _, d := range []time.Duration{0, time.Hour} {
		if err := Sleep(ctx, v, d); !errors.Is(err, context.Canceled) {
			t.Errorf("Sleep(%s) = %v, want context.Canceled", d, err)
		}
	}
	if len(v.waiters) != 0 {
		t.Errorf("%d waits were not given up", len(v.waiters))
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Clocks that are set back say that no time has passed, and none goes back; a delay that is skipped has passed.
func TestElapsed(t *testing.T) {
	virtual := NewVirtual(time.Unix(1000, 0))
	running := NewRunning(virtual)
	for _, step := range []struct {
		name             string
		do               func()
		virtual, running time.Duration // elapsed by then
	}{
		{"nothing", func() {}, 0, 0},
		{"time passes", func() { virtual.Advance(time.Minute) }, time.Minute, time.Minute},
		{"set back", func() { virtual.Set(time.Unix(0, 0)) }, time.Minute, time.Minute},
		{"put back", func() { virtual.Advance(-time.Hour) }, time.Minute, time.Minute},
		{"time passes after that", func() { virtual.Advance(time.Second) }, 61 * time.Second, 61 * time.Second},
		{"skipped", func() { running.Advance(time.Hour) }, 61 * time.Second, time.Hour + 61*time.Second},
		{"put back that only goes forward", func() { running.Advance(-time.Hour) }, 61 * time.Second, time.Hour + 61*time.Second},
	} {
		step.do()
		if got := virtual.Elapsed(); got != step.virtual {
			t.Errorf("%s: %s have passed on the virtual clock, want %s", step.name, got, step.virtual)
		}
		if got := running.Elapsed(); got != step.running {
			t.Errorf("%s: %s have passed on the running clock, want %s", step.name, got, step.running)
		}
	}
}

func TestRealElapsed(t *testing.T) {
	if (Real{}).Elapsed() <= 0 {
		t.Error("the time of the process is not positive")
	}
	synctest.Test(t, func(t *testing.T) {
		before := Real{}.Elapsed()
		if before <= 0 {
			t.Errorf("%s have passed as a bubble begins", before)
		}
		time.Sleep(time.Hour) // of the bubble's clock
		if got := (Real{}).Elapsed() - before; got != time.Hour {
			t.Errorf("%s have passed in an hour", got)
		}
	})
}
