package main

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
)

const (
	acceptTable = "accepting webhooks: signature, JSON, and the event kept before the answer"
	bareRow     = "a Fiber handler that keeps nothing"

	targetAccept = 0.5 // of what the bare handler does, on Redis
)

// acceptance measures how many webhooks a second are acknowledged.
func (s *stopwatch) acceptance(ctx context.Context) error {
	bare, err := s.accepted(ctx, bareMode)
	if err != nil {
		return err
	}
	bare.write(s.sheet.Row(acceptTable, 0, bareRow))
	for _, kind := range s.stores {
		address, server, err := s.store(ctx, kind)
		if err != nil {
			return err
		}
		kept, err := s.accepted(ctx, doorstepMode, address)
		server.stop()
		if err != nil {
			return err
		}
		row := s.sheet.Row(acceptTable, 0, kind)
		kept.write(row)
		bound := sheet.AtLeast
		if kind != onRedis {
			bound = sheet.Free
		}
		row.Add("of bare", kept.rate()/bare.rate(), sheet.Times, bound, targetAccept)
	}
	return nil
}

// accepted floods a child of stopwatch's own.
func (s *stopwatch) accepted(ctx context.Context, args ...string) (counted, error) {
	s.say("accepting webhooks: %s", args[len(args)-1])
	server, err := s.self(ctx, args...)
	if err != nil {
		return counted{}, err
	}
	defer server.stop()
	return s.flood(ctx, server.addr)
}

// counted is how long each of many things took.
type counted struct {
	took    []time.Duration // ascending
	elapsed time.Duration
}

func (c counted) rate() float64 { return float64(len(c.took)) / c.elapsed.Seconds() }

// share is the time within which a part of all things were done.
func (c counted) share(part float64) time.Duration {
	if len(c.took) == 0 {
		return 0
	}
	return c.took[min(len(c.took)-1, int(float64(len(c.took))*part))]
}

// Parts of all things, for share.
const half, nearlyAll = 0.5, 0.99

func (c counted) write(r sheet.Row) {
	r.Add("rate", c.rate(), sheet.PerSecond, sheet.Free, 0)
	r.Took("p50", c.share(half), sheet.Free, 0)
	r.Took("p99", c.share(nearlyAll), sheet.Free, 0)
}

// flood posts webhooks of ever new people over all connections for the time of a measurement.
func (s *stopwatch) flood(ctx context.Context, addr string) (counted, error) {
	var next atomic.Int64
	took := make([][]time.Duration, s.people)
	errs := make([]error, s.people)
	var hands sync.WaitGroup
	began := s.clock.Now()
	end := began.Add(s.time)
	for i := range s.people {
		hands.Go(func() { took[i], errs[i] = s.pour(ctx, addr, end, &next) })
	}
	hands.Wait()
	out := counted{took: slices.Concat(took...), elapsed: s.clock.Now().Sub(began)}
	slices.Sort(out.took)
	for _, err := range errs {
		if err != nil {
			return counted{}, err
		}
	}
	return out, ctx.Err()
}

// pour posts webhooks over one connection until end.
func (s *stopwatch) pour(ctx context.Context, addr string, end time.Time, next *atomic.Int64) ([]time.Duration, error) {
	l, err := dial(addr)
	if err != nil {
		return nil, err
	}
	defer l.close()
	var took []time.Duration
	for ctx.Err() == nil {
		now := s.clock.Now()
		if !now.Before(end) {
			break
		}
		n := next.Add(1)
		request := webhook(strconv.FormatInt(firstPerson+n, 10), int(n), now.Add(-s.age), "Two tickets for tonight, please")
		began := s.clock.Now()
		if err := l.post(began, request); err != nil {
			return nil, err
		}
		took = append(took, s.clock.Now().Sub(began))
	}
	return took, nil
}
