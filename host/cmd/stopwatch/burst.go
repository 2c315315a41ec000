package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
)

const (
	burstTable  = "1,000 messages at once: whole turns of the others at half the rate, while nobody, many people or one person sends them"
	burstLength = 1000 // messages
	burstLines  = 8    // over which they come, as webhooks of one person may come from many of Meta's servers
	burstRounds = 5    // in each of which it is measured alone, beside many and beside one
	// targetBurst is how many times as long as beside many people the others may wait beside one who sends the same
	// messages, in the round in the middle: as long, and a tenth for what two measurements of the same differ by.
	targetBurst = 1.1
)

// shareOfBurst says what the share of one person is.
const shareOfBurst = "A burst of one person delays the others by no more than its share when they wait no longer than while many people write as many\n" +
	"messages in the same time. That all of them have to be taken in and answered, which nobody is spared, is in both figures: it is\n" +
	"what they have above those of nobody. One after the other is measured in each of five rounds, and the round in the middle counts."

// bursts measures what others notice of one person who writes far more than can be answered, against what they notice
// when the same comes from many, in one run.
func (s *stopwatch) bursts(ctx context.Context, kind string) error {
	s.say("a burst of one person: %s", kind)
	p, err := openPlatform(ctx, onePage(s.people+burstRounds*(burstLines+1)), nil)
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
		pace, err := s.half(ctx, p, host.addr)
		if err != nil {
			return err
		}
		var rounds [burstRounds]bout
		for n := range rounds {
			if rounds[n], err = s.bout(ctx, p, host.addr, pace, n); err != nil {
				return err
			}
		}
		writeRounds(s.sheet.Row(burstTable, 0, kind), rounds[:])
		return ctx.Err()
	})
}

// bout is what others noticed in a round: alone, beside many and beside one.
type bout struct {
	alone, many, one talked
	ofMany, ofOne    int64 // answers to them meanwhile
}

// bout measures the nth round. Each has bursts of its own people, and who comes first takes turns: what is left of one burst is in the
// way of the next.
func (s *stopwatch) bout(ctx context.Context, p *platform, addr string, pace time.Duration, n int) (r bout, err error) {
	first := s.people + n*(burstLines+1)
	crowded := burst{stopwatch: s, who: p.all[first*crowd : (first+burstLines)*crowd], addr: addr}
	lonely := burst{stopwatch: s, who: p.on(first + burstLines)[:1], addr: addr}
	length := s.time / burstRounds
	if r.alone, err = s.talk(ctx, p, addr, length, pace); err != nil {
		return r, err
	}
	beside := []struct {
		burst *burst
		out   *talked
	}{{&crowded, &r.many}, {&lonely, &r.one}}
	if n%2 == 1 {
		slices.Reverse(beside)
	}
	for _, b := range beside {
		*b.out, err = s.beset(ctx, p, addr, length, pace, b.burst.run)
		if err = errors.Join(err, b.burst.err); err != nil {
			return r, err
		}
	}
	r.ofMany, r.ofOne = crowded.answered.Load(), lonely.answered.Load()
	return r, nil
}

// writeRounds writes the middle of the rounds down, each figure for itself.
func writeRounds(row sheet.Row, rounds []bout) {
	of := func(figure func(bout) float64) float64 {
		var all []float64
		for _, r := range rounds {
			all = append(all, figure(r))
		}
		return middle(all)
	}
	row.Add("turns", of(func(r bout) float64 { return r.one.turns.rate() }), sheet.PerSecond, sheet.Free, 0)
	for _, c := range []struct {
		beside string
		talked func(bout) talked
	}{
		{"alone", func(r bout) talked { return r.alone }},
		{"beside many", func(r bout) talked { return r.many }},
		{"beside one", func(r bout) talked { return r.one }},
	} {
		row.Took("mean, "+c.beside, time.Duration(of(func(r bout) float64 { return float64(c.talked(r).turns.mean()) })), sheet.Free, 0)
		row.Took("p99, "+c.beside, time.Duration(of(func(r bout) float64 { return float64(c.talked(r).turns.share(nearlyAll)) })), sheet.Free, 0)
	}
	times := func(figure func(talked) time.Duration) float64 {
		return of(func(r bout) float64 { return float64(figure(r.one)) / float64(figure(r.many)) })
	}
	row.Add("mean, one to many", times(func(t talked) time.Duration { return t.turns.mean() }), sheet.Times, sheet.AtMost, targetBurst)
	row.Add("p99, one to many", times(func(t talked) time.Duration { return t.turns.share(nearlyAll) }), sheet.Times, sheet.Free, 0)
	row.Add("answered of many", of(func(r bout) float64 { return float64(r.ofMany) }), sheet.Number, sheet.Free, 0)
	row.Add("of one", of(func(r bout) float64 { return float64(r.ofOne) }), sheet.Number, sheet.Free, 0)
}

// middle is the median of an odd number of figures.
func middle(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
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
