package messenger

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// The bounds of the profile cache (messenger.md section 4.2, L-NS-2).
const (
	ProfileBudget   = time.Second      // a turn never waits longer for a profile
	ProfileLife     = 24 * time.Hour   // how long a profile is taken as it is
	ProfileStale    = 48 * time.Hour   // how long an old one serves while a new one is fetched
	ProfileRetry    = 10 * time.Minute // how long a failure keeps from asking again
	MaxProfiles     = 10_000           // people remembered
	MaxProfileCalls = 16               // fetches at a time; more are not begun
)

// ProfilesConfig is what Profiles need.
type ProfilesConfig struct {
	// Fetch asks the platform. It must end when its context does.
	Fetch func(ctx context.Context, page, psid string) (Profile, error)
	Clock clock.Clock
}

// Profiles remembers names and pictures of people. Nothing of it fails: who is not
// known has no names yet. It is safe for concurrent use.
type Profiles struct {
	fetch  func(page, psid string) (Profile, error) // ends when the cache is closed
	clock  clock.Clock
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu      sync.Mutex
	people  map[who]*known
	running int
	closed  bool
}

type who struct{ page, psid string }

// known is what the cache holds of somebody. Guarded by the lock of Profiles.
type known struct {
	variables map[string]string // nil before the first success; never changed in place
	fetched   time.Time         // of the success
	tried     time.Time         // of the last try that ended
	pending   chan struct{}     // closed when the fetch under way ends; nil without one
}

// NewProfiles returns an empty cache. Close it.
func NewProfiles(c ProfilesConfig) (*Profiles, error) {
	if c.Fetch == nil || c.Clock == nil {
		return nil, errors.New("profiles: fetch and clock are needed")
	}
	ctx, cancel := context.WithCancel(context.Background())
	fetch := func(page, psid string) (Profile, error) { return c.Fetch(ctx, page, psid) }
	return &Profiles{fetch: fetch, clock: c.Clock, cancel: cancel, people: map[who]*known{}}, nil
}

// Lookup is what is known of a person, as namespace variables; the map must not be
// changed. For somebody new it waits for the platform, ProfileBudget at most; what
// comes later serves the next turn.
func (p *Profiles) Lookup(ctx context.Context, page, psid string) map[string]string {
	now := p.clock.Now()
	p.mu.Lock()
	k := p.person(who{page, psid}, now)
	age := now.Sub(k.fetched)
	if k.variables != nil && age < ProfileLife {
		defer p.mu.Unlock()
		return k.variables
	}
	if k.pending == nil && now.Sub(k.tried) >= ProfileRetry {
		p.begin(who{page, psid}, k)
	}
	pending := k.pending
	if pending == nil || k.variables != nil && age < ProfileStale {
		defer p.mu.Unlock()
		return k.variables
	}
	p.mu.Unlock()

	late, stop := p.clock.At(now.Add(ProfileBudget))
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
func (p *Profiles) Forget(page, psid string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.people, who{page, psid})
}

// Close ends the fetches under way and waits for them. Lookup then knows what it knew.
func (p *Profiles) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cancel()
	p.done.Wait()
}

// person finds or makes the entry, making room first. The caller holds the lock.
func (p *Profiles) person(w who, now time.Time) *known {
	if k, ok := p.people[w]; ok {
		return k
	}
	if len(p.people) >= MaxProfiles {
		p.evict(now)
	}
	k := &known{}
	p.people[w] = k
	return k
}

// evict drops whoever is out of date, or else an eighth of the people, whichever the
// map yields first. The caller holds the lock.
func (p *Profiles) evict(now time.Time) {
	for w, k := range p.people {
		if k.pending == nil && now.Sub(k.fetched) >= ProfileLife {
			delete(p.people, w)
		}
	}
	for w := range p.people {
		if len(p.people) <= MaxProfiles-MaxProfiles/8 {
			return
		}
		delete(p.people, w)
	}
}

// begin starts a fetch unless too many run. The caller holds the lock.
func (p *Profiles) begin(w who, k *known) {
	if p.closed || p.running >= MaxProfileCalls {
		return
	}
	p.running++
	k.pending = make(chan struct{})
	p.done.Go(func() {
		profile, err := p.fetch(w.page, w.psid)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.running--
		k.tried = p.clock.Now()
		if err == nil {
			k.variables, k.fetched = profile.Variables(), k.tried
		}
		close(k.pending)
		k.pending = nil
	})
}
