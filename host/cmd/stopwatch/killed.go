package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/bench/sheet"
	"github.com/footlight-bots/footlight/host/clock"
)

const killedTable = "two hosts on one Redis, one killed amid the load"

// killed lets people talk to two hosts, kills one of them, and counts what each
// person was answered: everything once, and the count in it without gap or jump.
func (s *stopwatch) killed(ctx context.Context) error {
	s.say("two hosts on one Redis, one killed")
	c, err := s.openCluster(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	dir, err := s.folder(map[string]string{scriptFile: counting})
	if err != nil {
		return err
	}
	for range 2 {
		if err := c.join(ctx, dir); err != nil {
			return err
		}
	}
	all, err := c.amid(ctx, func(ctx context.Context) error {
		err := clock.Sleep(ctx, s.clock, s.time/2)
		c.hosts[0].kill()
		return errors.Join(err, clock.Sleep(ctx, s.clock, s.time/2))
	})
	if err != nil {
		return err
	}
	all.write(s.sheet.Row(killedTable, 0, onRedis))
	return ctx.Err()
}

// audit is what became of one person's messages.
type audit struct {
	answered, lost, doubled, wrong int
	longest                        time.Duration
}

// sum is what became of all.
func sum(audits []audit) (all audit) {
	for _, a := range audits {
		all.answered += a.answered
		all.lost += a.lost
		all.doubled += a.doubled
		all.wrong += a.wrong
		all.longest = max(all.longest, a.longest)
	}
	return all
}

func (a audit) write(row sheet.Row) {
	row.Add("answered", float64(a.answered), sheet.Number, sheet.Free, 0)
	row.Add("lost", float64(a.lost), sheet.Number, sheet.AtMost, 0)
	row.Add("wrong answers", float64(a.wrong), sheet.Number, sheet.AtMost, 0)
	row.Add("seen twice", float64(a.doubled), sheet.Number, sheet.Free, 0)
	row.Took("longest wait", a.longest, sheet.Free, 0)
}

// persist is people taking turns with whichever host is there until it is over; what was not
// acknowledged is posted again, as Meta does.
func (s *stopwatch) persist(ctx context.Context, people []*person, addrs []string, turn int, over func() bool) (a audit) {
	var l *line
	defer func() {
		if l != nil {
			l.close()
		}
	}()
	pen := newPen()
	for i := 0; ctx.Err() == nil && !over(); i++ {
		one := people[i%len(people)]
		one.said++
		began := s.clock.Now()
		request := pen.webhook(one.page, one.id, one.said, began.Add(-s.age), one.next())
		for acked := false; !acked && ctx.Err() == nil; {
			var err error
			if l == nil {
				l, err = dial(addrs[turn%len(addrs)])
			}
			if err == nil {
				err = l.post(s.clock.Now(), request)
			}
			acked = err == nil
			if !acked {
				if l != nil {
					l.close()
					l = nil
				}
				turn++ // to the other host, as a load balancer would
			}
		}
		s.collect(ctx, one, &a)
		a.longest = max(a.longest, s.clock.Now().Sub(began))
	}
	return a
}

// collect waits for the answer to what a person said last, and sees what else comes.
func (s *stopwatch) collect(ctx context.Context, one *person, a *audit) {
	late, stop := s.clock.At(s.clock.Now().Add(patience))
	defer stop()
	want := one.want()
	for {
		select {
		case got := <-one.replies:
			got, by, _ := strings.Cut(strings.TrimSpace(got), " (")
			var count, ticket int
			n, _ := fmt.Sscanf(got, "%d: ticket %d", &count, &ticket)
			_, err := editionOf(by)
			switch {
			case got == want && err == nil:
				a.answered++
				return
			case n == 2 && ticket < one.said && count == ticket && err == nil:
				a.doubled++ // the rest of doubt: it went out, and its host died before it could say so
			default:
				a.wrong++
				return
			}
		case <-late:
			a.lost++
			return
		case <-ctx.Done():
			return
		}
	}
}
