// Package macro runs the JavaScript of a bot (section 23 of the language) on
// QuickJS, which is itself a WebAssembly module in the sandbox. The macros of a bot
// are compiled once into an image of a whole machine; every turn that calls one gets
// a machine that is as the image says, so that nothing goes from one person to
// another. Clock and chance are the turn's; memory, stack, time and steps are
// bounded. Macros reach the outside through a Stage and in no other way. A plug-in that
// is one file of JavaScript runs the same way, on the stage of package plugin.
// No API of the host is promised.
package macro

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/sandbox"
)

// Limits of macros. Memory is bounded by sandbox.MaxEnginePages.
const (
	// MaxTime is how long one macro may run, without the replies that it asks for
	// (section 28 of the language).
	MaxTime = time.Second
	// MaxFuel is how long one macro may run whatever the clock says, in the units of
	// package meter: about what fits into MaxTime. With a quarter more it is stopped
	// where it is, even if it is not at a place where JavaScript can be.
	MaxFuel  = 120_000_000
	hardFuel = MaxFuel / 4
	// maxMemory is the memory that macros may use, in bytes.
	maxMemory = sandbox.MaxEnginePages << 16
	// MaxResultBytes is the length of a macro's result in bytes.
	MaxResultBytes = ir.MaxText
	// maxStackBytes is the stack of JavaScript.
	maxStackBytes = 192 << 10
	// spareBytes is memory that an image holds in store, so that small macros need
	// not ask for more.
	spareBytes = 256 << 10
	// maxKeptGrowth is how far the memory of a machine may have grown for it to be
	// used again, in bytes.
	maxKeptGrowth = 2 << 20
)

// Config is what a Set is made of.
type Config struct {
	Runtime *sandbox.Runtime
	Clock   clock.Clock // nil: only steps are counted
	Program *ir.Meta    // its Objects are the macros
}

// Problem is a macro that does not compile. Calling it gives the Object Not Found
// text (L-JS-4).
type Problem struct {
	Macro string
	Text  string // in the words of the engine
	File  string
	Line  int // from 1: that of the fault, or of the macro if the engine does not tell
}

// full tells whether the memory of a machine is as good as used up: its last exceptions
// have no text.
func (s *Set) full(size int) bool { return size > s.memory/4*3 }

// Set is the macros of one bot. It is safe for concurrent use.
type Set struct {
	clock    clock.Clock
	program  *ir.Meta
	engine   *sandbox.Engine
	memory   int // that JavaScript may use, in bytes
	image    *sandbox.Image
	roots    roots
	callable map[string]bool
	problems []Problem

	mu      sync.Mutex
	idle    []*vm // reset already; the one used last is at the end
	running int
	closed  bool
	drained chan struct{}
}

// Load compiles the macros of a bot. A bot without any has a nil Set, which knows no
// macro and costs nothing.
func Load(ctx context.Context, c Config) (*Set, error) {
	if len(c.Program.Objects) == 0 {
		return nil, nil
	}
	engine, err := c.Runtime.Engine(ctx, quickjs)
	if err != nil {
		return nil, fmt.Errorf("macro: %w", err)
	}
	s := &Set{clock: c.Clock, program: c.Program, engine: engine, memory: maxMemory, callable: map[string]bool{}, drained: make(chan struct{})}
	if err := s.build(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("macro: %w", err), engine.Close(ctx))
	}
	if err := s.warm(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("macro: %w", err), engine.Close(ctx))
	}
	return s, nil
}

// warm makes the first machine, so that no person waits for it.
func (s *Set) warm(ctx context.Context) error {
	first, err := s.machine(ctx)
	if err == nil {
		s.idle = append(s.idle, first)
	}
	return err
}

// Problems are the macros that do not compile.
func (s *Set) Problems() []Problem {
	if s == nil {
		return nil
	}
	return s.problems
}

// ErrClosed is returned for a turn on a Set that has been closed.
var ErrClosed = errors.New("macro: the macros are closed")

// take lends a machine that knows nothing but the image.
func (s *Set) take(ctx context.Context) (*vm, error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, ErrClosed
	}
	s.running++
	if last := len(s.idle) - 1; last >= 0 {
		v := s.idle[last]
		s.idle = s.idle[:last]
		s.mu.Unlock()
		return v, nil
	}
	s.mu.Unlock()
	v, err := s.machine(ctx)
	if err != nil {
		return nil, errors.Join(err, s.leave(ctx))
	}
	return v, nil
}

// give takes a machine back and makes it forget, or closes it.
func (s *Set) give(ctx context.Context, v *vm) error {
	keep := !v.broken && !v.worn && v.machine.Size()-s.image.Size() <= maxKeptGrowth
	var err error
	if keep {
		v.machine.Leave()
		if err = v.machine.Reset(s.image); err != nil {
			keep = false
		}
	}
	s.mu.Lock()
	keep = keep && !s.closed && len(s.idle) < runtime.GOMAXPROCS(0)
	if keep {
		s.idle = append(s.idle, v)
	}
	s.mu.Unlock()
	if !keep {
		err = errors.Join(err, v.machine.Close(ctx))
	}
	return errors.Join(err, s.leave(ctx))
}

// leave ends a loan; the last one of a closed Set frees the engine.
func (s *Set) leave(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	return s.drain(ctx)
}

// drain frees the engine if nobody needs it any more. The lock is held.
func (s *Set) drain(ctx context.Context) error {
	if !s.closed || s.running > 0 {
		return nil
	}
	close(s.drained)
	return s.engine.Close(ctx)
}

// Close waits for the turns that run macros and frees everything. It is called once.
func (s *Set) Close(ctx context.Context) error {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	s.closed = true
	var errs []error
	for _, v := range s.idle {
		errs = append(errs, v.machine.Close(ctx))
	}
	s.idle = nil
	errs = append(errs, s.drain(ctx))
	s.mu.Unlock()
	select {
	case <-s.drained:
	case <-ctx.Done():
		errs = append(errs, ctx.Err())
	}
	return errors.Join(errs...)
}
