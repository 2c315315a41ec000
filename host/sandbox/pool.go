package sandbox

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
)

// ErrClosed is returned for a turn on a module that has been closed.
var ErrClosed = errors.New("sandbox: module is closed")

// pool keeps instances that wait for a turn, as many as turns can run at once on
// this machine, each in a bay. A processor goes to the bay that it used last: what lies
// there is in its cache, and nobody else wants it. The zero pool is not ready: see init.
type pool struct {
	bays    []bay
	last    sync.Pool                   // *bay: the one that this processor used last; it may forget
	next    atomic.Uint32               // where a processor begins that remembers none
	ending  sync.Once                   // of close
	rest    atomic.Int64                // loans of a closed pool, and one while it is being closed
	drained chan struct{}               // closed when the pool is closed and nothing runs
	free    func(context.Context) error // frees the module; set by close
}

func (p *pool) init(first *instance) {
	p.bays = make([]bay, runtime.GOMAXPROCS(0))
	p.bays[0].instance = first
	p.rest.Store(1)
	p.drained = make(chan struct{})
}

// near is the bay to begin with.
func (p *pool) near() *bay {
	if b, ok := p.last.Get().(*bay); ok {
		return b
	}
	return &p.bays[int(p.next.Add(1)-1)%len(p.bays)]
}

// take lends an instance, or nil: then the caller makes one, and gives it back
// like any other, or leaves. The loan is counted at a bay.
func (p *pool) take() (in *instance, at *bay, err error) {
	near := p.near()
	if in, err = near.take(); in != nil || err != nil {
		return in, near, err
	}
	for i := range p.bays {
		if in, err = p.bays[i].take(); in != nil || err != nil {
			return in, &p.bays[i], err
		}
	}
	return nil, near, near.lend()
}

// give takes an instance back and ends its loan; one that is not to be kept, or one
// too many, is closed.
func (p *pool) give(ctx context.Context, in *instance, at *bay, keep bool) error {
	if !keep {
		return errors.Join(in.close(ctx), p.leave(at))
	}
	if at.keep(in, 1) {
		p.last.Put(at)
		return nil
	}
	for i := range p.bays {
		if p.bays[i].keep(in, 0) {
			return p.leave(at)
		}
	}
	return errors.Join(in.close(ctx), p.leave(at))
}

// leave ends a loan without giving anything back. The last one of a closed pool frees
// the module.
func (p *pool) leave(at *bay) error {
	if at.leave() {
		return p.depart()
	}
	return nil
}

// depart is one less in a closed pool; the last one frees the module.
func (p *pool) depart() error {
	if p.rest.Add(-1) > 0 {
		return nil
	}
	err := p.free(context.Background())
	close(p.drained)
	return err
}

// close ends the pool; see Module.Close. A second call does nothing but wait.
func (p *pool) close(ctx context.Context, free func(context.Context) error) error {
	var errs []error
	p.ending.Do(func() {
		p.free = free
		for i := range p.bays {
			errs = append(errs, p.bays[i].close(ctx, &p.rest))
		}
		errs = append(errs, p.depart())
	})
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
