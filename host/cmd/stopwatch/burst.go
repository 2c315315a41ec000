package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/footlight-bots/footlight/host/bench/sheet"
)

const (
	burstTable  = "one person sends 1,000 messages at once: whole turns of the others at half the rate, without and with the burst"
	burstLength = 1000 // messages
	burstLines  = 8    // over which they come, as webhooks of one person may come from many of Meta's servers
	targetBurst = 2    // times the p99 of the others without it
)

// bursts measures what others notice of one person who writes far more than can be answered, in one run.
func (s *stopwatch) bursts(ctx context.Context, kind string) error {
	s.say("a burst of one person: %s", kind)
	p, err := openPlatform(ctx, onePage(s.people+1), nil)
	if err != nil {
		return err
	}
	defer p.close()
	dir, err := s.folder(map[string]string{scriptFile: counting})
	if err != nil {
		return err
	}
	return s.withHost(ctx, kind, dir, p.url, func(host, _ *child) error {
		defer host.kill() // answers to the rest of the burst are nobody's concern
		b := burst{stopwatch: s, who: p.on(s.people)[0], addr: host.addr}
		both, err := s.disturbed(ctx, p, host.addr, b.run)
		if err = errors.Join(err, b.err); err != nil {
			return err
		}
		row := s.sheet.Row(burstTable, 0, kind)
		both.write(row, targetBurst)
		row.Add("burst", float64(b.posted.Load()), sheet.Number, sheet.Free, 0)
		row.Add("answered", float64(b.answered), sheet.Number, sheet.Free, 0)
		return ctx.Err()
	})
}

// burst is one person who writes as quickly as it is taken.
type burst struct {
	*stopwatch
	who      *person
	addr     string
	posted   atomic.Int64
	answered int
	err      error // of the first line that failed
}

// run posts the burst and counts answers to it until ctx ends.
func (b *burst) run(ctx context.Context) {
	var lines sync.WaitGroup
	errs := make([]error, burstLines)
	var said atomic.Int64
	for i := range errs {
		lines.Go(func() { errs[i] = b.pour(ctx, &said) })
	}
	for ctx.Err() == nil {
		select {
		case <-b.who.replies:
			b.answered++
		case <-ctx.Done():
		}
	}
	lines.Wait()
	b.err = errors.Join(errs...)
}

// pour posts messages of the burst over one connection until all are said.
func (b *burst) pour(ctx context.Context, said *atomic.Int64) error {
	l, err := dial(b.addr)
	if err != nil {
		return err
	}
	defer l.close()
	pen := newPen()
	for ctx.Err() == nil {
		n := said.Add(1)
		if n > burstLength {
			return nil
		}
		now := b.clock.Now()
		if err := l.post(now, pen.webhook(b.who.page, b.who.id, int(n), now.Add(-b.age), "ticket 1")); err != nil {
			return err
		}
		b.posted.Add(1)
	}
	return nil
}
