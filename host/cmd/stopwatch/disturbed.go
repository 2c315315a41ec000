package main

import (
	"context"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
)

// disturbed is how people talk at half the rate, alone and while something happens beside them.
type disturbed struct {
	pace        time.Duration // at which the next one writes on each line
	alone, with talked
}

// disturbed lets people talk alone, then while nuisance runs, which it does until its context ends.
func (s *stopwatch) disturbed(ctx context.Context, p *platform, addr string, nuisance func(context.Context)) (d disturbed, err error) {
	if d.pace, err = s.half(ctx, p, addr); err != nil {
		return d, err
	}
	if d.alone, err = s.talk(ctx, p, addr, s.time/2, d.pace); err != nil {
		return d, err
	}
	d.with, err = s.beset(ctx, p, addr, s.time/2, d.pace, nuisance)
	return d, err
}

// half is the pace at which people ask for half of what the host can do.
func (s *stopwatch) half(ctx context.Context, p *platform, addr string) (time.Duration, error) {
	full, err := s.talk(ctx, p, addr, s.time/5, 0)
	return time.Duration(float64(s.people) / full.turns.rate() * 2 * float64(time.Second)), err
}

// beset lets people talk for a time, at a pace, while nuisance runs.
func (s *stopwatch) beset(ctx context.Context, p *platform, addr string, length, pace time.Duration, nuisance func(context.Context)) (talked, error) {
	going, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		nuisance(going)
	}()
	with, err := s.talk(ctx, p, addr, length, pace)
	stop()
	<-done
	return with, err
}

// write writes both down; what may be lost to the nuisance is times the p99 without it.
func (d disturbed) write(row sheet.Row, times float64) {
	row.Add("turns", d.with.turns.rate(), sheet.PerSecond, sheet.Free, 0)
	row.Took("p50, alone", d.alone.turns.share(half), sheet.Free, 0)
	row.Took("p50", d.with.turns.share(half), sheet.Free, 0)
	before, during := d.alone.turns.share(nearlyAll), d.with.turns.share(nearlyAll)
	row.Took("p99, alone", before, sheet.Free, 0)
	row.Took("p99", during, sheet.Free, 0)
	row.Add("p99 ratio", float64(during)/float64(before), sheet.Times, sheet.AtMost, times)
}
