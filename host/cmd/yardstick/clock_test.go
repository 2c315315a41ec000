package main

import (
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// ticking is a clock on which everything takes a microsecond.
type ticking struct{ now *int64 }

func (t ticking) Now() time.Time {
	return time.Unix(0, 0).Add(time.Duration(atomic.AddInt64(t.now, 1)) * time.Microsecond)
}

func (t ticking) Elapsed() time.Duration { return t.Now().Sub(time.Unix(0, 0)) }

func (ticking) At(at time.Time) (<-chan struct{}, func()) { return clock.Real{}.At(at) }
