package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/footlight-bots/footlight/host/bench/sheet"
)

const (
	burstTable  = "1,000 messages at once: whole turns of the others at half the rate, while nobody, many people or one person sends them"
	burstLength = 1000 // messages
	burstLines  = 8    // over which they come, as webhooks of one person may come from many of Meta's servers
	// targetBurst is how many times as long as beside many people the others may wait beside one who sends the same
	// messages: as long, and a tenth for what two measurements of the same differ by.
	targetBurst = 1.1
)

// shareOfBurst says what the share of one person is.
const shareOfBurst = "A burst of one person delays the others by no more than its share when they wait no longer than while many people write as many\n" +
	"messages in the same time. That all of them have to be taken in, which nobody is spared, is in both figures."

// bursts measures what others notice of one person who writes far more than can be answered, against what they notice
// when the same comes from many, in one run.
func (s *stopwatch) bursts(ctx context.Context, kind string) error {
	s.say("a burst of one person: %s", kind)
	p, err := openPlatform(ctx, onePage(s.people+burstLines+1), nil)
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
		crowded := burst{stopwatch: s, who: p.all[s.people*crowd : (s.people+burstLines)*crowd], addr: host.addr}
		lonely := burst{stopwatch: s, who: p.on(s.people + burstLines)[:1], addr: host.addr}
		many, err := s.disturbed(ctx, p, host.addr, crowded.run)
		if err = errors.Join(err, crowded.err); err != nil {
			return err
		}
		one, err := s.beset(ctx, p, host.addr, many.pace, lonely.run)
		if err = errors.Join(err, lonely.err); err != nil {
			return err
		}
		row := s.sheet.Row(burstTable, 0, kind)
		row.Add("turns", one.turns.rate(), sheet.PerSecond, sheet.Free, 0)
		for _, c := range []struct {
			beside string
			talked talked
		}{{"alone", many.alone}, {"beside many", many.with}, {"beside one", one}} {
			row.Took("mean, "+c.beside, c.talked.turns.mean(), sheet.Free, 0)
			row.Took("p99, "+c.beside, c.talked.turns.share(nearlyAll), sheet.Free, 0)
		}
		row.Add("mean, one to many", float64(one.turns.mean())/float64(many.with.turns.mean()), sheet.Times, sheet.AtMost, targetBurst)
		row.Add("p99, one to many", float64(one.turns.share(nearlyAll))/float64(many.with.turns.share(nearlyAll)), sheet.Times, sheet.Free, 0)
		row.Add("answered of many", float64(crowded.answered.Load()), sheet.Number, sheet.Free, 0)
		row.Add("of one", float64(lonely.answered.Load()), sheet.Number, sheet.Free, 0)
		return ctx.Err()
	})
}

// burst is people who write, by turns, as quickly as it is taken.
type burst struct {
	*stopwatch
	who            []*person
	addr           string
	said, answered atomic.Int64
	err            error // of the lines that failed
}

// run posts the burst and counts answers to it until ctx ends.
func (b *burst) run(ctx context.Context) {
	var hands sync.WaitGroup
	errs := make([]error, burstLines)
	for i := range errs {
		hands.Go(func() { errs[i] = b.pour(ctx) })
	}
	for _, one := range b.who {
		hands.Go(func() { b.count(ctx, one) })
	}
	hands.Wait()
	b.err = errors.Join(errs...)
}

// count counts the answers to one person until ctx ends.
func (b *burst) count(ctx context.Context, one *person) {
	for {
		select {
		case <-one.replies:
			b.answered.Add(1)
		case <-ctx.Done():
			return
		}
	}
}

// pour posts messages of the burst over one connection until all are said.
func (b *burst) pour(ctx context.Context) error {
	l, err := dial(b.addr)
	if err != nil {
		return err
	}
	defer l.close()
	pen := newPen()
	for ctx.Err() == nil {
		n := int(b.said.Add(1))
		if n > burstLength {
			return nil
		}
		one, now := b.who[n%len(b.who)], b.clock.Now()
		if err := l.post(now, pen.webhook(one.page, one.id, n, now.Add(-b.age), "ticket 1")); err != nil {
			return err
		}
	}
	return nil
}
