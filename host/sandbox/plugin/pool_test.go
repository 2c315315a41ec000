package plugin

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// engines runs a test in both engines of wazero, which have differed before.
func engines(t *testing.T, test func(t *testing.T, r *Runtime)) {
	for name, c := range map[string]sandbox.Config{"compiler": {}, "interpreter": {Interpreter: true}} {
		t.Run(name, func(t *testing.T) { test(t, runtimes(t, c)) })
	}
}

func TestCall(t *testing.T) {
	engines(t, func(t *testing.T, r *Runtime) {
		p := pooled(t, r, zoo(t), false)
		s := &scene{}
		out, used, err := p.Call(t.Context(), named("all"), s, budget)
		if err != nil || out != `{"text":"hello"}` {
			t.Fatalf("%q, %v", out, err)
		}
		want := []string{`log 2 "a line"`, `put "state:k" "hello"`, `get "state:k"`, `emit "hello"`, `http "a line"`, `log 1 "a line"`, `log 1 "and half"`}
		if diff := cmp.Diff(want, s.did); diff != "" {
			t.Error(diff)
		}
		if used.Fuel <= 0 || used.Fuel > 1000 || used.Memory != pageSize {
			t.Errorf("used %+v", used)
		}
		again, usedAgain, err := p.Call(t.Context(), named("all"), &scene{}, budget)
		if again != out || usedAgain != used || err != nil {
			t.Errorf("the second time: %q, %+v, %v", again, usedAgain, err)
		}
	})
}

// TestFailures: every way to go wrong ends the call, is told in plain words as what it
// is, and harms no later call.
func TestFailures(t *testing.T) {
	limit := func(err error) bool { var l *Limit; return errors.As(err, &l) }
	trap := func(err error) bool { var l *Trap; return errors.As(err, &l) }
	denied := func(err error) bool { var l *Denied; return errors.As(err, &l) }
	tests := []struct {
		name string
		kind func(error) bool
		want string
	}{
		{"loop", limit, "it used more than 1,200,000 steps; time in bot.toml sets that limit"},
		{"fill", limit, "it used more than 1,200,000 steps; time in bot.toml sets that limit"},
		{"recursion", limit, "it used more than 2,000 calls inside of calls"},
		{"output", limit, "it used more than 65,536 bytes of output"},
		{"pointer", trap, "it crashed: an address that it gave the host is not in its memory"},
		{"wrong", trap, "it crashed: an address that it gave the host is not in its memory"},
		{"trap", trap, "it crashed: unreachable"},
		{"greedy", trap, "it crashed: unreachable, with 16,777,216 of 16,777,216 bytes of memory in use; memory in bot.toml sets that limit"},
		{"xit", trap, "it crashed: it ended itself with code 3"},
		{"cut", denied, "cut is not granted"},
	}
	engines(t, func(t *testing.T, r *Runtime) {
		p := pooled(t, r, zoo(t), false)
		for _, tt := range tests {
			began := time.Now()
			out, used, err := p.Call(t.Context(), named(tt.name), &scene{deny: "cut"}, Budget{Time: 10 * time.Millisecond})
			if err == nil || !tt.kind(err) || err.Error() != tt.want || out != "" {
				t.Errorf("%s: %q, %v, want %s", tt.name, out, err, tt.want)
			}
			if used.Fuel <= 0 || time.Since(began) > 10*time.Second {
				t.Errorf("%s: used %+v in %s", tt.name, used, time.Since(began))
			}
			if out, _, err := p.Call(t.Context(), named("hello"), &scene{}, budget); err != nil || out != `{"text":"hello"}` {
				t.Errorf("after %s: %q, %v", tt.name, out, err)
			}
		}
	})
}

// TestNothingStays: what one call has left in memory, in a global or in the size of the
// memory, another one does not find.
func TestNothingStays(t *testing.T) {
	engines(t, func(t *testing.T, r *Runtime) {
		p := pooled(t, r, zoo(t), false)
		for range 3 {
			out, _, err := p.Call(t.Context(), named("spy"), &scene{}, budget)
			if err != nil || out != `{"text":"0"}` {
				t.Errorf("%q, %v", out, err)
			}
			_, used, err := p.Call(t.Context(), named("bomb"), &scene{}, budget)
			if err != nil || used.Memory != MaxPages*pageSize {
				t.Errorf("used %+v, %v", used, err)
			}
			if _, used, _ = p.Call(t.Context(), named("hello"), &scene{}, budget); used.Memory != pageSize {
				t.Errorf("after the bomb there are %d bytes of memory", used.Memory)
			}
		}
	})
}

// TestPause: instances are made at once as long as few are, and then a plug-in waits in
// proportion to what they cost.
func TestPause(t *testing.T) {
	p, now := &Pool{}, time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	made := func(after, took, want time.Duration) {
		t.Helper()
		now = now.Add(after)
		if got := p.pause(now); got != want {
			t.Errorf("at %s it waits %s, want %s", now.Format(time.TimeOnly), got, want)
		}
		p.paced = p.paced.Add(startShare * took)
	}
	made(0, 20*time.Millisecond, -time.Second)
	made(0, 40*time.Millisecond, -600*time.Millisecond)
	made(0, 10*time.Millisecond, 200*time.Millisecond)
	made(100*time.Millisecond, 0, 300*time.Millisecond)
	made(300*time.Millisecond, 0, 0)
	made(time.Hour, 0, -time.Second)

	r := runtimes(t, sandbox.Config{})
	grown := pooled(t, r, zoo(t), false)
	for range 2 {
		if _, _, err := grown.Call(t.Context(), named("bomb"), &scene{}, budget); err != nil {
			t.Fatal(err)
		}
	}
	if grown.paced.IsZero() {
		t.Error("the second instance is not counted")
	}
	grown.paced = time.Now().Add(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := grown.Call(ctx, named("hello"), &scene{}, budget); !errors.Is(err, context.Canceled) {
		t.Errorf("who waits for an instance and is cancelled is told %v", err)
	}
}

// TestFailedAndClean: an instance whose call has failed serves the next one, and knows as
// little of it as any other, also where the plug-in is stateless. One that went too deep
// is replaced, for its stack has grown.
func TestFailedAndClean(t *testing.T) {
	engines(t, func(t *testing.T, r *Runtime) {
		for _, stateless := range []bool{false, true} {
			p := pooled(t, r, zoo(t), stateless)
			first := p.idle[0]
			for _, name := range []string{"keep", "loop", "pointer", "cut", "output"} {
				if _, _, err := p.Call(t.Context(), named(name), &scene{deny: "cut"}, budget); err == nil {
					t.Errorf("%s does not fail", name)
				}
				if len(p.idle) != 1 || p.idle[0] != first {
					t.Errorf("after %s there is another instance", name)
				}
			}
			if out, _, err := p.Call(t.Context(), named("spy"), &scene{}, budget); err != nil || out != `{"text":"0"}` {
				t.Errorf("%q, %v", out, err)
			}
			if _, _, err := p.Call(t.Context(), named("recursion"), &scene{}, budget); err == nil || len(p.idle) != 0 {
				t.Errorf("%v, and %d instances wait", err, len(p.idle))
			}
		}
	})
}

// TestStateless: a module that is taken at its word is not restored.
func TestStateless(t *testing.T) {
	p := pooled(t, runtimes(t, sandbox.Config{}), zoo(t), true)
	for i, want := range []string{`{"text":"0"}`, `{"text":"3"}`} {
		out, _, err := p.Call(t.Context(), named("spy"), &scene{}, budget)
		if err != nil || out != want {
			t.Errorf("call %d: %q, %v", i, out, err)
		}
	}
}

// TestClock: a call ends when its time is over, though its steps are not.
func TestClock(t *testing.T) {
	p := pooled(t, runtimes(t, sandbox.Config{}), zoo(t), false)
	_, _, err := p.Call(t.Context(), named("loop"), &scene{}, Budget{Time: 2 * time.Second, Clock: &hasty{Clock: clock.Real{}}})
	if err == nil || err.Error() != "it used more than 2s; time in bot.toml sets that limit" {
		t.Error(err)
	}
}

// hasty is a clock that a second passes on at every look.
type hasty struct {
	clock.Clock
	seconds time.Duration
}

func (h *hasty) Now() time.Time {
	h.seconds += time.Second
	return time.Unix(0, 0).Add(h.seconds)
}

// TestCancelled: a turn that is given up ends the call with the context's error.
func TestCancelled(t *testing.T) {
	p := pooled(t, runtimes(t, sandbox.Config{}), zoo(t), false)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := p.Call(ctx, named("loop"), &scene{}, budget); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestManyAtOnce: calls of many people do not meet, and a closed pool waits for them.
func TestManyAtOnce(t *testing.T) {
	r := runtimes(t, sandbox.Config{})
	m, err := r.Load(t.Context(), zoo(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Pool(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"hello", "trap", "spy", "bomb", "loop"}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 40 {
				name := names[(i+n)%len(names)]
				out, _, err := p.Call(context.Background(), named(name), &scene{}, Budget{Time: time.Millisecond})
				if err == nil && name == "spy" && out != `{"text":"0"}` || name != "bomb" && (err != nil) != (name == "trap" || name == "loop") {
					t.Errorf("%s: %q, %v", name, out, err)
				}
			}
		})
	}
	all.Wait()
	if err := errors.Join(p.Close(t.Context()), m.Close(t.Context())); err != nil {
		t.Error(err)
	}
	if _, _, err := p.Call(t.Context(), named("hello"), &scene{}, budget); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}

// TestLargeMemory: the image of a large memory is mapped, and restored all the same.
func TestLargeMemory(t *testing.T) {
	large := strings.Replace(zooText(t), `(memory (export "memory") 1)`, `(memory (export "memory") 128)`, 1)
	p := pooled(t, runtimes(t, sandbox.Config{}), assembled(t, large), false)
	if p.module.image.size != 128*pageSize {
		t.Fatalf("the image has %d bytes", p.module.image.size)
	}
	for range 3 {
		out, _, err := p.Call(t.Context(), named("spy"), &scene{}, budget)
		if err != nil || out != `{"text":"0"}` {
			t.Errorf("%q, %v", out, err)
		}
		if _, _, err := p.Call(t.Context(), named("trap"), &scene{}, budget); err == nil {
			t.Error("no trap")
		}
	}
}
