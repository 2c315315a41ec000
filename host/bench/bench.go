// Package bench measures a bot: what it takes to build and load it, what an instance
// weighs, and how long turns take, apart for each kind of trigger that wins. Talks
// are played once to see where each message meets the bot; then the same turns are
// repeated, each from the state it was met in, so that every round does the same work
// and chance has no say in what is measured. Nothing leaves the machine: the lines of
// a script that ask a web service get an error at once. It measures whole turns, not
// stores or networks. No API of the host is promised.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/macro"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/turn"
)

// Bounds of a measurement.
const (
	// MaxTime is the longest run.
	MaxTime = time.Hour
	// MaxPeople is how many may talk at once.
	MaxPeople = 1000
	// MaxMessages is how many messages the talks of a measurement may hold.
	MaxMessages = 100_000
)

// Options say how a bot is measured.
type Options struct {
	Folder   fs.FS // the bot's
	Settings bot.Settings
	Talks    []Talk
	CacheDir string        // an empty folder, in which compiled code is kept while the measurement runs
	Time     time.Duration // of the run; a tenth more goes before it, uncounted
	People   int           // who talk at once
	Seed     uint64        // of the first draw of each talk
	Clock    clock.Clock
}

// check refuses what cannot be measured.
func (o *Options) check() error {
	switch {
	case o.Time <= 0 || o.Time > MaxTime:
		return fmt.Errorf("a run of %v: it takes more than nothing and at most %v", o.Time, MaxTime)
	case o.People < 1 || o.People > MaxPeople:
		return fmt.Errorf("%d people: from 1 to %d can talk at once", o.People, MaxPeople)
	case len(o.Talks) == 0:
		return errors.New("there is no message to say")
	}
	n := 0
	for _, t := range o.Talks {
		n += len(t.Says)
	}
	if n > MaxMessages {
		return fmt.Errorf("%d messages; at most %d can be measured at once", n, MaxMessages)
	}
	return nil
}

// Run measures a bot. A bot with errors is a *bot.RefusedError, as it is everywhere.
func Run(ctx context.Context, o Options) (*Report, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	r := &Report{People: o.People}
	began := o.Clock.Now()
	built, err := bot.Compile(o.Folder, o.Settings)
	if err != nil {
		return nil, err
	}
	r.Build = o.Clock.Now().Sub(began)
	r.Files, r.Triggers, r.ModuleBytes = len(built.Files), len(built.Program.Triggers), len(built.Wasm)
	if r.Load, err = o.load(ctx, built); err != nil {
		return nil, err
	}
	runtime, err := sandbox.New(sandbox.Config{CacheDir: o.CacheDir})
	if err != nil {
		return nil, err
	}
	defer func() { _ = runtime.Close(context.WithoutCancel(ctx)) }()
	began = o.Clock.Now()
	module, err := runtime.Load(ctx, built.Wasm)
	if err != nil {
		return nil, err
	}
	defer func() { _ = module.Close(context.WithoutCancel(ctx)) }()
	r.Reload = o.Clock.Now().Sub(began)
	macros, err := macro.Load(ctx, macro.Config{Runtime: runtime, Clock: o.Clock, Program: module.Program()})
	if err != nil {
		return nil, err
	}
	defer func() { _ = macros.Close(context.WithoutCancel(ctx)) }()
	settings := o.Settings.Turn(true)
	settings.Macros = macros
	h := house{options: o, runner: turn.New(module, settings), program: built.Program}
	if err := h.rehearse(ctx); err != nil {
		return nil, err
	}
	if err := h.measure(ctx, r); err != nil {
		return nil, err
	}
	r.InstanceBytes = module.InstanceBytes()
	return r, nil
}

// load is how long it takes until a module that nobody has seen before can answer.
func (o *Options) load(ctx context.Context, built *compile.Result) (took time.Duration, err error) {
	runtime, err := sandbox.New(sandbox.Config{CacheDir: o.CacheDir})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, runtime.Close(context.WithoutCancel(ctx))) }()
	began := o.Clock.Now()
	module, err := runtime.Load(ctx, built.Wasm)
	if err != nil {
		return 0, err
	}
	took = o.Clock.Now().Sub(began)
	return took, module.Close(context.WithoutCancel(ctx))
}
