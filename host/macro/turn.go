package macro

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/trace"
)

// Turn runs the macros of one turn. It is used by one goroutine.
type Turn struct {
	ctx     context.Context
	set     *Set
	stage   Stage
	vm      *vm // nil before the first macro
	running []*act
	logged  int
	over    bool // a reply that a macro asked for has ended the turn
}

// act is one macro that is running.
type act struct {
	call        world.Macro
	deadline    time.Time
	interrupted bool
}

var _ sandbox.EngineHost = (*Turn)(nil)

// Turn begins a turn. A machine is taken when the first macro is called.
func (s *Set) Turn(ctx context.Context, stage Stage) *Turn {
	return &Turn{ctx: ctx, set: s, stage: stage}
}

// Close gives the machine back.
func (t *Turn) Close() error {
	if t.vm == nil {
		return nil
	}
	v := t.vm
	t.vm = nil
	return t.set.give(context.WithoutCancel(t.ctx), v)
}

// Run runs a macro. found is false when there is none that can be called (L-JS-4);
// problem is the message of the exception in which it ended, or empty.
func (t *Turn) Run(call world.Macro) (result, problem string, found bool) {
	if t.set == nil || !t.set.callable[call.Name] {
		t.missing(call.Name)
		return "", "", false
	}
	result, failure := t.run(call)
	if failure != nil && failure.over {
		return "", failure.Problem, true
	}
	e := trace.Event{Kind: trace.Macro, Name: call.Name, Text: result, OK: failure == nil}
	if failure != nil {
		e.Text, e.File, e.Line = failure.Problem, failure.file, failure.line
	}
	t.stage.Trace(e)
	if failure != nil {
		return "", failure.Problem, true
	}
	return result, "", true
}

// missing tells why a macro that exists cannot be called.
func (t *Turn) missing(name string) {
	for _, p := range t.set.Problems() {
		if p.Macro == name {
			t.stage.Trace(trace.Event{Kind: trace.Macro, Name: name, Text: "it does not compile: " + p.Text, File: p.File, Line: p.Line})
		}
	}
}

// failure is how a macro ended that gave no result.
type failure struct {
	Problem string
	Stack   string
	file    string
	line    int
	over    bool // the turn is over, not only the macro
}

// outcome is what the prelude tells of a macro that has ended.
type outcome struct {
	Value   string
	Long    bool // it is longer than it may be, and not told
	Problem *string
	Kind    string // of the exception, of plug-ins
	Stack   string
}

func (t *Turn) run(call world.Macro) (string, *failure) {
	if t.vm == nil {
		v, err := t.set.take(t.ctx)
		if err != nil {
			return "", &failure{Problem: err.Error()}
		}
		v.machine.Serve(t.ctx, t)
		t.vm = v
	}
	args := call.Args
	if args == nil {
		args = []string{}
	}
	list, err := json.Marshal(args)
	if err != nil {
		return "", &failure{Problem: err.Error()}
	}
	a := &act{call: call}
	if t.set.clock != nil {
		a.deadline = t.set.clock.Now().Add(MaxTime - t.vm.machine.Rested())
	}
	left := t.vm.machine.Fuel()
	t.vm.machine.SetFuel(MaxFuel + hardFuel)
	t.running = append(t.running, a)
	out, err := perform(t.vm, call.Name, string(list), MaxResultBytes)
	t.running = t.running[:len(t.running)-1]
	a.interrupted = a.interrupted || t.vm.machine.Fuel() < 0
	t.vm.machine.SetFuel(left)
	size := t.vm.machine.Size()
	t.vm.worn = t.vm.worn || a.interrupted
	if len(t.running) == 0 && (t.vm.broken || t.vm.worn) {
		err = errors.Join(err, t.Close())
	}
	switch {
	case a.interrupted:
		return "", &failure{Problem: fmt.Sprintf("it ran longer than %v", MaxTime)}
	case err != nil:
		return "", &failure{Problem: reason(err), over: t.over}
	case out.Problem != nil:
		f := &failure{Problem: *out.Problem, Stack: out.Stack}
		if f.Problem == "null" && t.set.full(size) {
			f.Problem = "out of memory"
		}
		f.file, f.line = t.set.place(out.Stack)
		return "", f
	}
	if out.Long || len(out.Value) > MaxResultBytes {
		return "", &failure{Problem: fmt.Sprintf("its result has more than %d bytes", MaxResultBytes)}
	}
	return out.Value, nil
}

// reason says in few words why an engine stopped.
func reason(err error) string {
	var thrown *exception
	if errors.As(err, &thrown) {
		return thrown.text
	}
	var trap *sandbox.Trap
	if errors.As(err, &trap) {
		return trap.Cause.Error()
	}
	return err.Error()
}

// perform has the prelude start a macro, or a plug-in, runs what promises leave to do,
// and asks what came of it: a value of most units of UTF-16 at most.
func perform(v *vm, name, input string, most int) (out outcome, err error) {
	l, err := v.enter()
	if err != nil {
		return out, err
	}
	defer func() { v.depth-- }()
	level := strconv.Itoa(v.depth)
	h, err := v.invoke(l, v.roots.start, level, name, input)
	if err == nil {
		err = v.free(h)
	}
	if err == nil {
		err = v.settle(l)
	}
	if v.broken {
		return out, err
	}
	h, ended := v.invoke(l, v.roots.finish, level, strconv.Itoa(most))
	if err = errors.Join(err, ended); err != nil {
		return out, err
	}
	text, err := v.text(h)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return out, fmt.Errorf("%w to tell the outcome: %w", errEngine, err)
	}
	return out, nil
}

// Interrupted implements sandbox.EngineHost.
func (t *Turn) Interrupted() bool {
	a := t.running[len(t.running)-1]
	a.interrupted = a.interrupted || t.vm.machine.Fuel() < hardFuel || t.ctx.Err() != nil ||
		t.set.clock != nil && t.set.clock.Now().After(a.deadline.Add(t.vm.machine.Rested()))
	return a.interrupted
}

// Now implements sandbox.EngineHost.
func (t *Turn) Now() time.Time { return t.stage.Now() }
