// Package repertoire lets one host have far more bots than it could keep loaded. Somebody who enters a bot
// has it loaded; a bot that nobody has entered for a while rests, and gives back what it holds. Loading
// goes on beside the turns of others: few bots at a time, and few that wait for it. No bot uses more than half
// of the processors, however many are in it. Bots whose turns are slow, or that use all they may, share a
// lane of their own, so that they are slow for each other and not for the rest. Who waits for others, such as
// for a request, lends its place on meanwhile.
//
// It does not know what a bot is. Invariants: a bot is never put to rest while somebody is in it; it is
// loaded once, however many wait; whoever enters has had it loaded. No API of the host is promised.
package repertoire

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// The bounds of a repertoire.
const (
	// MaxWaiting is how many wait at a time for bots that are being loaded; more are told to come again.
	MaxWaiting = 32
	// MaxInLane is how many wait at a time for bots that are in use or for the lane; more are told to come again
	// if that would take long.
	MaxInLane = 16
	// MaxQueueTime is for how long more than MaxInLane may have to wait together.
	MaxQueueTime = 250 * time.Millisecond
	// SlowTurn is the time of a turn from which on a bot counts as slow, on average.
	SlowTurn = 5 * time.Millisecond
	// MaxShare is how much of the time of its places, in percent, a bot may take before it counts as slow,
	// however short its turns.
	MaxShare = 80
	// lightShare is what it must take less than, in percent, to count as slow no more.
	lightShare = 40
	// shareTime is over which time shares are measured.
	shareTime = 100 * time.Millisecond
	// LoadBeside is how many bots are loaded at the same time.
	LoadBeside = 2
	// queueLook is the time between two looks whether it would take that long.
	queueLook = 20 * time.Millisecond
	// breathGap is how long a turn computes until it looks whether it should rest.
	breathGap = time.Millisecond
	// lateWake is how late a turn goes on after a rest if processors are scarce.
	lateWake = 500 * time.Microsecond
	// scarceTime is for how long they count as scarce after that.
	scarceTime = 100 * time.Millisecond
	// scarceTimes is for how many times as long as it has computed a turn rests while they are.
	scarceTimes = 4
	// maxRest is how long it rests at most at a time.
	maxRest = 30 * time.Millisecond
	// swiftTime is for how long a bot of swift turns counts as being in use after somebody has entered it.
	swiftTime = 20 * time.Millisecond
	// LookEvery is how often a repertoire looks for bots that have been idle for too long.
	LookEvery = 5 * time.Second
	// paceTurns is over how many turns the average time is taken, roughly.
	paceTurns = 8
)

// ErrBusy is the error of an entry for which too many wait already.
var ErrBusy = errors.New("too many wait for bots to be loaded, or for slow bots")

// Piece is a bot that can be loaded and put to rest.
type Piece interface {
	// Load makes the bot ready to be entered. What is wrong with it is the bot's to tell.
	Load(ctx context.Context)
	// Follow keeps it up to date, from Load to Rest, until ctx ends.
	Follow(ctx context.Context)
	// Rest gives back what Load has taken.
	Rest(ctx context.Context) error
}

// Config says how a repertoire is kept.
type Config struct {
	Clock clock.Clock
	Idle  time.Duration // how long a bot stays loaded that nobody enters; 0: for ever
	Most  int           // how many are loaded at a time, as far as they are idle; 0: any number
	Log   *slog.Logger
}

// Repertoire is the bots of a host. It is safe for concurrent use.
type Repertoire struct {
	config  Config
	seats   []*Seat // does not change once Run has begun
	beside  chan struct{}
	lane    chan struct{}
	waiting atomic.Int64
	queued  atomic.Int64 // for places
	scarce  atomic.Int64 // when somebody was late to go on after a rest, in nanoseconds of Unix time
	swift   atomic.Int64 // when somebody entered a swift bot last, likewise
	loaded  atomic.Int64
	loads   atomic.Int64
	crowded chan struct{} // receives when a load has made more than Most

	mu    sync.Mutex
	ctx   context.Context // of Run; nil before it and after it
	tasks sync.WaitGroup  // loads and follows; none begins once ctx has ended
}

// New returns a repertoire without bots; Run keeps it.
func New(c Config) *Repertoire {
	return &Repertoire{
		config: c, beside: make(chan struct{}, LoadBeside), lane: make(chan struct{}, places()), crowded: make(chan struct{}, 1),
	}
}

// places is how many turns of one bot, or of all slow ones, compute at a time.
func places() int { return max(1, runtime.GOMAXPROCS(0)/2) }

// Add adds a bot that rests.
func (r *Repertoire) Add(p Piece) *Seat {
	s := &Seat{r: r, piece: p, places: make(chan struct{}, places())}
	r.seats = append(r.seats, s)
	return s
}

// Loaded is how many bots are loaded.
func (r *Repertoire) Loaded() int { return int(r.loaded.Load()) }

// Loads is how often a bot was loaded.
func (r *Repertoire) Loads() int { return int(r.loads.Load()) }

// due is for how long others go first after somebody has computed for so long.
func (r *Repertoire) due(now time.Time, computed time.Duration) time.Duration {
	if lately(now, &r.scarce, scarceTime) {
		computed *= scarceTimes
	}
	return min(computed, maxRest)
}

// lately tells whether something happened in the time before now; when is in nanoseconds of Unix time.
func lately(now time.Time, when *atomic.Int64, within time.Duration) bool {
	return now.Sub(time.Unix(0, when.Load())) < within
}

// Run follows the bots that are loaded, loads others in their order as far as they have room, and puts
// idle ones to rest, until ctx ends; then it waits for what it has begun.
func (r *Repertoire) Run(ctx context.Context) error {
	r.mu.Lock()
	r.ctx = ctx
	r.mu.Unlock()
	for _, s := range r.seats {
		s.resume()
	}
	r.task(func(ctx context.Context) { r.warm(ctx) })
	for ctx.Err() == nil {
		due, stop := r.config.Clock.At(r.config.Clock.Now().Add(LookEvery))
		select {
		case <-ctx.Done():
		case <-r.crowded:
		case <-due:
		}
		stop()
		if ctx.Err() == nil {
			r.look(ctx)
		}
	}
	r.mu.Lock()
	r.ctx = nil // from now on no task begins
	r.mu.Unlock()
	r.tasks.Wait()
	return nil
}

// task begins something that Run waits for; false: it does not run.
func (r *Repertoire) task(do func(ctx context.Context)) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx == nil || r.ctx.Err() != nil {
		return false
	}
	ctx := r.ctx
	r.tasks.Go(func() { do(ctx) })
	return true
}

// warm loads bots ahead of their first message, as many as may be loaded.
func (r *Repertoire) warm(ctx context.Context) {
	for i, s := range r.seats {
		if ctx.Err() != nil || r.config.Most > 0 && i >= r.config.Most {
			return
		}
		if loading := s.begin(); loading != nil {
			select {
			case <-loading:
			case <-ctx.Done():
			}
		}
	}
}

// look puts bots to rest: those that were idle for too long, and of more than Most the longest idle.
func (r *Repertoire) look(ctx context.Context) {
	now := r.config.Clock.Now()
	type idler struct {
		seat *Seat
		last time.Time
	}
	var idle []idler
	for _, s := range r.seats {
		if last, ok := s.idle(); ok {
			idle = append(idle, idler{s, last})
		}
	}
	slices.SortStableFunc(idle, func(a, b idler) int { return a.last.Compare(b.last) })
	for _, i := range idle {
		old := r.config.Idle > 0 && now.Sub(i.last) >= r.config.Idle
		many := r.config.Most > 0 && r.Loaded() > r.config.Most
		if !old && !many || ctx.Err() != nil {
			return
		}
		if err := i.seat.rest(ctx); err != nil {
			r.config.Log.ErrorContext(ctx, "a bot that rests has not given everything back", "error", err)
		}
	}
}
