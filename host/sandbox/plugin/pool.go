package plugin

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"github.com/footlight-bots/footlight/sdk/abi"
)

// Limits of instances that are used again as they are, because the plug-in is stateless.
const (
	// maxCalls is how many calls one of them takes.
	maxCalls = 10_000
	// maxGrowth is how far its memory may have grown, in bytes.
	maxGrowth = 1 << 20
)

// Pool keeps the instances of a module for one bot, as many as can run at once on this
// machine. It is safe for concurrent use.
type Pool struct {
	module    *Module
	stateless bool
	most      int // instances that wait

	mu      sync.Mutex
	idle    []*instance // restored; the one used last is at the end
	running int
	closed  bool
	drained chan struct{} // closed when the pool is closed and nothing runs
}

// Pool makes a pool with one instance in it. A stateless one does not restore
// instances between calls: the module says that it needs none, and the owner of the
// bot believes it. The module must not be closed before the pool is.
func (m *Module) Pool(ctx context.Context, stateless bool) (*Pool, error) {
	p := &Pool{module: m, stateless: stateless && m.image != nil, most: runtime.GOMAXPROCS(0), drained: make(chan struct{})}
	if m.image == nil {
		return p, nil
	}
	in, err := p.start(ctx)
	if err != nil {
		return nil, err
	}
	p.idle = []*instance{in}
	return p, nil
}

// start makes an instance that is as the image says.
func (p *Pool) start(ctx context.Context) (*instance, error) {
	in, err := p.module.start(ctx, p.module.image, p.module.starting())
	if err == nil {
		in.watched = !p.stateless
	}
	return in, err
}

// Call has the module run. Its error is a *Trap, a *Limit or a *Denied, or what the
// stage or the context ended the call with; a direction's own error is in the output.
func (p *Pool) Call(ctx context.Context, input []byte, stage Stage, b Budget) (output string, used Usage, err error) {
	in, err := p.take(ctx)
	if err != nil {
		return "", Usage{}, err
	}
	output, used, err = in.invoke(ctx, abi.OpRun, input, abi.MaxOutput, stage, b)
	in.calls++
	in.failed, in.deep = err != nil, errors.Is(err, tooDeep)
	return output, used, joined(err, p.give(ctx, in))
}

// take lends an instance that is as the image says.
func (p *Pool) take(ctx context.Context) (*instance, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, ErrClosed
	}
	p.running++
	if last := len(p.idle) - 1; last >= 0 {
		in := p.idle[last]
		p.idle = p.idle[:last]
		p.mu.Unlock()
		return in, nil
	}
	p.mu.Unlock()
	in, err := p.start(ctx)
	if err != nil {
		p.leave()
		return nil, err
	}
	return in, nil
}

// give takes an instance back and makes it forget, or frees it. One whose call has failed
// is restored like any other: all that it can have left half-done is part of the image,
// and making a new one for every failure would cost others more than the failure does.
func (p *Pool) give(ctx context.Context, in *instance) error {
	keep := !in.deep && p.module.image != nil
	switch {
	case !keep:
	case p.stateless && !in.failed:
		keep = in.calls < maxCalls && int(in.memory.Size())-p.module.image.size <= maxGrowth
	default:
		keep = p.module.image.restore(in) == nil
	}
	if keep && p.keep(in) {
		return nil
	}
	err := in.close(context.WithoutCancel(ctx))
	p.leave()
	return err
}

// keep takes a restored instance back and ends its loan, unless there are enough.
func (p *Pool) keep(in *instance) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.idle) >= p.most {
		return false
	}
	p.idle = append(p.idle, in)
	p.running--
	return true
}

// joined is errors.Join for the two that are mostly not there.
func joined(a, b error) error {
	if b == nil {
		return a
	}
	return errors.Join(a, b)
}

// leave ends a loan.
func (p *Pool) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running--
	p.drain()
}

// drain tells that nothing runs any more. The lock is held.
func (p *Pool) drain() {
	if p.closed && p.running == 0 {
		close(p.drained)
	}
}

// Close waits for the calls that run and frees all instances. It is called once.
func (p *Pool) Close(ctx context.Context) error {
	p.mu.Lock()
	p.closed = true
	var errs []error
	for _, in := range p.idle {
		errs = append(errs, in.close(ctx))
	}
	p.idle = nil
	p.drain()
	p.mu.Unlock()
	select {
	case <-p.drained:
	case <-ctx.Done():
		errs = append(errs, ctx.Err())
	}
	return errors.Join(errs...)
}
