package plugin

import (
	"context"
	"errors"
	"testing"

	"github.com/footlight-bots/footlight/host/sandbox"
)

// loaded is what a Load has come to.
type loaded struct {
	*Module
	err error
}

// slowly loads a module that is not made before it is told to; the error is that of its trial.
func slowly(ctx context.Context, t *testing.T, r *Runtime, wasm []byte) (finish func(error), result chan loaded) {
	t.Helper()
	tried, ready := make(chan struct{}), make(chan error)
	result = make(chan loaded, 1)
	go func() {
		m, err := r.Load(ctx, wasm, Options{Try: func([]byte) ([]byte, error) {
			close(tried)
			return named("hello"), <-ready
		}})
		result <- loaded{m, err}
	}()
	<-tried
	return func(err error) { ready <- err }, result
}

// TestLoadTogether: who loads the bytes of a module that is being made gets the same one,
// or the same error, and who loads others does not wait for it.
func TestLoadTogether(t *testing.T) {
	r := runtimes(t, sandbox.Config{})
	same, other := assembled(t, decent("", "")), zoo(t)
	finish, first := slowly(t.Context(), t, r, same)
	second := make(chan loaded, 1)
	ctx := &awaited{Context: t.Context(), asked: make(chan struct{})}
	go func() {
		m, err := r.Load(ctx, same, Options{})
		second <- loaded{m, err}
	}()
	<-ctx.asked // it waits
	apart, err := r.Load(t.Context(), other, Options{})
	if err != nil {
		t.Fatal(err)
	}
	finish(nil)
	a, b := <-first, <-second
	if a.err != nil || b.err != nil || a.Module != b.Module {
		t.Fatalf("%v and %v", a, b)
	}
	for _, m := range []*Module{apart, a.Module, b.Module} {
		if err := m.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	broken := errors.New("no call fits")
	finish, first = slowly(t.Context(), t, r, same)
	finish(broken)
	if a := <-first; !errors.Is(a.err, broken) {
		t.Errorf("%v", a.err)
	}
	m, err := r.Load(t.Context(), same, Options{})
	if err != nil {
		t.Fatalf("after one that failed: %v", err)
	}
	if err := m.Close(t.Context()); err != nil || len(r.modules) != 0 {
		t.Errorf("%v, and %d modules are left", err, len(r.modules))
	}
}

// TestLoadGivenUp: a load that was given up is no failure of the module for others who
// wait for it.
func TestLoadGivenUp(t *testing.T) {
	r := runtimes(t, sandbox.Config{})
	wasm := assembled(t, decent("", ""))
	finish, first := slowly(t.Context(), t, r, wasm)
	second := make(chan loaded, 1)
	ctx := &awaited{Context: t.Context(), asked: make(chan struct{})}
	go func() {
		m, err := r.Load(ctx, wasm, Options{})
		second <- loaded{m, err}
	}()
	<-ctx.asked
	finish(context.Canceled)
	if a := <-first; !errors.Is(a.err, context.Canceled) {
		t.Errorf("%v", a.err)
	}
	b := <-second
	if b.err != nil {
		t.Fatalf("the one that waited: %v", b.err)
	}
	if err := b.Close(t.Context()); err != nil || len(r.modules) != 0 {
		t.Errorf("%v, and %d modules are left", err, len(r.modules))
	}
}
