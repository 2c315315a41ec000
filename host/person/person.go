// Package person is what operators do for people: it looks at what is kept of
// somebody, changes it between two turns, hands it out, and erases it; it keeps the
// requests of those who want to be forgotten, and forgets whom nobody has heard of
// for long. It works beside any number of hosts: what it changes, it changes under the
// lease of the conversation, so that no turn is ever overwritten.
//
// It knows no scripts and no wire; see bot and messenger. Texts of people leave it
// only as answers to a Command. No API of the host is promised.
package person

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
)

// The times of a change.
const (
	// leaseFor is how long a conversation is leased to change it.
	leaseFor = 5 * time.Second
	// busyFor is how long a change waits for a turn under way to end.
	busyFor = 10 * time.Second
	// busyPoll is how often it looks meanwhile.
	busyPoll = 50 * time.Millisecond
)

var (
	// ErrUnknown is wrapped by the error of a command about somebody of whom nothing is kept.
	ErrUnknown = errors.New("nothing is kept of this person")
	// ErrBusy is wrapped by the error of a change for which a turn left no room.
	ErrBusy = errors.New("conversation is being worked on")
)

// Config is what a Desk works with.
type Config struct {
	Store store.Store
	Clock clock.Clock
	// Forget is told of everybody who was erased, for caches; nil: nobody is told.
	Forget func(store.Key)
	Log    *slog.Logger // nil: nothing is logged
}

// Desk is where operators look after people. It is safe for concurrent use.
type Desk struct {
	store  store.Store
	clock  clock.Clock
	forget func(store.Key)
	log    *slog.Logger
}

// New returns a Desk. It gives nothing back and need not be closed.
func New(c Config) *Desk {
	d := &Desk{store: c.Store, clock: c.Clock, forget: c.Forget, log: c.Log}
	if d.clock == nil {
		d.clock = clock.Real{}
	}
	if d.forget == nil {
		d.forget = func(store.Key) {}
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	return d
}

// read is all that is kept of somebody; ErrUnknown when nothing is.
func (d *Desk) read(ctx context.Context, k store.Key) (store.Conversation, session.State, error) {
	if err := k.Check(); err != nil {
		return store.Conversation{}, session.State{}, fmt.Errorf("person: %w", err)
	}
	c, err := d.store.Read(ctx, k)
	if err != nil {
		return store.Conversation{}, session.State{}, fmt.Errorf("person: %w", err)
	}
	return known(c)
}

// known takes a conversation apart that somebody has been in.
func known(c store.Conversation) (store.Conversation, session.State, error) {
	if len(c.Session) == 0 && len(c.Events) == 0 && len(c.Sends) == 0 && len(c.Letters) == 0 {
		return c, session.State{}, fmt.Errorf("person %s on page %s: %w", c.Key.Person, c.Key.Page, ErrUnknown)
	}
	state, err := session.Decode(c.Session)
	if err != nil {
		return c, session.State{}, fmt.Errorf("person %s on page %s: %w", c.Key.Person, c.Key.Page, err)
	}
	return c, state, nil
}

// change changes what is kept of somebody, between two turns. What alter returns is
// committed; the hold of the conversation stays.
func (d *Desk) change(ctx context.Context, k store.Key, alter func(store.Conversation, session.State) (store.Change, error)) error {
	if _, _, err := d.read(ctx, k); err != nil {
		return err // a lease would make a conversation of somebody unknown
	}
	lease, err := d.lease(ctx, k)
	if err != nil {
		return err
	}
	release, err := d.commit(ctx, lease, alter)
	if err == nil {
		return nil
	}
	if release {
		if released := d.store.Release(context.WithoutCancel(ctx), lease); released != nil && !errors.Is(released, store.ErrFenced) {
			err = errors.Join(err, released)
		}
	}
	if errors.Is(err, store.ErrFenced) {
		return fmt.Errorf("person %s on page %s: somebody else erased or changed it at the same time; nothing was changed here: %w", k.Person, k.Page, err)
	}
	return err
}

// commit commits what alter makes of a conversation, and releases it if it is to be released: where a host did not come to
// an end before, the lease runs out, so that the next one sees that something may have been on its way out.
func (d *Desk) commit(ctx context.Context, lease store.Lease, alter func(store.Conversation, session.State) (store.Change, error)) (release bool, err error) {
	c, err := d.store.Load(ctx, lease)
	if err != nil {
		return false, fmt.Errorf("person: %w", err)
	}
	release = c.Claims <= 1
	c, state, err := known(c)
	if err != nil {
		return release, err
	}
	change, err := alter(c, state)
	if err != nil {
		return release, err
	}
	change.Hold = c.Hold
	if err := d.store.Commit(ctx, lease, change, release); err != nil {
		return release, fmt.Errorf("person: %w", err)
	}
	return release, nil
}

// lease waits for the turn under way to end, busyFor at most.
func (d *Desk) lease(ctx context.Context, k store.Key) (store.Lease, error) {
	for until := d.clock.Now().Add(busyFor); ; {
		now := d.clock.Now()
		lease, ok, err := d.store.Lease(ctx, now, k, leaseFor)
		switch {
		case err != nil:
			return store.Lease{}, fmt.Errorf("person: %w", err)
		case ok:
			return lease, nil
		case !now.Before(until):
			return store.Lease{}, fmt.Errorf("person %s on page %s: %w: a host has held it for %s, for a turn or after one that failed; nothing was changed, try again in a moment", k.Person, k.Page, ErrBusy, busyFor)
		}
		if err := clock.Sleep(ctx, d.clock, busyPoll); err != nil {
			return store.Lease{}, fmt.Errorf("person: %w", err)
		}
	}
}
