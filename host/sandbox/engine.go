package sandbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/lull"
	"github.com/footlight-bots/footlight/host/sandbox/land"
	"github.com/footlight-bots/footlight/host/sandbox/meter"
)

// MaxEnginePages is the memory of an engine, in pages of 64 KiB: 32 MiB (section 28
// of the language: what a macro may use).
const MaxEnginePages = 512

// Fuel of machines, in the units of package meter.
const (
	startFuel   = 1 << 28 // what a machine may use before its host sets its fuel: enough to initialise it
	engineSlice = 1 << 17 // what it uses between two calls of the host, in which all else gets its turn
)

// Engine is a module that runs programs of another language, such as an interpreter
// of JavaScript: a WASI reactor that was not emitted from a script and is as trusted
// as the host itself, while the programs it runs are not. It is safe for concurrent use.
type Engine struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
}

// engines is the runtime that engines share. Their memory is bounded by it, which is
// why it is not that of scripts; it is made when the first engine is.
func (r *Runtime) engines(ctx context.Context) (wazero.Runtime, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.foreign != nil {
		return r.foreign, nil
	}
	foreign := wazero.NewRuntimeWithConfig(ctx, r.config.WithMemoryLimitPages(MaxEnginePages))
	if err := instantiateEngineHost(ctx, foreign); err != nil {
		return nil, errors.Join(fmt.Errorf("sandbox: host functions of engines: %w", err), foreign.Close(ctx))
	}
	r.foreign = foreign
	return foreign, nil
}

// Engine makes an engine ready. Compiling the same bytes again is cheap. The bytes
// must not be changed while the Engine lives.
func (r *Runtime) Engine(ctx context.Context, wasm []byte) (*Engine, error) {
	runtime, err := r.engines(ctx)
	if err != nil {
		return nil, err
	}
	// Calls inside of calls are not counted: an engine watches its own stack.
	metered, err := meter.Rewrite(wasm, meter.Options{Fuel: startFuel})
	if err != nil {
		return nil, fmt.Errorf("sandbox: engine: %w", err)
	}
	compiled, err := runtime.CompileModule(ctx, metered)
	if err != nil {
		return nil, fmt.Errorf("sandbox: compile engine: %w", err)
	}
	return &Engine{runtime: runtime, compiled: compiled}, nil
}

// Close frees the engine. Its machines may still be running; they are closed one by one.
func (e *Engine) Close(ctx context.Context) error { return e.compiled.Close(ctx) }

// Machine is one running copy of an engine. It is used by one goroutine at a time.
type Machine struct {
	module api.Module
	memory api.Memory
	stack  api.MutableGlobal // the top of the stack that lies in memory
	fuel   api.MutableGlobal // of the slice
	left   int64             // fuel behind the slice
	rested time.Duration
	call   engineCall
}

// Image is all that a Machine knows: what is needed to make others like it.
type Image struct {
	memory []byte
	stack  uint64
}

// Size is the size of an image's memory in bytes.
func (i *Image) Size() int { return len(i.memory) }

// Start makes a machine and initialises it.
func (e *Engine) Start(ctx context.Context, host EngineHost) (*Machine, error) {
	return e.instantiate(ctx, host, "_initialize")
}

// Restore makes a machine that is as another one was when the image was saved.
func (e *Engine) Restore(ctx context.Context, image *Image) (*Machine, error) {
	m, err := e.instantiate(ctx, nil)
	if err != nil {
		return nil, err
	}
	if err := m.Reset(image); err != nil {
		return nil, errors.Join(err, m.Close(ctx))
	}
	return m, nil
}

func (e *Engine) instantiate(ctx context.Context, host EngineHost, start ...string) (*Machine, error) {
	m := &Machine{}
	m.call.machine = m
	m.Serve(land.On(ctx), host)
	defer m.Leave()
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions(start...)
	module, err := e.runtime.InstantiateModule(&m.call, e.compiled, config)
	if err != nil {
		return nil, fmt.Errorf("sandbox: start engine: %w", err)
	}
	m.module, m.memory = module, module.ExportedMemory("memory")
	stack, stacked := module.ExportedGlobal("__stack_pointer").(api.MutableGlobal)
	fuel, fuelled := module.ExportedGlobal(meter.FuelExport).(api.MutableGlobal)
	if m.memory == nil || !stacked || !fuelled {
		return nil, errors.Join(errors.New("sandbox: an engine exports its memory and __stack_pointer"), module.Close(ctx))
	}
	m.stack, m.fuel = stack, fuel
	return m, nil
}

// Close frees the machine.
func (m *Machine) Close(ctx context.Context) error { return m.module.Close(ctx) }

// Save takes an image. Nothing of the machine may be running.
func (m *Machine) Save() (*Image, error) {
	memory, ok := m.memory.Read(0, m.memory.Size())
	if !ok {
		return nil, fmt.Errorf("sandbox: save image: %w", errAddress)
	}
	return &Image{memory: append([]byte(nil), memory...), stack: m.stack.Get()}, nil
}

// Reset makes the machine as the image says, and leaves nothing of what it has done.
func (m *Machine) Reset(image *Image) error {
	if missing := len(image.memory) - int(m.memory.Size()); missing > 0 {
		if _, ok := m.memory.Grow(uint32((missing + pageSize - 1) / pageSize)); !ok {
			return fmt.Errorf("sandbox: an image of %d bytes does not fit into %d pages", len(image.memory), MaxEnginePages)
		}
	}
	memory, ok := m.memory.Read(0, m.memory.Size())
	if !ok {
		return fmt.Errorf("sandbox: reset: %w", errAddress)
	}
	clear(memory[copy(memory, image.memory):])
	m.stack.Set(image.stack)
	return nil
}

// Fuel is what the machine may still use, in the units of package meter: about one
// for each turn of a loop of its own code. With less than none it has been stopped.
func (m *Machine) Fuel() int64 { return m.left + int64(m.fuel.Get()) }

// SetFuel says what the machine may use.
func (m *Machine) SetFuel(units int64) {
	slice := min(units, engineSlice)
	m.left = units - slice
	m.fuel.Set(uint64(slice))
}

var errEngineFuel = errors.New("the engine has used up its fuel")

// tick is called from inside, when the slice is used up.
func (m *Machine) tick() {
	if m.fuel == nil { // it is still being initialised
		panic(errEngineFuel)
	}
	left := m.Fuel()
	if left < 0 {
		panic(errEngineFuel)
	}
	m.SetFuel(left)
	m.rested += lull.Breathe(m.call.Context)
}

// Rested is how long the machine has let others go first: no program can help that.
func (m *Machine) Rested() time.Duration { return m.rested }

// Size is the size of the machine's memory in bytes.
func (m *Machine) Size() int { return int(m.memory.Size()) }

// Read returns bytes of memory, valid until the machine runs again.
func (m *Machine) Read(address, length uint32) ([]byte, error) {
	b, ok := m.memory.Read(address, length)
	if !ok {
		return nil, fmt.Errorf("sandbox: %d bytes at %d: %w", length, address, errAddress)
	}
	return b, nil
}

// Serve says who answers what the machine asks, until Leave.
func (m *Machine) Serve(ctx context.Context, host EngineHost) {
	m.call.Context, m.call.host = ctx, host
}

// Leave forgets who was served.
func (m *Machine) Leave() { m.call.Context, m.call.host = context.Background(), nil }

// EngineFunc is a function of a machine. While it runs it must not be called again:
// what the host does in between needs an EngineFunc of its own.
type EngineFunc struct {
	machine *Machine
	name    string
	f       api.Function
	stack   []uint64
}

// Func finds an exported function.
func (m *Machine) Func(name string) (*EngineFunc, error) {
	f := m.module.ExportedFunction(name)
	if f == nil {
		return nil, fmt.Errorf("sandbox: the engine has no function %s", name)
	}
	size := max(len(f.Definition().ParamTypes()), len(f.Definition().ResultTypes()))
	return &EngineFunc{machine: m, name: name, f: f, stack: make([]uint64, size)}, nil
}

// Call calls the function; what it does not return is 0. After an error the machine
// is not to be used any more.
func (f *EngineFunc) Call(params ...uint32) (uint32, error) {
	if len(params) > len(f.stack) {
		return 0, fmt.Errorf("sandbox: %s takes fewer than %d parameters", f.name, len(params))
	}
	for i, p := range params {
		f.stack[i] = uint64(p)
	}
	if err := f.f.CallWithStack(&f.machine.call, f.stack); err != nil {
		return 0, explain(err)
	}
	if len(f.stack) == 0 {
		return 0, nil
	}
	return uint32(f.stack[0]), nil
}
