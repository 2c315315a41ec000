package delivery

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/delivery/group"
)

// Run claims conversations and works on them until ctx ends; then it lets the steps
// in hand finish, for DrainTime at most, gives the leases back and returns nil. It
// can be called once. When it returns no goroutine of the Delivery is left.
func (d *Delivery) Run(ctx context.Context) error {
	if d.started.Swap(true) {
		return errors.New("delivery: run was called twice")
	}
	hard, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	var courtesy sync.WaitGroup
	courtesy.Go(func() { d.marks.run(hard) })
	d.groups = group.New(hard, func(page string) (group.Client, bool) { return d.clients(page) }, d.clock, d.calls)

	d.crew.start(hard, func(j job) {
		left := d.serve(hard, ctx, j)
		d.look(d.crew.done(j.Key) || left)
	})
	d.claim(ctx, hard)
	d.crew.close()

	limit, stop := clock.After(d.clock, DrainTime)
	defer stop()
	select {
	case <-d.crew.closed:
	case <-limit:
		d.log.ErrorContext(ctx, "steps in hand were cut off", "after", DrainTime)
	}
	cut()
	<-d.crew.closed
	d.crew.end()
	courtesy.Wait()
	return nil
}

// claim hands conversations to workers until ctx ends.
func (d *Delivery) claim(ctx, hard context.Context) {
	for {
		free := d.crew.wait(ctx)
		if free == 0 {
			return
		}
		ends := d.clock.Elapsed() + LeaseFor
		claimed, err := d.store.Claim(hard, d.now(), LeaseFor, free)
		d.crew.give(free, claimed, ends)
		switch {
		case err != nil:
			d.log.ErrorContext(ctx, "no work claimed", "error", err)
			_ = clock.Sleep(ctx, d.clock, StoreRetry) // either way the end of ctx is seen
		case len(claimed) < free:
			d.wait(ctx, d.next(ctx))
		}
	}
}

// look makes the claim loop look for the work of a conversation that was in hand: at once when
// there is some, to find out when it is due; and soon when only other hosts can have accepted any meanwhile.
func (d *Delivery) look(known bool) {
	if known {
		d.wake()
		return
	}
	d.wakeIn(LookGap)
}

// next is when to look for work again, by the clock's Elapsed: when the store expects some, but not later
// than the poll. Work that is overdue is somebody else's, or was passed over by
// Claim for a reason: to look again at once would be to spin.
func (d *Delivery) next(ctx context.Context) time.Duration {
	asked, now := d.clock.Elapsed(), d.now()
	poll := asked + d.poll
	at, ok, err := d.store.Next(ctx)
	if err != nil && ctx.Err() == nil {
		d.log.ErrorContext(ctx, "time of the next work unknown", "error", err)
	}
	if ok && at.After(now) && at.Before(now.Add(d.poll)) {
		return asked + at.Sub(now)
	}
	return poll
}

// wait waits until the clock's Elapsed, or for what wakeIn has named, or the end of ctx.
func (d *Delivery) wait(ctx context.Context, until time.Duration) {
	for {
		left := d.alarm.earlier(until) - d.clock.Elapsed()
		if left <= 0 || ctx.Err() != nil {
			d.alarm.reset()
			return
		}
		reached, stop := clock.After(d.clock, left)
		select {
		case <-reached:
		case <-d.alarm.set:
		case <-ctx.Done():
		}
		stop()
	}
}

// wake makes the claim loop look for work at once.
func (d *Delivery) wake() { d.wakeIn(0) }

// wakeIn makes the claim loop look for work in a while, and not before because of it: what
// is not due yet is not worth a question to the store.
func (d *Delivery) wakeIn(wait time.Duration) { d.alarm.put(d.clock.Elapsed() + max(0, wait)) }

// alarm is the next time at which there may be work, by the clock's Elapsed.
type alarm struct {
	set chan struct{} // it has changed

	mu   sync.Mutex
	on   bool
	next time.Duration
}

func newAlarm() *alarm { return &alarm{set: make(chan struct{}, 1)} }

func (a *alarm) put(at time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.on && at >= a.next {
		return
	}
	a.on, a.next = true, at
	select {
	case a.set <- struct{}{}:
	default:
	}
}

// earlier is the alarm, or a time before it.
func (a *alarm) earlier(until time.Duration) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.on {
		return min(a.next, until)
	}
	return until
}

// reset turns the alarm off.
func (a *alarm) reset() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.on = false
	select {
	case <-a.set: // one look is enough for all
	default:
	}
}
