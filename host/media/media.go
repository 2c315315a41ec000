// Package media knows which pictures, sounds, videos and files a Page has uploaded to
// Messenger, and has those uploaded that are new, so that the platform fetches each once and not for
// every person who is shown it (messenger.md section 3.4).
//
// What is known stands in the store, for all hosts. Whoever begins an upload says so there first, so it
// is begun once; one whose host died meanwhile is begun again when its time is over.
// Nothing of it is needed to send a message: in doubt it goes out by its address. The package fetches
// nothing itself and does not look into media. No API of the host is promised.
package media

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// The bounds of the library.
const (
	// MaxLife is the longest time a medium can be used again: the platform forgets it a day later.
	MaxLife = messenger.MediumLife - 24*time.Hour
	// RetryAfter is how long a medium goes out by its address that the platform did not take.
	RetryAfter = 10 * time.Minute
	// MaxBin is how many media stand in one of the 256 values of a Page; more push out those that expire first.
	MaxBin = 64
	// MaxKnown is how many media a host remembers without asking the store; beyond it begins anew.
	MaxKnown = 10_000
	// MaxRaces is how often a write is tried while other hosts change the same value.
	MaxRaces = 20
)

// Uploader makes the call for one Page. *messenger.Client is one.
type Uploader interface {
	Upload(ctx context.Context, m messenger.Medium) (id string, err error)
}

// Config is what a Library is made of.
type Config struct {
	Store store.Store
	Clock clock.Clock
	Life  time.Duration // how long a medium is used again, at most MaxLife
}

// Library knows the media of all Pages. It is safe for concurrent use.
type Library struct {
	store store.Store
	clock clock.Clock
	life  time.Duration

	mu    sync.Mutex
	known map[key]entry // without an id: to be sent by its address
	busy  map[key]bool  // uploads of this host under way
}

// New returns a Library.
func New(c Config) (*Library, error) {
	if c.Store == nil || c.Clock == nil {
		return nil, errors.New("media: store and clock are needed")
	}
	if c.Life <= 0 || c.Life > MaxLife {
		return nil, fmt.Errorf("media: life of %s: want more than 0 and at most %s", c.Life, MaxLife)
	}
	return &Library{store: c.Store, clock: c.Clock, life: c.Life, known: map[key]entry{}, busy: map[key]bool{}}, nil
}

// Find is the id under which a Page's messages can name a medium, which is uploaded if it was not yet. Without an
// id the message is to go out by its address; busy tells that this host is about to know better. An
// error tells why there is no id, where that is worth a line in a log.
func (l *Library) Find(ctx context.Context, page string, m messenger.Medium, up Uploader) (id string, busy bool, err error) {
	k := keyOf(page, m)
	l.mu.Lock()
	e, known := l.known[k]
	if known = known && l.clock.Now().Before(e.Until); !known && l.busy[k] {
		l.mu.Unlock()
		return "", true, nil
	}
	if known {
		l.mu.Unlock()
		return e.ID, false, nil
	}
	l.busy[k] = true
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		delete(l.busy, k)
		l.mu.Unlock()
	}()
	id, err = l.obtain(ctx, k, m, up)
	return id, false, err
}

// obtain finds the id in the store, or uploads.
func (l *Library) obtain(ctx context.Context, k key, m messenger.Medium, up Uploader) (string, error) {
	var found entry
	ours := entry{Hash: k.hash(), Until: l.clock.Now().Add(m.Timeout())}
	err := l.update(ctx, k, func(now entry) (entry, bool) {
		found = now
		return ours, now.Hash == ""
	})
	switch {
	case err != nil:
		return "", err
	case found.ID != "":
		l.remember(k, found)
		return found.ID, nil
	case found.Hash != "": // another host is about to upload it
		return "", nil
	}
	id, err := up.Upload(ctx, m)
	if err != nil {
		if messenger.Judge(err).Class == messenger.ClassMessage {
			l.remember(k, entry{Until: l.clock.Now().Add(RetryAfter)})
		}
		return "", errors.Join(err, l.replace(ctx, k, "", entry{}))
	}
	ours.ID, ours.Until = id, l.clock.Now().Add(l.life)
	l.remember(k, ours)
	return id, l.replace(ctx, k, "", ours)
}

// Forget drops an id that the platform does not know any more: the next Find uploads the medium anew, unless
// somebody has done so already.
func (l *Library) Forget(ctx context.Context, page string, m messenger.Medium, id string) error {
	k := keyOf(page, m)
	l.mu.Lock()
	if l.known[k].ID == id {
		delete(l.known, k)
	}
	l.mu.Unlock()
	return l.replace(ctx, k, id, entry{})
}

// replace puts an entry in the place of the one with an id, if that is there still.
func (l *Library) replace(ctx context.Context, k key, id string, next entry) error {
	return l.update(ctx, k, func(now entry) (entry, bool) { return next, now.ID == id })
}

func (l *Library) remember(k key, e entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.known) >= MaxKnown {
		clear(l.known)
	}
	l.known[k] = e
}
