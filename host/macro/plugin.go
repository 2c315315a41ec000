package macro

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// Plugin runs a plug-in that is one file of JavaScript. Like a module of its own it
// begins every call as it was when it had been read. It is safe for concurrent use.
type Plugin struct {
	set      *Set
	manifest []byte
}

// minMemory is the least that a plug-in in JavaScript can be granted, in bytes: what the
// engine needs for itself, and some room.
const minMemory = 1 << 20

// handOver is the line behind the file of a plug-in: it runs where the exports are seen.
const handOver = "\n;__direction({ run: typeof run === 'undefined' ? undefined : run," +
	" describe: typeof describe === 'undefined' ? undefined : describe," +
	" manifest: typeof manifest === 'undefined' ? undefined : manifest });"

// LoadPlugin reads the file of a plug-in, and what it says of itself. It may use so many
// bytes of memory, the engine's own included. The error is a *plugin.Refused when the
// file is at fault.
func LoadPlugin(ctx context.Context, runtime *sandbox.Runtime, file string, source []byte, memory int) (*Plugin, error) {
	if memory < minMemory {
		return nil, &plugin.Refused{Cause: fmt.Errorf("it is granted %d KiB of memory, and JavaScript alone needs %d; grant more with memory in bot.toml", memory>>10, minMemory>>10)}
	}
	engine, err := runtime.Engine(ctx, quickjs)
	if err != nil {
		return nil, fmt.Errorf("macro: %w", err)
	}
	p := &Plugin{set: &Set{program: &ir.Meta{Files: []string{file}}, engine: engine, memory: memory, drained: make(chan struct{})}}
	if err := p.build(ctx, file, string(source)); err != nil {
		return nil, errors.Join(err, engine.Close(ctx))
	}
	if err := p.set.warm(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("macro: %w", err), engine.Close(ctx))
	}
	return p, nil
}

// Manifest is what the plug-in says of itself, as it said it.
func (p *Plugin) Manifest() []byte { return p.manifest }

// Close waits for the calls that run and frees everything.
func (p *Plugin) Close(ctx context.Context) error { return p.set.Close(ctx) }

// build makes the image: the engine with the file evaluated.
func (p *Plugin) build(ctx context.Context, file, source string) error {
	return p.set.make(ctx, directionPrelude, func(v *vm, l *level) error {
		evaluated, err := v.evaluate(source+handOver, file, moduleFlag)
		var thrown *exception
		if errors.As(err, &thrown) {
			return &plugin.Refused{Cause: fmt.Errorf("%sit does not compile: %s", p.set.lineOf(thrown.stack, source), thrown.text)}
		}
		if err != nil {
			return err
		}
		if _, err := v.apply(l, v.roots.define, evaluated); err != nil {
			return err
		}
		if err := v.settle(l); err != nil {
			return &plugin.Refused{Cause: fmt.Errorf("it does not start: %w", err)}
		}
		h, err := v.invoke(l, v.roots.read)
		if err != nil {
			return err
		}
		text, err := v.text(h)
		if err != nil {
			return err
		}
		var told outcome
		if err := json.Unmarshal([]byte(text), &told); err != nil {
			return err
		}
		if told.Problem != nil {
			return &plugin.Refused{Cause: errors.New(p.set.lineOf(told.Stack, source) + *told.Problem)}
		}
		if len(told.Value) > abi.MaxManifest {
			return &plugin.Refused{Cause: fmt.Errorf("its manifest has %d bytes, more than %d", len(told.Value), abi.MaxManifest)}
		}
		p.manifest = []byte(told.Value)
		return nil
	})
}

// lineOf is the line at which something was thrown, to be put before it. What ends too
// early is found out behind the file: then it is the last one.
func (s *Set) lineOf(stack, source string) string {
	_, line := s.place(stack)
	if line == 0 {
		return ""
	}
	last := 1 + strings.Count(strings.TrimRight(source, "\n"), "\n")
	return fmt.Sprintf("line %d: ", min(line, last))
}

// Call has the plug-in run. The error is one of package plugin's failures, or what the
// stage or the context ended the call with; the plug-in's own error is in the output.
func (p *Plugin) Call(ctx context.Context, input []byte, stage plugin.Stage, b plugin.Budget) (output string, used plugin.Usage, err error) {
	v, err := p.set.take(ctx)
	if errors.Is(err, ErrClosed) {
		return "", used, plugin.ErrClosed
	}
	if err != nil {
		return "", used, err
	}
	defer func() { err = errors.Join(err, p.set.give(context.WithoutCancel(ctx), v)) }()
	a := &actor{ctx: ctx, vm: v, stage: stage, clock: b.Clock}
	var began time.Time
	if b.Clock != nil {
		began = b.Clock.Now()
		a.deadline = began.Add(b.Time - a.vm.machine.Rested())
	}
	v.machine.Serve(ctx, a)
	fuel := b.Time.Milliseconds() * plugin.FuelPerMilli
	v.machine.SetFuel(fuel + hardFuel)
	out, err := perform(v, "run", string(input), abi.MaxOutput)
	used = plugin.Usage{Fuel: fuel + hardFuel - v.machine.Fuel(), Memory: v.machine.Size()}
	if b.Clock != nil {
		used.Took = b.Clock.Now().Sub(began)
	}
	v.worn = v.worn || a.interrupted || used.Fuel > fuel
	switch {
	case a.stop != nil:
		return "", used, a.stop
	case ctx.Err() != nil:
		return "", used, ctx.Err()
	case a.late:
		return "", used, &plugin.Limit{Max: b.Time.String(), Grant: "time"}
	case v.worn:
		return "", used, &plugin.Limit{Max: fmt.Sprintf("%d steps", fuel), Grant: "time"}
	case err != nil:
		return "", used, &plugin.Trap{Cause: reason(err)}
	case out.Problem != nil:
		output, err = p.failed(out, used.Memory)
		return output, used, err
	case out.Long || len(out.Value) > abi.MaxOutput:
		return "", used, &plugin.Limit{Max: fmt.Sprintf("%d bytes of output", abi.MaxOutput)}
	}
	return out.Value, used, nil
}

// mistakes are the kinds of exceptions that are thrown by a program that is wrong, and
// not by one that has something to say.
var mistakes = []string{"TypeError", "ReferenceError", "SyntaxError", "RangeError", "InternalError"}

// failed is a call that ended in an exception: an outcome with its words, or a crash.
func (p *Plugin) failed(out outcome, memory int) (string, error) {
	problem := *out.Problem
	if problem == "null" && p.set.full(memory) {
		return "", &plugin.Limit{Max: fmt.Sprintf("%d KiB of memory", p.set.memory>>10), Grant: "memory"}
	}
	if !slices.Contains(mistakes, out.Kind) {
		outcome, err := json.Marshal(map[string]string{"error": problem})
		return string(outcome), err
	}
	trap := &plugin.Trap{Cause: out.Kind + ": " + problem, Stack: out.Stack}
	if file, line := p.set.place(out.Stack); file != "" {
		trap.Place = fmt.Sprintf("%s:%d", file, line)
	}
	return "", trap
}

// actor is the host of one call.
type actor struct {
	ctx         context.Context
	vm          *vm
	stage       plugin.Stage
	clock       clock.Clock // nil: only steps are counted
	deadline    time.Time
	interrupted bool
	late        bool  // by the clock
	stop        error // of the stage: the call is over
}

var _ sandbox.EngineHost = (*actor)(nil)

// Interrupted implements sandbox.EngineHost.
func (a *actor) Interrupted() bool {
	a.late = a.late || a.clock != nil && a.clock.Now().After(a.deadline.Add(a.vm.machine.Rested()))
	a.interrupted = a.interrupted || a.late || a.vm.machine.Fuel() < hardFuel || a.ctx.Err() != nil
	return a.interrupted
}

// Now implements sandbox.EngineHost: Date shows the time if that was granted.
func (a *actor) Now() time.Time {
	now, err := a.stage.Now()
	if err != nil {
		return time.Unix(0, 0)
	}
	return now
}
