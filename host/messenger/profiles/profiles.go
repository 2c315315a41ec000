// Package profiles remembers what the platform tells of people – names, picture, and what needs a permission of
// its own – so that a turn need not wait for it, and the platform is not asked at each.
//
// It makes no call itself and keeps nothing beyond the life of the host. Nothing of it fails: who is not known has
// no names yet. No API of the host is promised.
package profiles

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
)

// The bounds of the profile cache (messenger.md section 4.2, L-NS-2).
const (
	Budget     = time.Second      // a turn never waits longer for a profile
	Life       = 24 * time.Hour   // how long a profile is taken as it is
	Stale      = 48 * time.Hour   // how long an old one serves while a new one is fetched
	Retry      = 10 * time.Minute // how long a failure keeps from asking again
	ExtraRetry = 24 * time.Hour   // how long a field is not asked for whose permission the app lacks
	MaxPeople  = 10_000           // people remembered
	MaxCalls   = 16               // fetches at a time; more are not begun
)

// Config is what Cache need.
type Config struct {
	// Fetch asks the platform. It must end when its context does.
	Fetch func(ctx context.Context, page, psid string) (messenger.Profile, error)
	// Extras asks for what needs permissions of its own; nil: nobody wants it. It must end
	// when its context does.
	Extras func(ctx context.Context, page, psid string, wanted []messenger.Extra) (map[string]string, error)
	Wanted func(page string) []messenger.Extra // which of them the scripts of a Page read; nil: none
	Clock  clock.Clock
}

// Cache remembers names and pictures of people. Nothing of it fails: who is not
// known has no names yet. It is safe for concurrent use.
type Cache struct {
	extras func(page, psid string) map[string]string          // nil: there are none; ends when the cache is closed
	fetch  func(page, psid string) (messenger.Profile, error) // ends when the cache is closed
	clock  clock.Clock
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu      sync.Mutex
	people  map[who]*known
	running int
	closed  bool
}

type who struct{ page, psid string }

// known is what the cache holds of somebody. Guarded by the lock of Cache.
type known struct {
	variables map[string]string // nil before the first success; never changed in place
	fetched   time.Time         // of the success
	tried     time.Time         // of the last try that ended
	pending   chan struct{}     // closed when the fetch under way ends; nil without one
}

// New returns an empty cache. Close it.
func New(c Config) (*Cache, error) {
	if c.Fetch == nil || c.Clock == nil {
		return nil, errors.New("profiles: fetch and clock are needed")
	}
	ctx, cancel := context.WithCancel(context.Background())
	fetch := func(page, psid string) (messenger.Profile, error) { return c.Fetch(ctx, page, psid) }
	p := &Cache{fetch: fetch, clock: c.Clock, cancel: cancel, people: map[who]*known{}}
	if c.Extras != nil && c.Wanted != nil {
		reader := &extraReader{fetch: c.Extras, now: c.Clock.Now, denied: map[denial]time.Time{}}
		p.extras = func(page, psid string) map[string]string { return reader.read(ctx, page, psid, c.Wanted(page)) }
	}
	return p, nil
}

// Lookup is what is known of a person, as namespace variables; the map must not be
// changed. For somebody new it waits for the platform, Budget at most; what
// comes later serves the next turn.
func (p *Cache) Lookup(ctx context.Context, page, psid string) map[string]string {
	now := p.clock.Now()
	p.mu.Lock()
	k := p.person(who{page, psid}, now)
	age := now.Sub(k.fetched)
	if k.variables != nil && age < Life {
		defer p.mu.Unlock()
		return k.variables
	}
	if k.pending == nil && now.Sub(k.tried) >= Retry {
		p.begin(who{page, psid}, k)
	}
	pending := k.pending
	if pending == nil || k.variables != nil && age < Stale {
		defer p.mu.Unlock()
		return k.variables
	}
	p.mu.Unlock()

	late, stop := p.clock.At(now.Add(Budget))
	defer stop()
	select {
	case <-pending:
	case <-late:
	case <-ctx.Done():
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return k.variables
}

// Forget drops what is known of a person. A fetch under way is not remembered.
func (p *Cache) Forget(page, psid string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.people, who{page, psid})
}

// Close ends the fetches under way and waits for them. Lookup then knows what it knew.
func (p *Cache) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cancel()
	p.done.Wait()
}

// person finds or makes the entry, making room first. The caller holds the lock.
func (p *Cache) person(w who, now time.Time) *known {
	if k, ok := p.people[w]; ok {
		return k
	}
	if len(p.people) >= MaxPeople {
		p.evict(now)
	}
	k := &known{}
	p.people[w] = k
	return k
}

// evict drops whoever is out of date, or else an eighth of the people, whichever the
// map yields first. The caller holds the lock.
func (p *Cache) evict(now time.Time) {
	for w, k := range p.people {
		if k.pending == nil && now.Sub(k.fetched) >= Life {
			delete(p.people, w)
		}
	}
	for w := range p.people {
		if len(p.people) <= MaxPeople-MaxPeople/8 {
			return
		}
		delete(p.people, w)
	}
}

// begin starts a fetch unless too many run. The caller holds the lock.
func (p *Cache) begin(w who, k *known) {
	if p.closed || p.running >= MaxCalls {
		return
	}
	p.running++
	k.pending = make(chan struct{})
	p.done.Go(func() {
		profile, err := p.fetch(w.page, w.psid)
		if err == nil {
			p.complete(w, k, profile.Variables())
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.running--
		k.tried = p.clock.Now()
		close(k.pending)
		k.pending = nil
	})
}

// complete keeps the names of a person, which are there for whoever does not wait longer, and then
// asks for the extras.
func (p *Cache) complete(w who, k *known, names map[string]string) {
	keep := func(variables map[string]string) {
		p.mu.Lock()
		defer p.mu.Unlock()
		k.variables, k.fetched = variables, p.clock.Now()
	}
	keep(names)
	if p.extras == nil {
		return
	}
	if extras := p.extras(w.page, w.psid); len(extras) > 0 {
		all := maps.Clone(names)
		maps.Copy(all, extras)
		keep(all)
	}
}
