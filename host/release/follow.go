package release

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
)

// The times of following.
const (
	// LookEvery is how often a host looks for a new order.
	LookEvery = 500 * time.Millisecond
	// RetryEvery is how often it tries an order again that it could not follow.
	RetryEvery = 10 * time.Second
)

// Player puts versions on stage. What it returns an error for stays as it was.
type Player interface {
	// Stage puts a version on stage for everybody, or for all that the canary does not take.
	Stage(ctx context.Context, version string, dir fs.FS) error
	// Canary puts a version on stage for a share of the people.
	Canary(ctx context.Context, version string, dir fs.FS, percent float64) error
	// Dismiss ends the canary.
	Dismiss(ctx context.Context) error
}

// FollowerConfig is what a Follower works with.
type FollowerConfig struct {
	Papers     Papers
	Bot        string // empty: the only one that is published
	Publishers Publishers
	Player     Player
	Clock      clock.Clock
	Log        *slog.Logger
	Host       string // names this host in reports
	Release    string // of this footlight
}

// Follower has a host play what orders say. Only State may be called beside its other methods.
type Follower struct {
	config FollowerConfig

	ledger   *Ledger // nil as long as it is not known which bot is meant
	seen     []byte  // the newest order as it was kept when seen last
	order    Order   // the newest that was followed, or tried
	stage    string  // what is played
	missed   bool    // the Player has refused another in its place
	canary   string
	percent  float64
	fault    string
	triedAt  time.Time
	reported time.Time

	mu    sync.Mutex
	state Report
}

// NewFollower returns a Follower that has not looked yet.
func NewFollower(c FollowerConfig) (*Follower, error) {
	f := &Follower{config: c}
	if c.Bot == "" {
		return f, nil
	}
	var err error
	f.ledger, err = OpenLedger(c.Papers, c.Bot)
	return f, err
}

// Run looks for orders until ctx ends.
func (f *Follower) Run(ctx context.Context) error {
	for {
		f.Look(ctx)
		due, stop := f.config.Clock.At(f.config.Clock.Now().Add(LookEvery))
		select {
		case <-ctx.Done():
			stop()
			return nil
		case <-due:
			stop()
		}
	}
}

// Forget has the next Look play its order from the beginning: what was played is gone. It is called
// between Runs.
func (f *Follower) Forget() {
	f.seen, f.stage, f.missed, f.canary, f.percent = nil, "", false, "", 0
}

// State tells what is played, and why it is not what was ordered; empty: it is.
func (f *Follower) State() Report {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state
}

// note keeps how things stand for State.
func (f *Follower) note(now time.Time) Report {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.state = Report{
		Host: f.config.Host, Order: f.order.Number, Stage: f.stage, Canary: f.canary, Fault: f.fault,
		At: now.UTC(), Release: f.config.Release,
	}
	return f.state
}

// Look follows the newest order, if it is another than before, and reports.
func (f *Follower) Look(ctx context.Context) {
	was := f.fault
	news, err := f.look(ctx)
	if ctx.Err() != nil {
		return
	}
	f.fault = ""
	if err != nil {
		f.fault = err.Error()
	}
	if f.fault != was {
		news = true
		f.tell(ctx)
	}
	now := f.config.Clock.Now()
	report := f.note(now)
	if f.ledger == nil || !news && now.Sub(f.reported) < ReportEvery {
		return
	}
	f.reported = now
	if err := f.ledger.report(ctx, report); err != nil && ctx.Err() == nil {
		f.config.Log.WarnContext(ctx, "the report of this host did not reach the store", "bot", f.config.Bot, "error", err)
	}
}

// tell logs that a fault has come or gone.
func (f *Follower) tell(ctx context.Context) {
	if f.fault == "" {
		f.config.Log.InfoContext(ctx, "the bot is played as ordered", "bot", f.config.Bot, "order", f.order.Number, "version", short(f.stage))
		return
	}
	f.config.Log.ErrorContext(ctx, "the bot is not played as ordered; what was on stage stays", "bot", f.config.Bot, "order", f.order.Number, "version", short(f.stage), "why", f.fault)
}

func short(version string) string { return Version{ID: version}.Short() }

// look does the work of Look; news tells whether anything is to be reported, another fault aside.
func (f *Follower) look(ctx context.Context) (news bool, err error) {
	if err := f.find(ctx); err != nil {
		return false, err
	}
	var kept []sealedOrder
	if _, err := read(ctx, f.ledger.papers, f.ledger.paper("orders"), &kept); err != nil {
		return false, err
	}
	if len(kept) == 0 {
		return false, fmt.Errorf("no version of %s is published yet; messages wait", f.ledger.bot)
	}
	now, newest := f.config.Clock.Now(), kept[len(kept)-1]
	// Not the revision of the paper: a store that has lost an order may come to the same one with another order.
	if bytes.Equal(newest.Order, f.seen) && (f.fault == "" || now.Sub(f.triedAt) < RetryEvery) {
		return false, f.standing()
	}
	f.triedAt = now
	order, err := newest.verify(f.ledger.bot, f.config.Publishers)
	if err != nil {
		return false, err
	}
	if order.Number < f.order.Number {
		return false, fmt.Errorf("order %d is older than order %d, which was followed already: somebody has changed the orders in the store", order.Number, f.order.Number)
	}
	f.order, f.seen = order, newest.Order
	return true, f.follow(ctx, order)
}

// standing is the fault that stands.
func (f *Follower) standing() error {
	if f.fault == "" {
		return nil
	}
	return errors.New(f.fault)
}

// find finds out which bot is meant.
func (f *Follower) find(ctx context.Context) error {
	if f.ledger != nil {
		return nil
	}
	bots, err := Bots(ctx, f.config.Papers)
	switch {
	case err != nil:
		return err
	case len(bots) == 0:
		return errors.New("no bot is published in this store yet: footlight publish DIR does it; messages wait")
	case len(bots) > 1:
		return fmt.Errorf("several bots are published in this store (%s, …): name one with FOOTLIGHT_BOT", bots[0])
	}
	f.config.Bot = bots[0]
	f.ledger, err = OpenLedger(f.config.Papers, bots[0])
	return err
}

// follow plays what an order says. The stage comes first: who leaves a canary has to go somewhere. On a host
// that plays nothing yet the canary does: whom it takes is not to hear the other version in between.
func (f *Follower) follow(ctx context.Context, o Order) error {
	if f.stage == "" {
		tried := f.playCanary(ctx, o)
		return errors.Join(f.playStage(ctx, o), tried)
	}
	if err := f.playStage(ctx, o); err != nil {
		return err
	}
	return f.playCanary(ctx, o)
}

// playStage puts the version on stage that an order names for everybody. A Player that has refused another is told
// that what it plays is meant again.
func (f *Follower) playStage(ctx context.Context, o Order) error {
	if o.Stage == f.stage && !f.missed {
		return nil
	}
	b, err := f.ledger.Bundle(ctx, o.Stage, f.config.Publishers)
	if err != nil {
		return err
	}
	if err := f.config.Player.Stage(ctx, o.Stage, b.Dir); err != nil {
		f.missed = true
		return fmt.Errorf("version %s: %w", short(o.Stage), err)
	}
	f.stage, f.missed = o.Stage, false
	f.config.Log.InfoContext(ctx, "a published version is on stage", "bot", f.config.Bot, "order", o.Number, "why", o.Why, "version", short(o.Stage))
	return nil
}

// playCanary puts the version on stage that an order names for some people, or ends what they had.
func (f *Follower) playCanary(ctx context.Context, o Order) error {
	switch {
	case o.Canary == f.canary && o.Percent == f.percent:
		return nil
	case o.Canary == "":
		f.canary, f.percent = "", 0
		return f.config.Player.Dismiss(ctx)
	}
	b, err := f.ledger.Bundle(ctx, o.Canary, f.config.Publishers)
	if err != nil {
		return err
	}
	if err := f.config.Player.Canary(ctx, o.Canary, b.Dir, o.Percent); err != nil {
		return fmt.Errorf("version %s, for %g %% of the people: %w", short(o.Canary), o.Percent, err)
	}
	f.canary, f.percent = o.Canary, o.Percent
	f.config.Log.InfoContext(ctx, "a published version is on stage for some", "bot", f.config.Bot, "order", o.Number, "percent", o.Percent, "version", short(o.Canary))
	return nil
}
