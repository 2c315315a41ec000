package repertoire

import (
	"context"
	"sync"
	"time"
)

// Seat is the place of a bot in a repertoire.
type Seat struct {
	r      *Repertoire
	piece  Piece
	places chan struct{} // of those who compute in it

	mu      sync.Mutex
	loaded  bool
	busy    chan struct{} // closed when the load, or the rest, under way is over; nil: none is
	users   int
	last    time.Time     // of an entry, or of the load
	moved   time.Time     // when somebody took a place, or gave one back
	pace    time.Duration // of its turns, on average
	hold    time.Duration // of a place, on average: its turns and their rests
	until   time.Time     // a slow bot rests, after what its turns computed since they rested
	held    time.Duration // by its turns since a time
	since   time.Time
	heavy   bool          // it took more than MaxShare, and not less than lightShare since
	stop    func()        // ends the following; nil: it is not followed
	stopped chan struct{} // closed when the following has ended
}

// Load loads the bot before Run, while the caller waits.
func (s *Seat) Load(ctx context.Context) {
	s.mu.Lock()
	done := make(chan struct{})
	s.busy = done
	s.mu.Unlock()
	s.load(ctx, done)
}

// Resting tells whether the bot would have to be loaded to be entered.
func (s *Seat) Resting() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.loaded
}

// Enter waits until the bot is loaded and has a place to compute in, and, for a slow one, until there is a place
// in the lane. ErrBusy means that it should be tried again later.
func (s *Seat) Enter(ctx context.Context) (*Visit, error) {
	for {
		s.mu.Lock()
		if s.loaded {
			s.users++
			s.last = s.r.config.Clock.Now()
			s.mu.Unlock()
			v := &Visit{seat: s, ctx: ctx}
			if err := v.take(false); err != nil {
				s.leave(0, 0, false)
				return nil, err
			}
			return v, nil
		}
		s.mu.Unlock()
		busy := s.begin()
		if busy == nil {
			return nil, ErrBusy // Run has not begun, or has ended
		}
		if err := s.r.wait(ctx, busy); err != nil {
			return nil, err
		}
	}
}

// wait waits for a load with others.
func (r *Repertoire) wait(ctx context.Context, busy <-chan struct{}) error {
	if r.waiting.Add(1) > MaxWaiting {
		r.waiting.Add(-1)
		return ErrBusy
	}
	defer r.waiting.Add(-1)
	select {
	case <-busy:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// slow tells whether the bot goes by the lane.
func (s *Seat) slow() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pace >= SlowTurn || s.heavy
}

// stir notes that a place was taken or given back.
func (s *Seat) stir(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moved = now
}

// owe notes that the bot rests until then.
func (s *Seat) owe(until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if until.After(s.until) {
		s.until = until
	}
}

// rests is until when the bot rests.
func (s *Seat) rests() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.until
}

// average is how long a turn has its place.
func (s *Seat) average() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hold
}

// pause is how long a place of the bot is taken each time, as far as that can be told: a turn that goes on counts as well.
func (s *Seat) pause(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(s.hold, now.Sub(s.moved))
}

// leave ends a visit that has computed for so long, and had its place for so long; only one that had a place is measured.
func (s *Seat) leave(took, held time.Duration, measured bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users--
	s.last = s.r.config.Clock.Now()
	if !measured {
		return
	}
	s.pace += (took - s.pace) / paceTurns
	s.hold += (held - s.hold) / paceTurns
	s.held += held
	passed := s.last.Sub(s.since)
	if passed < shareTime {
		return
	}
	switch share := 100 * s.held / (passed * time.Duration(cap(s.places))); {
	case share >= MaxShare:
		s.heavy = true
	case share < lightShare:
		s.heavy = false
	}
	s.held, s.since = 0, s.last
}

// begin begins to load the bot, unless that is under way. The channel is closed when it is over;
// nil: Run has not begun, or has ended.
func (s *Seat) begin() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy != nil {
		return s.busy
	}
	done := make(chan struct{})
	if s.loaded || !s.r.task(func(ctx context.Context) { s.load(ctx, done) }) {
		close(done)
		if s.loaded {
			return done
		}
		return nil
	}
	s.busy = done
	return done
}

// load loads the bot, few beside each other.
func (s *Seat) load(ctx context.Context, done chan struct{}) {
	select {
	case s.r.beside <- struct{}{}:
		s.piece.Load(ctx)
		<-s.r.beside
	case <-ctx.Done():
		s.settle(done, false)
		return
	}
	s.r.loads.Add(1)
	s.settle(done, true)
	s.resume()
	if most := s.r.config.Most; most > 0 && s.r.Loaded() > most {
		select {
		case s.r.crowded <- struct{}{}:
		default:
		}
	}
}

// settle ends a load or a rest.
func (s *Seat) settle(done chan struct{}, loaded bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case loaded && !s.loaded:
		s.r.loaded.Add(1)
	case !loaded && s.loaded:
		s.r.loaded.Add(-1)
	}
	s.loaded, s.busy, s.last = loaded, nil, s.r.config.Clock.Now()
	close(done)
}

// resume follows the bot from now on, if it is loaded and Run has begun.
func (s *Seat) resume() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.loaded || s.stop != nil {
		return
	}
	stopped := make(chan struct{})
	begun := make(chan func(), 1)
	if s.r.task(func(ctx context.Context) {
		defer close(stopped)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		begun <- cancel
		s.piece.Follow(ctx)
	}) {
		s.stop, s.stopped = <-begun, stopped
	}
}

// idle tells since when nobody is in the bot.
func (s *Seat) idle() (since time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last, s.loaded && s.users == 0 && s.busy == nil
}

// rest puts the bot to rest, unless somebody has come meanwhile.
func (s *Seat) rest(ctx context.Context) error {
	s.mu.Lock()
	if !s.loaded || s.users > 0 || s.busy != nil {
		s.mu.Unlock()
		return nil
	}
	done := make(chan struct{})
	s.busy, s.loaded = done, false
	s.r.loaded.Add(-1)
	stop, stopped := s.stop, s.stopped
	s.stop, s.stopped = nil, nil
	s.mu.Unlock()
	if stop != nil {
		stop()
		<-stopped
	}
	err := s.piece.Rest(ctx)
	s.settle(done, false)
	return err
}
