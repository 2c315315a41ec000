package plugin

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
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
	paced   time.Time // when the next instance may be made, or long ago
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
	in := p.waiting()
	pause := time.Duration(0)
	if in == nil {
		pause = p.pause(clock.Real{}.Now())
	}
	p.mu.Unlock()
	if in != nil {
		return in, nil
	}
	in, err := p.replace(ctx, pause)
	if err != nil {
		p.leave()
		return nil, err
	}
	return in, nil
}

// waiting is the instance that was used last of those that wait; nil: none does. The
// lock is held.
func (p *Pool) waiting() *instance {
	last := len(p.idle) - 1
	if last < 0 {
		return nil
	}
	in := p.idle[last]
	p.idle = p.idle[:last]
	return in
}

// Limits of the making of instances, which costs far more than a call. A plug-in that
// outgrows its image in every call needs a new one for each: it waits, not the others.
// The machine's time is meant, whatever the clock of the bot says.
const (
	// startShare is the part of one processor's time that it may take: a twentieth.
	startShare = 20
	// startCredit is how much of the waiting a plug-in may put off that has made none.
	startCredit = time.Second
)

// pause is how long an instance that is to be made has to wait. The lock is held.
func (p *Pool) pause(now time.Time) time.Duration {
	if earliest := now.Add(-startCredit); p.paced.Before(earliest) {
		p.paced = earliest
	}
	return p.paced.Sub(now)
}

// replace makes an instance after a pause, unless one has come back by then.
func (p *Pool) replace(ctx context.Context, pause time.Duration) (*instance, error) {
	if err := clock.Sleep(ctx, clock.Real{}, pause); err != nil {
		return nil, err
	}
	if pause > 0 {
		p.mu.Lock()
		in := p.waiting()
		p.mu.Unlock()
		if in != nil {
			return in, nil
		}
	}
	began := clock.Real{}.Now()
	in, err := p.start(ctx)
	p.mu.Lock()
	p.paced = p.paced.Add(startShare * clock.Real{}.Now().Sub(began))
	p.mu.Unlock()
	return in, err
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
