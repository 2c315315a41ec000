package plugin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/admission"
	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
	"github.com/footlight-bots/footlight/host/sandbox/meter"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// Limits of modules.
const (
	// MaxPages is the memory of a module, in pages of 64 KiB: 16 MiB (section 28 of the
	// language).
	MaxPages = 256
	// MaxTable is how many entries each table of a module may have.
	MaxTable = admission.MaxTable
	// startTime is how long a module may take to start and to say what it is.
	startTime = 2 * time.Second
)

// Runtime runs the modules of strangers. It is safe for concurrent use. Its modules are
// closed before it is.
type Runtime struct {
	wazero wazero.Runtime
	places chan struct{} // one for each long call that may run

	mu      sync.Mutex
	modules map[string]*Module // by identity
}

// New makes a Runtime that shares the compiled code that base keeps. It is closed
// before base is.
func New(ctx context.Context, base *sandbox.Runtime) (*Runtime, error) {
	r := &Runtime{
		wazero:  wazero.NewRuntimeWithConfig(ctx, base.Config().WithMemoryLimitPages(MaxPages)),
		places:  make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)),
		modules: map[string]*Module{},
	}
	tick := r.wazero.NewHostModuleBuilder(meter.TickModule)
	tick.NewFunctionBuilder().WithGoFunction(api.GoFunc(func(ctx context.Context, _ []uint64) { ctx.(*call).tick() }), nil, nil).Export(meter.TickName)
	_, err := tick.Instantiate(ctx)
	for _, instantiate := range []func(context.Context, wazero.Runtime) error{instantiateHost, instantiateWASI, instantiateExtism} {
		if err == nil {
			err = instantiate(ctx, r.wazero)
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("plug-ins: host functions: %w", err), r.Close(ctx))
	}
	return r, nil
}

// Close frees everything. All modules must have been closed.
func (r *Runtime) Close(ctx context.Context) error { return r.wazero.Close(ctx) }

// Options say how a module is made ready.
type Options struct {
	Pages uint32 // memory that is granted, in pages of 64 KiB; 0: MaxPages
	// Try is given what the module says of itself, and returns the input of the call with
	// which it is tried. Its error refuses the module. Nil: the module is not tried.
	Try func(manifest []byte) (input []byte, err error)
	// Clock bounds the time in which a module starts and is tried; nil: only its steps
	// are counted, some of which take far longer than others.
	Clock clock.Clock
}

// Module is a module that was admitted, compiled and tried. It is shared by all who
// load the same bytes with the same memory, and freed when the last of them closes it.
type Module struct {
	runtime  *Runtime
	clock    clock.Clock // nil: only steps bound how long it starts
	identity string
	compiled wazero.CompiledModule
	extism   bool
	shape    shape
	image    *image // nil when every call gets a new instance

	users    int           // guarded by Runtime.mu
	made     chan struct{} // closed when it was made; what follows does not change any more
	failure  error         // why it could not be made
	report   *admission.Report
	manifest []byte
	trial    error
}

// Manifest is what the module says of itself, as it said it.
func (m *Module) Manifest() []byte { return m.manifest }

// Identity names the module: the sum of its bytes, and how it was rewritten.
func (m *Module) Identity() string { return m.identity }

// Report is what admission has found.
func (m *Module) Report() *admission.Report { return m.report }

// Trial is the error of the call with which the module was tried, if it failed in
// another way than by its own error; the module is there all the same.
func (m *Module) Trial() error { return m.trial }

// Refused is the error of a module that cannot be run as it is. It is the author's to mend.
type Refused struct{ Cause error }

func (r *Refused) Error() string { return r.Cause.Error() }

// Unwrap returns the cause.
func (r *Refused) Unwrap() error { return r.Cause }

// Load makes a module ready, off the path of any request: compiling may take seconds.
// The error is a *Refused when the module is at fault.
func (r *Runtime) Load(ctx context.Context, wasm []byte, o Options) (*Module, error) {
	if o.Pages == 0 || o.Pages > MaxPages {
		o.Pages = MaxPages
	}
	sum := sha256.Sum256(wasm)
	identity := fmt.Sprintf("%s-%d-%d", hex.EncodeToString(sum[:]), meter.Version, o.Pages)
	for {
		m, first := r.share(identity, o.Clock)
		if first {
			m.failure = m.make(ctx, wasm, o)
			close(m.made)
			return m.shared(ctx)
		}
		select {
		case <-m.made:
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), m.Close(context.WithoutCancel(ctx)))
		}
		if !errors.Is(m.failure, context.Canceled) && !errors.Is(m.failure, context.DeadlineExceeded) {
			return m.shared(ctx)
		}
		// Whoever made it has given up, which says nothing about the module.
		if err := m.Close(ctx); err != nil {
			return nil, err
		}
	}
}

// share gives the module of an identity another user. The first one has to make it, while
// the others who load the same bytes wait, and nobody else does.
func (r *Runtime) share(identity string, c clock.Clock) (m *Module, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if m := r.modules[identity]; m != nil {
		m.users++
		return m, false
	}
	m = &Module{runtime: r, identity: identity, users: 1, clock: c, made: make(chan struct{})}
	r.modules[identity] = m
	return m, true
}

// shared is the module that was made for a user, or why there is none.
func (m *Module) shared(ctx context.Context) (*Module, error) {
	if m.failure != nil {
		return nil, errors.Join(m.failure, m.Close(context.WithoutCancel(ctx)))
	}
	return m, nil
}

// make makes the module ready. Compiling is a long call: it leaves a processor to others.
func (m *Module) make(ctx context.Context, wasm []byte, o Options) error {
	select {
	case m.runtime.places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	err := m.compile(ctx, wasm, o)
	<-m.runtime.places
	if err != nil {
		return err
	}
	return m.prepare(ctx, o)
}

// compile admits, rewrites and compiles.
func (m *Module) compile(ctx context.Context, wasm []byte, o Options) error {
	report, err := admission.Check(wasm, admission.Rules{Allow: offered.allow, Pages: o.Pages})
	if report != nil {
		// The version comes first: what else is wrong may only come from it.
		extism, greeting := greet(report)
		if greeting != nil {
			return &Refused{greeting}
		}
		m.extism, m.report = extism, report
	}
	if err != nil {
		return &Refused{err}
	}
	for _, e := range report.Exports {
		if len(e.Name) >= len(globalPrefix) && e.Name[:len(globalPrefix)] == globalPrefix {
			return &Refused{fmt.Errorf("the export section shows %q, which is a name of the host's own: choose another", e.Name)}
		}
	}
	parsed, err := bytecode.Parse(wasm)
	if err != nil {
		return &Refused{err}
	}
	if m.shape, err = shapeOf(parsed); err != nil {
		return &Refused{err}
	}
	metered, err := meter.Rewrite(exposed(parsed, m.shape), meter.Options{Pages: o.Pages, Table: MaxTable, Depth: maxDepth})
	if err != nil {
		return &Refused{err}
	}
	if m.compiled, err = m.runtime.wazero.CompileModule(ctx, metered); err != nil {
		return &Refused{fmt.Errorf("it is not valid: %w", err)}
	}
	return nil
}

// prepare asks a module what it is, tries it, and takes its image.
func (m *Module) prepare(ctx context.Context, o Options) error {
	budget := m.starting()
	in, err := m.start(ctx, nil, budget)
	if err != nil {
		return &Refused{fmt.Errorf("it does not start: %w", err)}
	}
	defer func() { _ = in.close(ctx) }()
	described, _, err := in.invoke(ctx, abi.OpDescribe, nil, abi.MaxManifest, Nobody{}, budget)
	if err != nil {
		return &Refused{fmt.Errorf("it does not say what it is: %w", err)}
	}
	m.manifest = []byte(described)
	if o.Try != nil {
		input, err := o.Try(m.manifest)
		if err != nil {
			return &Refused{err}
		}
		if _, _, m.trial = in.invoke(ctx, abi.OpRun, input, abi.MaxOutput, trying{}, budget); m.trial != nil {
			// What it left behind is no good beginning: the image is one of a fresh start.
			if err := in.close(ctx); err != nil {
				return err
			}
			if in, err = m.start(ctx, nil, budget); err != nil {
				return &Refused{fmt.Errorf("it does not start: %w", err)}
			}
		}
	}
	if !m.shape.forgetful {
		return nil
	}
	m.image, err = in.save()
	return err
}

// starting is the budget of what a module does before it is called.
func (m *Module) starting() Budget { return Budget{Time: startTime, Clock: m.clock} }

// speaks is how an instance is spoken to.
func (m *Module) speaks(in *instance) protocol {
	if m.extism {
		return newExtism(in)
	}
	return &native{alloc: in.module.ExportedFunction(abi.ExportAlloc), call: in.module.ExportedFunction(abi.ExportCall)}
}

// Close gives the module back.
func (m *Module) Close(ctx context.Context) error {
	m.runtime.mu.Lock()
	defer m.runtime.mu.Unlock()
	if m.failed() && m.runtime.modules[m.identity] == m {
		delete(m.runtime.modules, m.identity) // who comes now tries again
	}
	if m.users--; m.users > 0 {
		return nil
	}
	if m.runtime.modules[m.identity] == m {
		delete(m.runtime.modules, m.identity)
	}
	return m.free(ctx)
}

// failed tells whether it was tried to make the module, in vain.
func (m *Module) failed() bool {
	select {
	case <-m.made:
		return m.failure != nil
	default:
		return false
	}
}

func (m *Module) free(ctx context.Context) error {
	var errs []error
	if m.image != nil {
		errs = append(errs, m.image.close())
	}
	if m.compiled != nil {
		errs = append(errs, m.compiled.Close(ctx))
	}
	return errors.Join(errs...)
}
