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
}

var _ lull.Lender = (*Visit)(nil)

// Context is ctx for what is done in the bot: while that waits for others, somebody else has the place.
func (v *Visit) Context(ctx context.Context) context.Context { return lull.With(ctx, v) }

// Leave ends the visit.
func (v *Visit) Leave() {
	v.mu.Lock()
	v.give()
	spent := v.spent
	v.mu.Unlock()
	v.seat.leave(spent, true)
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
	v.since = s.r.config.Clock.Now()
	v.breath = v.since
	s.stir(v.since)
	if !v.slow {
		s.r.swift.Store(v.since.UnixNano())
	}
	return nil
}

// Breathe implements lull.Lender: a long turn rests for as long as it has computed, where others are there.
func (v *Visit) Breathe() time.Duration {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.seat.r
	now := r.config.Clock.Now()
	computed := now.Sub(v.breath)
	if !v.placed || computed < breathGap {
		return 0
	}
	v.breath = now
	long := v.slow || now.Sub(v.since) >= SlowTurn
	if !long || now.Sub(time.Unix(0, r.swift.Load())) >= swiftTime {
		return 0
	}
	_ = clock.Sleep(v.ctx, r.config.Clock, min(computed, maxRest)) // whoever computes looks at its context by itself
	v.breath = r.config.Clock.Now()
	rested := v.breath.Sub(now)
	v.since = v.since.Add(rested)
	return rested
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
