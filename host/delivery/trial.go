package delivery

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
)

// Turns that are begun in vain are counted in the session, so that the count outlives the
// host. A turn that fails is counted when it has failed. One that takes its host with it
// cannot be; but the next host sees that the conversation was leased before without
// a commit, and from then on counts a turn before it begins.

// dock is where those turns are taken, one at a time. Few wait there (pace.MaxStanding): who is not on trial needs workers, too.
type dock struct {
	latch
	most  int64
	there atomic.Int64
}

// enter waits until the dock is free, unless too many do already: then full is true.
func (d *dock) enter(ctx context.Context) (full bool, err error) {
	if d.there.Add(1) > 1+d.most {
		d.there.Add(-1)
		return true, nil
	}
	if err := d.lock(ctx); err != nil {
		d.there.Add(-1)
		return false, err
	}
	return false, nil
}

func (d *dock) leave() {
	d.unlock()
	d.there.Add(-1)
}

// tries is how often the turn of an event was begun in vain.
func tries(s session.State, event string) int { return s.Trials[event].Tries }

// told tells whether the person was told already that the event has no answer yet.
func told(s session.State, event string) bool { return s.Trials[event].Told }

// tried is a session that remembers a trial. An earlier message that comes late may be answered before the
// event is tried again, so there can be several; those whose event is gone make room.
func (w *work) tried(s session.State, event string, t session.Trial) session.State {
	s.Trials = maps.Clone(s.Trials)
	if s.Trials == nil {
		s.Trials = map[string]session.Trial{}
	}
	s.Trials[event] = t
	if len(s.Trials) > MaxTrials {
		maps.DeleteFunc(s.Trials, func(id string, _ session.Trial) bool {
			waits := slices.ContainsFunc(w.conv.Events, func(e store.Event) bool { return e.ID == id })
			return id != event && !waits
		})
	}
	return s
}

// settled is a session without the trial of an event that is done with.
func settled(s session.State, event string) session.State {
	if _, ok := s.Trials[event]; ok {
		s.Trials = maps.Clone(s.Trials)
		delete(s.Trials, event)
	}
	return s
}

// attempt takes the turn of an event and commits what came of it. One that is not to
// be had is left for another try, or goes aside; done tells whether it was taken. begun is by the clock's Elapsed.
func (w *work) attempt(ctx context.Context, e store.Event, s *session.State, taken *Taken, begun time.Duration, aside store.Change,
	take func() (store.Change, error),
) (done bool, err error) {
	counted, err := w.begin(ctx, e, s)
	defer w.end()
	if err != nil {
		return false, err
	}
	change, err := w.safely(ctx, take)
	switch {
	case ctx.Err() != nil:
		return false, context.Cause(ctx)
	case errors.Is(err, ErrNotReady):
		if err := w.uncount(ctx, e, *s, counted); err != nil {
			return false, err
		}
		taken.Err = err
		return false, w.await(ctx, e, *taken, aside)
	case err != nil:
		taken.Took, taken.Err = w.clock.Elapsed()-begun, err
		return false, w.stumble(ctx, e, *s, *taken, counted, aside)
	}
	if err := w.conclude(ctx, change, counted); err != nil {
		return false, err
	}
	w.known = true
	w.taken(ctx, *taken, begun, change)
	return true, nil
}

// begin counts the turn of an event before it begins, if one was begun before that did
// not end; counted tells whether it did. The state in hand follows. Such turns are taken one at a time
// on each host: one that kills the host takes none along that is only there by chance. The caller ends it.
func (w *work) begin(ctx context.Context, e store.Event, s *session.State) (counted bool, err error) {
	n := tries(*s, e.ID)
	if n == 0 && w.conv.Claims <= 1 {
		return false, nil
	}
	if full, err := w.trial.enter(ctx); err != nil {
		return false, err
	} else if full {
		return false, w.putOff(ctx, BotRetry)
	}
	w.tries = true
	*s = w.tried(*s, e.ID, session.Trial{Tries: n + 1, Told: told(*s, e.ID)})
	return true, w.note(ctx, *s, store.Change{})
}

// end lets others begin what begin has held them back from.
func (w *work) end() {
	if w.tries {
		w.tries = false
		w.trial.leave()
	}
}

// uncount takes the count back of a turn that did not begin after all.
func (w *work) uncount(ctx context.Context, e store.Event, s session.State, counted bool) error {
	if !counted {
		return nil
	}
	return w.note(ctx, w.tried(s, e.ID, session.Trial{Tries: tries(s, e.ID) - 1, Told: told(s, e.ID)}), store.Change{})
}

// conclude commits a turn. One that was counted is not to be begun again because the store is
// away: the commit is repeated for as long as the lease is ours.
func (w *work) conclude(ctx context.Context, c store.Change, counted bool) error {
	if !counted {
		return w.commit(ctx, c, false)
	}
	return w.insist(ctx, c, false, "a turn waits for the store")
}

// insist commits a change, however often it takes, unless the store will never take it. Who waits says so less and less often.
func (w *work) insist(ctx context.Context, c store.Change, release bool, why string) error {
	for n := 1; ; n++ {
		err := w.commit(ctx, c, release)
		if err == nil || errors.Is(err, store.ErrFenced) || errors.Is(err, store.ErrClosed) || errors.Is(err, store.ErrForGood) {
			return err
		}
		if n&(n-1) == 0 {
			w.log().ErrorContext(ctx, why, "tries", n, "error", err)
		}
		if clock.Sleep(ctx, w.clock, StoreRetry) != nil {
			return context.Cause(ctx)
		}
	}
}

// note commits a session along with a change. A count whose commit may or may not have been
// carried out must not be made anew: so it insists.
func (w *work) note(ctx context.Context, s session.State, c store.Change) error {
	encoded, err := session.Encode(s)
	if err != nil {
		return err
	}
	c.Session, c.Hold = encoded, w.conv.Hold
	return w.insist(ctx, c, false, "a count of turns waits for the store")
}
