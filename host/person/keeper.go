package person

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// The bounds of what a Keeper does by itself.
const (
	// SweepEvery is how often a host looks for people who have rested too long.
	SweepEvery = time.Hour
	// SweepLimit is how many people one sweep erases at most; when it is reached the next follows after SweepPause.
	SweepLimit = 500
	// SweepPause is the rest between two sweeps of which the first was full.
	SweepPause = 10 * time.Second
	// RequestEvery is how often a host looks for requests that it, or another one, has left open.
	RequestEvery = time.Minute
	// RequestRetry is the first pause after a try of a request that failed; each further one is twice as long.
	RequestRetry = time.Minute
	// MaxRequestTries is how often a request is tried before people must see to it.
	MaxRequestTries = 8
	// keeperTime bounds one round.
	keeperTime = 5 * time.Minute
	// MinKeep is the shortest time for which people can be kept: shorter ones would forget
	// somebody in the middle of a talk.
	MinKeep = 24 * time.Hour
)

// ErrNobody is what a Find returns that knows for sure that it can find nobody.
var ErrNobody = errors.New("the platform cannot tell who that is")

// Keeper forgets whom it is time to forget: those who asked for it, and those who have not
// been heard of for longer than a time. Several hosts may run one each: they do no
// harm to one another, and do not do more.
type Keeper struct {
	desk *Desk
	keep time.Duration
	find func(ctx context.Context, user User) ([]store.Key, error)
	kick chan struct{}
}

// KeeperConfig is what a Keeper works with.
type KeeperConfig struct {
	Desk *Desk
	Keep time.Duration // how long people are kept who rest; zero: for ever
	// Find finds the conversations of a user of an app. An error that
	// wraps ErrNobody is final; another is tried again.
	Find func(ctx context.Context, user User) ([]store.Key, error)
}

// NewKeeper returns a Keeper; Run sets it to work.
func NewKeeper(c KeeperConfig) (*Keeper, error) {
	if c.Keep != 0 && c.Keep < MinKeep {
		return nil, fmt.Errorf("people are kept for %s: they must be for %s or longer", c.Keep, MinKeep)
	}
	return &Keeper{desk: c.Desk, keep: c.Keep, find: c.Find, kick: make(chan struct{}, 1)}, nil
}

// Wake has requests looked after at once.
func (k *Keeper) Wake() {
	select {
	case k.kick <- struct{}{}:
	default:
	}
}

// Run looks after requests and rest until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	now := k.desk.clock.Now()
	sweep := now
	for ctx.Err() == nil {
		k.round(ctx, "requests", k.Requests)
		if now = k.desk.clock.Now(); k.keep > 0 && !now.Before(sweep) {
			sweep = now.Add(SweepEvery)
			full := false
			k.round(ctx, "retention", func(ctx context.Context) error {
				n, err := k.Sweep(ctx)
				full = n >= SweepLimit
				return err
			})
			if full {
				sweep = now.Add(SweepPause)
			}
		}
		next := now.Add(RequestEvery)
		if k.keep > 0 && sweep.Before(next) {
			next = sweep
		}
		k.wait(ctx, next)
	}
	return nil
}

// round does a round in bounded time, and tells what it could not do.
func (k *Keeper) round(ctx context.Context, what string, do func(context.Context) error) {
	bounded, cancel := context.WithTimeout(ctx, keeperTime)
	defer cancel()
	if err := do(bounded); err != nil && ctx.Err() == nil {
		k.desk.log.ErrorContext(ctx, "people were not looked after", "round", what, "error", err)
	}
}

func (k *Keeper) wait(ctx context.Context, until time.Time) {
	reached, stop := k.desk.clock.At(until)
	defer stop()
	select {
	case <-reached:
	case <-k.kick:
	case <-ctx.Done():
	}
}

// Sweep forgets people who have rested for longer than they are kept, up to SweepLimit of
// them, and tells how many there were. Who is heard in the same moment stays.
func (k *Keeper) Sweep(ctx context.Context) (int, error) {
	if k.keep <= 0 {
		return 0, nil
	}
	since := k.desk.clock.Now().Add(-k.keep)
	keys, err := k.desk.store.Idle(ctx, since, SweepLimit)
	if err != nil {
		return 0, fmt.Errorf("retention: %w", err)
	}
	erased := 0
	for _, key := range keys {
		done, err := k.desk.store.EraseIdle(ctx, key, since)
		if err != nil {
			return erased, fmt.Errorf("retention: %w", err)
		}
		if done {
			k.desk.forget(key)
			erased++
		}
	}
	if erased > 0 {
		k.desk.log.InfoContext(ctx, "people forgotten who have rested for long", "count", erased, "kept_for", k.keep.String())
	}
	return len(keys), nil
}

// Requests tries those that are open and whose time has come. One that fails does not keep
// the others waiting.
func (k *Keeper) Requests(ctx context.Context) error {
	list, err := k.desk.Requests(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range list {
		if r.State != Open || r.Next.After(k.desk.clock.Now()) {
			continue
		}
		errs = append(errs, k.request(ctx, r.Code))
	}
	return errors.Join(errs...)
}

// request sees to one request, and keeps how that went, unless somebody else has seen to it meanwhile.
func (k *Keeper) request(ctx context.Context, code string) error {
	r, was, err := k.desk.kept(ctx, code)
	switch {
	case errors.Is(err, ErrNoRequest), err == nil && r.State != Open:
		return nil
	case err != nil:
		return err
	}
	keys, err := k.find(ctx, User{r.App, r.User})
	for i := 0; err == nil && i < len(keys); i++ {
		err = k.desk.erase(ctx, keys[i])
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	log := k.desk.log.With("code", r.Code)
	now := k.desk.clock.Now()
	switch {
	case err == nil && len(keys) > 0:
		r.People = len(keys)
		log.InfoContext(ctx, "person forgotten, as they asked for", "conversations", len(keys))
		_, err = k.desk.save(ctx, r.closed(now), was)
		return err
	case err == nil:
		err = fmt.Errorf("%w: it names no Page on which they wrote", ErrNobody)
		fallthrough
	case errors.Is(err, ErrNobody), r.Tries+1 >= MaxRequestTries:
		r.State, r.Why = Review, err.Error()
		log.ErrorContext(ctx, "somebody asked to be forgotten, and people must find out who: footlight user requests", "error", err)
	default:
		r.Next = now.Add(RequestRetry << r.Tries).UTC()
		log.WarnContext(ctx, "somebody asked to be forgotten; it will be tried again", "tries", r.Tries+1, "error", err)
	}
	r.Tries++
	_, err = k.desk.save(ctx, r, was)
	return err
}
