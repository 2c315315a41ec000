package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/compile/wasmbin"
	"github.com/footlight-bots/footlight/host/compile/world"
	"github.com/footlight-bots/footlight/host/script/message"
	"github.com/footlight-bots/footlight/host/trace"
)

// Module is a compiled script. It is safe for concurrent use.
type Module struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	meta     *ir.Meta
	places   []byte // see ir.PlaceOf
	words    *message.Normalizer
	pool     pool
}

var _ world.Script = (*Module)(nil)

// ErrNotScript is returned for a module that was not emitted from a script.
var ErrNotScript = errors.New("module holds no script")

// Load compiles a module that package emit has made. The bytes must not be
// changed while the Module lives. Close it when its last turn has been started.
func (r *Runtime) Load(ctx context.Context, wasm []byte) (*Module, error) {
	meta, places, err := describe(wasm)
	if err != nil {
		return nil, fmt.Errorf("sandbox: load: %w", err)
	}
	compiled, err := r.wazero.CompileModule(experimental.WithCompilationWorkers(ctx, runtime.GOMAXPROCS(0)), wasm)
	if err != nil {
		return nil, fmt.Errorf("sandbox: compile: %w", err)
	}
	m := &Module{runtime: r.wazero, compiled: compiled, meta: meta, places: places, words: message.New(meta.Message)}
	first, err := m.instantiate(ctx)
	if err != nil { // imports that this host does not have, for instance
		return nil, errors.Join(fmt.Errorf("sandbox: load: %w", err), compiled.Close(ctx))
	}
	m.pool.init(first)
	return m, nil
}

// describe reads what a module says about its script, and keeps copies of what is
// read later, so that the module itself can go.
func describe(wasm []byte) (meta *ir.Meta, places []byte, err error) {
	data, ok, err := wasmbin.CustomSection(wasm, emit.SectionMeta)
	if err != nil {
		return nil, nil, err
	}
	if !ok {
		return nil, nil, ErrNotScript
	}
	meta = new(ir.Meta)
	if err := json.Unmarshal(data, meta); err != nil {
		return nil, nil, fmt.Errorf("description of the script: %w", err)
	}
	data, ok, err = wasmbin.CustomSection(wasm, emit.SectionTriggers)
	if err != nil {
		return nil, nil, err
	}
	if ok {
		if meta.Triggers, err = ir.DecodeTriggers(bytes.Clone(data), len(meta.Files), len(meta.Topics)); err != nil {
			return nil, nil, fmt.Errorf("description of the script: %w", err)
		}
	}
	data, _, err = wasmbin.CustomSection(wasm, emit.SectionPlaces)
	return meta, bytes.Clone(data), err
}

// Program implements world.Script.
func (m *Module) Program() *ir.Meta { return m.meta }

// Answer implements world.Script.
func (m *Module) Answer(ctx context.Context, w world.World, heard message.Forms) ([]reply.Token, error) {
	return m.reply(ctx, w, func(in *instance) ([]reply.Token, error) { return in.answer(ctx, w, heard) })
}

// Fire implements world.Script.
func (m *Module) Fire(ctx context.Context, w world.World, n int, held []string) ([]reply.Token, error) {
	if n < 0 || n >= len(m.meta.Deferred) {
		return nil, fmt.Errorf("sandbox: deferred script %d of %d", n, len(m.meta.Deferred))
	}
	return m.reply(ctx, w, func(in *instance) ([]reply.Token, error) { return in.fire(ctx, w, n, held) })
}

// reply lends an instance to make a reply.
func (m *Module) reply(ctx context.Context, w world.World, run func(*instance) ([]reply.Token, error)) ([]reply.Token, error) {
	var tokens []reply.Token
	err := m.with(ctx, func(in *instance) (err error) {
		tokens, err = run(in)
		return err
	})
	if errors.Is(err, errRedirects) {
		text := ir.ErrorTexts(m.meta.Dialect).Recursion
		w.Trace(trace.Event{Kind: trace.Problem, Text: text})
		return []reply.Token{{Kind: reply.Error, Text: text}}, nil
	}
	return tokens, err
}

// Probe implements world.Script.
func (m *Module) Probe(ctx context.Context, w world.World, heard message.Forms) (int, error) {
	trigger := ir.None
	err := m.with(ctx, func(in *instance) (err error) {
		trigger, err = in.probe(ctx, w, heard)
		return err
	})
	return trigger, err
}

// with lends an instance. One that came to an error is not used again.
func (m *Module) with(ctx context.Context, use func(*instance) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("sandbox: %w", err)
	}
	in, at, err := m.pool.take()
	if err != nil {
		return err
	}
	if in == nil {
		if in, err = m.instantiate(ctx); err != nil {
			return errors.Join(fmt.Errorf("sandbox: %w", err), m.pool.leave(at))
		}
	}
	err = use(in)
	keep := err == nil && !in.worn()
	return errors.Join(err, m.pool.give(ctx, in, at, keep))
}

// Close waits for the turns that are running, then frees the module. Turns that
// are started later get ErrClosed. When ctx ends first, the module is freed by
// the last turn instead, and the error is that of ctx.
func (m *Module) Close(ctx context.Context) error {
	if err := m.pool.close(ctx, m.compiled.Close); err != nil {
		return fmt.Errorf("sandbox: close: %w", err)
	}
	return nil
}
