package main

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
)

const (
	acceptTable = "accepting webhooks: signature, JSON, and the event kept before the answer"
	bareRow     = "a Fiber handler that keeps nothing"

	targetAccept = 0.5 // of what the bare handler does, on Redis
)

// rounds is into how many parts a measurement is cut: all take turns, because the speed of
// a machine that others share changes within seconds, and what counts is how they compare.
const rounds = 5

// contender is what takes webhooks, and how it fares.
type contender struct {
	*child
	store *child // nil: it has no process of its own, or there is none
	counted
	cost budget
}

// acceptance measures how many webhooks a second are acknowledged.
func (s *stopwatch) acceptance(ctx context.Context) error {
	kinds := append([]string{bareRow}, s.stores...)
	contenders := make([]contender, len(kinds))
	for i, kind := range kinds {
		s.say("accepting webhooks: %s", kind)
		args := []string{bareMode}
		if kind != bareRow {
			address, store, err := s.store(ctx, kind)
			if err != nil {
				return err
			}
			defer store.stop()
			args, contenders[i].store = []string{doorstepMode, address}, store
		}
		server, err := s.self(ctx, args...)
		if err != nil {
			return err
		}
		defer server.stop()
		contenders[i].child, contenders[i].cost.known = server, true
	}
	for range rounds {
		for i := range contenders {
			if err := s.round(ctx, &contenders[i]); err != nil {
				return err
			}
		}
	}
	for i, kind := range kinds {
		c := &contenders[i]
		slices.Sort(c.took)
		row := s.sheet.Row(acceptTable, 0, kind)
		c.write(row)
		switch kind {
		case bareRow:
		case onRedis:
			row.Add("of bare", c.rate()/contenders[0].rate(), sheet.Times, sheet.AtLeast, targetAccept)
		default:
			row.Add("of bare", c.rate()/contenders[0].rate(), sheet.Times, sheet.Free, targetAccept)
		}
		c.cost.write(s.sheet.Row(acceptBudgetTable, 0, kind), len(c.took))
	}
	return nil
}

// round lets a contender take webhooks for its part of the time.
func (s *stopwatch) round(ctx context.Context, c *contender) error {
	before := spent(c.child, c.store)
	round, err := s.flood(ctx, c.addr, s.time/rounds)
	if err != nil {
		return err
	}
	c.cost = c.cost.plus(spent(c.child, c.store).since(before))
	c.took = append(c.took, round.took...)
	c.elapsed += round.elapsed
	return nil
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

// mean is how long one takes on average.
func (c counted) mean() time.Duration {
	if len(c.took) == 0 {
		return 0
	}
	var all time.Duration
	for _, one := range c.took {
		all += one
	}
	return all / time.Duration(len(c.took))
}

// Parts of all things, for share.
const half, nearlyAll = 0.5, 0.99

func (c counted) write(r sheet.Row) {
	r.Add("rate", c.rate(), sheet.PerSecond, sheet.Free, 0)
	r.Took("p50", c.share(half), sheet.Free, 0)
	r.Took("p99", c.share(nearlyAll), sheet.Free, 0)
}

// flood posts webhooks of ever new people over all connections for a time.
func (s *stopwatch) flood(ctx context.Context, addr string, while time.Duration) (counted, error) {
	took := make([][]time.Duration, s.people)
	errs := make([]error, s.people)
	var hands sync.WaitGroup
	began := s.clock.Now()
	end := began.Add(while)
	for i := range s.people {
		hands.Go(func() { took[i], errs[i] = s.pour(ctx, addr, end) })
	}
	hands.Wait()
	out := counted{took: slices.Concat(took...), elapsed: s.clock.Now().Sub(began)}
	for _, err := range errs {
		if err != nil {
			return counted{}, err
		}
	}
	return out, ctx.Err()
}

// pour posts webhooks over one connection until end.
func (s *stopwatch) pour(ctx context.Context, addr string, end time.Time) ([]time.Duration, error) {
	l, err := dial(addr)
	if err != nil {
		return nil, err
	}
	defer l.close()
	pen := newPen()
	var took []time.Duration
	for ctx.Err() == nil {
		now := s.clock.Now()
		if !now.Before(end) {
			break
		}
		n := s.posted.Add(1)
		request := pen.webhook(pageID, strconv.FormatInt(firstPerson+n, 10), int(n), now.Add(-s.age), "Two tickets for tonight, please")
		began := s.clock.Now()
		if err := l.post(began, request); err != nil {
			return nil, err
		}
		took = append(took, s.clock.Now().Sub(began))
	}
	return took, nil
}
