// Package delivery takes what Messenger tells us through the bots, and what the
// bots answer to the people. Accept makes events durable; workers claim one
// conversation at a time, take a turn for each event in order, and empty the
// outbox, strictly one send after the other for each person. Delays, retries and pauses are
// times in the store: nothing waits in memory that a crash could lose.
//
// It holds these laws. An acknowledged event changes the state exactly once.
// One person's events are handled in order, one at a time, on any number of hosts.
// Session, consumed event and outbox change in one step. Each message is seen
// once and in order, but for one in flight when a host dies or is stopped past its lease, or whose outcome
// Messenger left open, when neither its echo comes before it is due again nor the
// conversation can be read back.
//
// It does not know scripts, the wire, or how things are kept; see turn, messenger
// and store. No API of the host is promised.
package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/delivery/group"
	"github.com/footlight-bots/footlight/host/delivery/pace"
	"github.com/footlight-bots/footlight/host/mask"
	"github.com/footlight-bots/footlight/host/media"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// Platform is what scripts read as _platform, unless the Config says otherwise.
const Platform = "facebook"

// ErrNotReady is returned by a Bot that has no generation loaded: its events wait.
var ErrNotReady = errors.New("bot has no script loaded yet")

// A Bot takes turns. It is safe for concurrent use.
type Bot interface {
	// Turn takes one event through the script. An error means that the turn did not
	// take place and may be tried again; ErrNotReady that it will be, without end.
	Turn(ctx context.Context, in turn.Input) (turn.Result, error)
	// StartPayload is the payload of the Page's Get Started button.
	StartPayload() string
	// HideErrors tells whether error texts are left out of messages (L-ERR-2).
	HideErrors() bool
	// Persona is the persona that the script calls by a name.
	Persona(name string) (messenger.Persona, bool)
}

// Bots finds the bot of a Page; ok is false while there is none.
type Bots interface {
	Bot(page string) (b Bot, ok bool)
}

// A Client makes the calls of one Page. It is safe for concurrent use, bounds the
// time of each call, and never repeats one. *messenger.Client is one.
type Client interface {
	group.Client
	SenderAction(ctx context.Context, psid string, a messenger.Action) error
	Type(ctx context.Context, psid, persona string) error
	MarkSeen(ctx context.Context, psids []string) error
	PassThread(ctx context.Context, psid, app, metadata string) error
	Said(ctx context.Context, psid string) ([]messenger.Said, error)
	media.Uploader
	mask.Maker
}

// Profiles finds what is known of a person, under the names that scripts read
// (_userFirstName …), without waiting long. *profiles.Cache of messenger does.
type Profiles interface {
	Lookup(ctx context.Context, page, psid string) map[string]string
}

var _ Client = (*messenger.Client)(nil)

// Config says what a Delivery works with.
type Config struct {
	Store    store.Store
	Clock    clock.Clock // nil: the machine's
	Bots     Bots
	Clients  func(page string) (Client, bool) // finds the client of a Page; false: there are no credentials
	Profiles Profiles                         // nil: nothing is known of anybody
	Media    *media.Library                   // nil: media go out by their addresses
	Masks    *mask.Wardrobe                   // nil: Pages speak themselves in place of personas
	Observer Observer                         // nil: nobody is told
	Logger   *slog.Logger                     // nil: nothing is logged
	Once     bool                             // what waits is logged once for each Page, not again every quietFor
	Platform string                           // what scripts read as _platform; empty: Platform
	Workers  int                              // conversations worked on at a time; 0: DefaultWorkers
	Calls    int                              // of messages of a Page under way, while which none waits for others; 0: group.DefaultCalls
	Poll     time.Duration                    // how often the store is asked for others' work; 0: DefaultPoll

	Rules                                    // of every Page that has none of its own
	RulesOf  func(page string) (Rules, bool) // a Page's own; nil: no Page has any
	Reorder  time.Duration                   // how long an event waits for earlier ones that are late, at most MaxReorder; 0: not at all
	Siblings func(page string) []string      // the Pages of the same app, page among them; nil: there is no other

	Chance func() float64 // draws from [0, 1) for pauses between tries; nil: the machine's
}

// Delivery is the inbox, the turns and the outbox of one host. It is safe for concurrent use.
type Delivery struct {
	store    store.Store
	clock    clock.Clock
	bots     Bots
	clients  func(page string) (Client, bool)
	profiles Profiles
	media    *media.Library
	masks    *mask.Wardrobe
	observer Observer
	platform string
	log      *slog.Logger
	poll     time.Duration

	common   Rules
	own      func(page string) (Rules, bool) // nil: no Page has rules of its own
	reorder  time.Duration
	siblings func(page string) []string
	once     bool

	alarm   *alarm
	crew    *crew
	trial   *dock
	started atomic.Bool
	marks   *marks
	groups  *group.Groups // of Run
	calls   int           // see Config
	paces   *pace.Paces
	pauses  *pauses
	chance  func() float64 // in [0, 1)

	mu    sync.Mutex
	quiet map[string]time.Duration // when a line about a Page was last logged, by the clock's Elapsed
}

// New returns a Delivery; Run sets it to work.
func New(c Config) (*Delivery, error) {
	for _, need := range []struct {
		name    string
		missing bool
	}{
		{"Store", c.Store == nil}, {"Bots", c.Bots == nil}, {"Clients", c.Clients == nil},
	} {
		if need.missing {
			return nil, fmt.Errorf("delivery: %s is missing", need.name)
		}
	}
	if c.Workers < 0 || c.Calls < 0 || c.Poll < 0 {
		return nil, fmt.Errorf("delivery: %d workers, %d calls, polling every %s: none can be negative", c.Workers, c.Calls, c.Poll)
	}
	if c.HumanFor < 0 || c.Reorder < 0 || c.Reorder > MaxReorder || c.SendsPerSecond < 0 {
		return nil, fmt.Errorf("delivery: humans for %s, reorder within %s, %d sends a second: none can be negative, and reorder at most %s",
			c.HumanFor, c.Reorder, c.SendsPerSecond, MaxReorder)
	}
	if c.Siblings == nil {
		c.Siblings = func(page string) []string { return []string{page} }
	}
	if c.Workers == 0 {
		c.Workers = DefaultWorkers
	}
	if c.Calls == 0 {
		c.Calls = group.DefaultCalls
	}
	if c.Poll == 0 {
		c.Poll = DefaultPoll
	}
	if c.Platform == "" {
		c.Platform = Platform
	}
	if c.Clock == nil {
		c.Clock = clock.Real{}
	}
	if c.Observer == nil {
		c.Observer = Silent{}
	}
	if c.Chance == nil {
		c.Chance = rand.Float64
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	d := &Delivery{
		store: c.Store, clock: c.Clock, bots: c.Bots, clients: c.Clients, profiles: c.Profiles, media: c.Media, masks: c.Masks,
		observer: c.Observer, platform: c.Platform, log: c.Logger, poll: c.Poll,
		common: c.ready(), own: c.RulesOf, reorder: c.Reorder,
		siblings: c.Siblings, once: c.Once, alarm: newAlarm(), crew: newCrew(c.Workers), calls: c.Calls, trial: &dock{latch: newLatch(), most: pace.Few(c.Workers)}, chance: c.Chance, quiet: map[string]time.Duration{},
	}
	d.paces = pace.New(func(page string) int { return d.rulesOf(page).SendsPerSecond }, c.Workers, c.Clock)
	d.marks = newMarks(c.Clients, c.Masks, c.Clock, d.log)
	d.pauses = &pauses{store: c.Store, clock: c.Clock, maxAge: c.Poll, hand: newLatch()}
	return d, nil
}

// now is the present in the precision of the store, fractions cut off, so that
// what is due now is due at once. It is for what is stored: time that passes is measured by the clock's Elapsed.
func (d *Delivery) now() time.Time { return d.clock.Now().Truncate(time.Millisecond) }

// within bounds ctx by the clock of the Config. The returned function must be called.
func (d *Delivery) within(ctx context.Context, limit time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := clock.Call(d.clock, limit, func() { cancel(context.DeadlineExceeded) })
	return ctx, func() {
		cancel(context.Canceled)
		stop()
	}
}
