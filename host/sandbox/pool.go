package sandbox

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// ErrClosed is returned for a turn on a module that has been closed.
var ErrClosed = errors.New("sandbox: module is closed")

// pool keeps instances that wait for a turn, as many as turns can run at once on
// this machine. The zero pool is not ready: see init.
type pool struct {
	mu      sync.Mutex
	idle    []*instance // the one used last is at the end, and is used next
	running int         // instances that are lent
	closed  bool
	drained chan struct{}               // closed when the pool is closed and nothing runs
	free    func(context.Context) error // frees the module; set by close
}

func (p *pool) init(first *instance) {
	p.idle = append(make([]*instance, 0, runtime.GOMAXPROCS(0)), first)
	p.drained = make(chan struct{})
}

// take lends an instance, or nil: then the caller makes one, and gives it back
// like any other, or leaves.
func (p *pool) take() (*instance, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, ErrClosed
	}
	p.running++
	last := len(p.idle) - 1
	if last < 0 {
		return nil, nil
	}
	in := p.idle[last]
	p.idle = p.idle[:last]
	return in, nil
}

// give takes an instance back and ends its loan; one that is not to be kept, or one
// too many, is closed.
func (p *pool) give(ctx context.Context, in *instance, keep bool) error {
	p.mu.Lock()
	if keep && !p.closed && len(p.idle) < cap(p.idle) {
		p.idle = append(p.idle, in)
		p.running--
		p.mu.Unlock()
		return nil
	}
	p.mu.Unlock()
	return errors.Join(in.close(ctx), p.leave())
}

// leave ends a loan without giving anything back. The last one of a closed pool frees
// the module.
func (p *pool) leave() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running--
	return p.drain()
}

// drain frees the module if nothing needs it any more. The lock is held.
func (p *pool) drain() error {
	if !p.closed || p.running > 0 {
		return nil
	}
	err := p.free(context.Background())
	close(p.drained)
	return err
}

// close ends the pool; see Module.Close. A second call does nothing but wait.
func (p *pool) close(ctx context.Context, free func(context.Context) error) error {
	p.mu.Lock()
	var errs []error
	if !p.closed {
		p.closed, p.free = true, free
		for _, in := range p.idle {
			errs = append(errs, in.close(ctx))
		}
		p.idle = nil
		errs = append(errs, p.drain())
	}
	p.mu.Unlock()
	select {
	case <-p.drained:
	default:
		select {
		case <-p.drained:
		case <-ctx.Done():
			errs = append(errs, ctx.Err())
		}
	}
	return errors.Join(errs...)
}
