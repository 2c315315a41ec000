package repertoire

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/lull"
)

// Visit is the presence of somebody in a bot. Leave ends it.
type Visit struct {
	seat *Seat
	ctx  context.Context // of the visit: it is where it waits

	mu     sync.Mutex
	lulls  int           // that go on
	placed bool          // it has a place of the bot
	slow   bool          // it has one in the lane as well
	since  time.Time     // it has its place; what it rested is left out
	breath time.Time     // it rested, or looked whether it should
	spent  time.Duration // in places before
	rested time.Duration // in places
}

var _ lull.Lender = (*Visit)(nil)

// Context is ctx for what is done in the bot: while that waits for others, somebody else has the place.
func (v *Visit) Context(ctx context.Context) context.Context { return lull.With(ctx, v) }

// Leave ends the visit.
func (v *Visit) Leave() {
	v.mu.Lock()
	v.give()
	spent, held := v.spent, v.spent+v.rested
	v.mu.Unlock()
	v.seat.leave(spent, held, true)
}

// Lull implements lull.Lender: the place is given away until the end. Lulls at the same time count as one.
func (v *Visit) Lull() (end func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.lulls++; v.lulls == 1 {
		v.give()
	}
	return func() {
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.lulls--; v.lulls == 0 {
			_ = v.take(true) // without a place it goes on because its context has ended: not for long
		}
	}
}

// take takes a place of the bot, and for a slow bot one in the lane. Who is patient is not told to come again.
func (v *Visit) take(patient bool) error {
	s := v.seat
	if err := v.wait(s.places, patient); err != nil {
		return err
	}
	v.placed = true
	if s.slow() {
		if err := v.wait(s.r.lane, patient); err != nil {
			v.give()
			return err
		}
		v.slow = true
	}
	now := s.r.config.Clock.Now()
	s.stir(now)
	if v.slow {
		now = v.rest(now, min(s.rests().Sub(now), maxRest)) // the clock may have been set back
	} else {
		s.r.swift.Store(now.UnixNano())
	}
	v.since, v.breath = now, now
	return nil
}

// Breathe implements lull.Lender: a long turn rests after what it has computed, where others are there.
func (v *Visit) Breathe() time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.seat.r.config.Clock.Now()
	computed := now.Sub(v.breath)
	if !v.placed || computed < breathGap {
		return 0
	}
	v.breath = now
	if !v.slow && now.Sub(v.since) < SlowTurn {
		return 0
	}
	v.breath = v.rest(now, v.seat.r.due(now, computed))
	rested := v.breath.Sub(now)
	v.since = v.since.Add(rested)
	return rested
}

// rest lets others go first for so long, if anybody is in a swift bot, and tells the time after it.
func (v *Visit) rest(now time.Time, long time.Duration) time.Time {
	r := v.seat.r
	if long <= 0 || !lately(now, &r.swift, swiftTime) {
		return now
	}
	_ = clock.Sleep(v.ctx, r.config.Clock, long) // whoever computes looks at its context by itself
	after := r.config.Clock.Now()
	if after.Sub(now)-long >= lateWake {
		r.scarce.Store(after.UnixNano())
	}
	v.rested += after.Sub(now)
	return after
}

// give gives back what the visit has taken.
func (v *Visit) give() {
	if !v.placed {
		return
	}
	s := v.seat
	now := s.r.config.Clock.Now()
	if v.since.IsZero() {
		v.since = now // it never came to compute
	}
	v.spent += now.Sub(v.since)
	v.since = time.Time{}
	s.stir(now)
	if v.slow {
		v.slow = false
		s.owe(now.Add(s.r.due(now, now.Sub(v.breath))))
		<-s.r.lane
	}
	v.placed = false
	<-s.places
}

// wait waits for one of some places.
func (v *Visit) wait(places chan struct{}, patient bool) error {
	select {
	case places <- struct{}{}:
		return nil
	default:
	}
	s, r := v.seat, v.seat.r
	n := time.Duration(r.queued.Add(1))
	defer r.queued.Add(-1)
	if n <= MaxInLane || patient {
		return v.stand(places, nil)
	}
	for pause := s.average(); ; pause = s.pause(r.config.Clock.Now()) {
		if n*pause > MaxQueueTime {
			return ErrBusy
		}
		due, stop := r.config.Clock.At(r.config.Clock.Now().Add(queueLook))
		err := v.stand(places, due)
		stop()
		if !errors.Is(err, errDue) {
			return err
		}
	}
}

var errDue = errors.New("there is no place yet")

// stand waits for a place until it is due.
func (v *Visit) stand(places chan struct{}, due <-chan struct{}) error {
	select {
	case places <- struct{}{}:
		return nil
	case <-due:
		return errDue
	case <-v.ctx.Done():
		return context.Cause(v.ctx)
	}
}
