package plugin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/sandbox/meter"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// instance is one running copy of a module. It serves one call at a time.
type instance struct {
	module   api.Module
	memory   api.Memory
	fuel     api.MutableGlobal
	depth    api.MutableGlobal
	globals  []api.MutableGlobal // all that the module itself can change
	protocol protocol
	region   *region       // where the memory lies; nil: the system has none
	watched  bool          // whether its calls touch new pages: it is restored after each
	places   chan struct{} // of long calls
	stack    [4]uint64
	call     call
	calls    int  // taken so far
	failed   bool // its last call
	deep     bool // its last call was too deep: the stack that it got is not worth keeping
}

// protocol is how a module is spoken to.
type protocol interface {
	// invoke passes input on and returns a copy of the result. It leaves the stack of
	// the instance as it likes.
	invoke(in *instance, op uint64, input []byte, maxOutput int) (string, error)
}

// anonymous is how instances are made: names would have to differ, and nothing starts by
// itself. The chance of wazero is never asked, but the one that it makes by default
// costs more than all the rest.
var anonymous = wazero.NewModuleConfig().WithName("").WithStartFunctions().WithRandSource(rand.Reader)

// start makes an instance; what has to run first has run. With an image the instance is
// as the image says instead.
func (m *Module) start(ctx context.Context, image *image, b Budget) (*instance, error) {
	in := &instance{region: newRegion(), places: m.runtime.places}
	in.call = call{Context: ctx, instance: in, stage: Nobody{}}
	home := ctx
	if in.region != nil {
		home = in.region.On(ctx)
	}
	module, err := m.runtime.wazero.InstantiateModule(home, m.compiled, anonymous)
	if err != nil {
		return nil, fmt.Errorf("plug-in: start: %w", err)
	}
	in.module = module
	if err := in.bind(m); err != nil {
		return nil, errors.Join(err, in.close(ctx))
	}
	if image != nil {
		err = image.restore(in)
	} else if f := module.ExportedFunction("_initialize"); f != nil {
		in.call.begin(ctx, Nobody{}, b)
		in.ready()
		if err = f.CallWithStack(&in.call, nil); err != nil {
			err = explain(err)
		}
		in.call.end()
	}
	if err != nil {
		return nil, errors.Join(err, in.close(ctx))
	}
	return in, nil
}

// bind finds what the host needs of an instance. Admission has seen that it is there.
func (in *instance) bind(m *Module) error {
	in.memory = in.module.ExportedMemory(abi.ExportMemory)
	in.fuel, _ = in.module.ExportedGlobal(meter.FuelExport).(api.MutableGlobal)
	in.depth, _ = in.module.ExportedGlobal(meter.DepthExport).(api.MutableGlobal)
	if in.memory == nil || in.fuel == nil || in.depth == nil {
		return errors.New("plug-in: memory, fuel or depth is missing")
	}
	for i := range m.shape.globals {
		g, ok := in.module.ExportedGlobal(globalName(i)).(api.MutableGlobal)
		if !ok {
			return fmt.Errorf("plug-in: global %d is missing", i)
		}
		in.globals = append(in.globals, g)
	}
	in.protocol = m.speaks(in)
	return nil
}

// ready makes the counters ready for a call. A call that has failed has left the depth
// anywhere; every other one has come back from where it went.
func (in *instance) ready() {
	if in.failed {
		in.depth.Set(0)
	}
	in.refuel()
}

// refuel begins a slice.
func (in *instance) refuel() { in.fuel.Set(slice) }

// left is what is left of the slice; less than nothing when more was charged at once.
func (in *instance) left() int64 { return int64(in.fuel.Get()) }

func (in *instance) close(ctx context.Context) error { return in.module.Close(ctx) }
