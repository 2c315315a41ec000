package plugin

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/sandbox"
)

// awaited is a context that tells when somebody waits for it.
type awaited struct {
	context.Context
	once  sync.Once
	asked chan struct{}
}

func (a *awaited) Done() <-chan struct{} {
	a.once.Do(func() { close(a.asked) })
	return a.Context.Done()
}

// TestLongCalls: a long call waits while all places for such calls are taken, others go
// on meanwhile, and it gives its place back however it ends.
func TestLongCalls(t *testing.T) {
	r := runtimes(t, sandbox.Config{})
	p := pooled(t, r, zoo(t), false)
	most := cap(r.places)
	for range most {
		r.places <- struct{}{}
	}
	loop := func(ctx context.Context) (*awaited, chan error) {
		a, ended := &awaited{Context: ctx, asked: make(chan struct{})}, make(chan error, 1)
		go func() {
			_, _, err := p.Call(a, named("loop"), &scene{}, Budget{Time: 10 * time.Millisecond})
			ended <- err
		}()
		<-a.asked
		return a, ended
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, given := loop(ctx)
	_, patient := loop(t.Context())
	if out, _, err := p.Call(t.Context(), named("hello"), &scene{}, budget); err != nil || out != `{"text":"hello"}` {
		t.Errorf("a short call beside them: %q, %v", out, err)
	}
	cancel()
	if err := <-given; !errors.Is(err, context.Canceled) {
		t.Errorf("the call that was given up: %v", err)
	}
	<-r.places
	var limit *Limit
	if err := <-patient; !errors.As(err, &limit) {
		t.Errorf("the call that waited: %v", err)
	}
	if len(r.places) != most-1 {
		t.Errorf("%d places are taken, want %d", len(r.places), most-1)
	}
}
