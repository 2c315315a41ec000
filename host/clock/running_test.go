package clock

import (
	"testing"
	"time"
)

func TestRunningJumps(t *testing.T) {
	base := NewVirtual(time.Unix(1000, 0))
	r := NewRunning(base)
	late, stopLate := r.At(time.Unix(1060, 0))
	defer stopLate()
	early, stopEarly := r.At(time.Unix(1030, 0))
	defer stopEarly()

	r.Advance(30 * time.Second)
	<-early
	select {
	case <-late:
		t.Fatal("woken half a minute too early")
	default:
	}
	base.Advance(30 * time.Second)
	<-late
	if got := r.Now(); !got.Equal(time.Unix(1060, 0)) {
		t.Errorf("now %v", got)
	}
	r.Advance(-time.Hour)
	if got := r.Now(); !got.Equal(time.Unix(1060, 0)) {
		t.Errorf("a clock went back to %v", got)
	}
}

func TestRunningStopEndsTheWait(t *testing.T) {
	r := NewRunning(NewVirtual(time.Unix(0, 0)))
	reached, stop := r.At(time.Unix(10, 0))
	stop()
	stop()
	r.Advance(time.Minute)
	select {
	case <-reached:
		t.Error("woken after giving up")
	default:
	}
}
