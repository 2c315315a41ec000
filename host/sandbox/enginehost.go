package sandbox

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/sandbox/meter"
)

// EngineHost answers what an engine asks while it runs.
type EngineHost interface {
	// Call is a call of a function that was given to a program. Arguments and result
	// are handles of the engine; 0 tells that the host has thrown an exception there.
	Call(name string, args []uint32) (uint32, error)
	// Interrupted tells whether the program has to end. It is asked every now and then.
	Interrupted() bool
	// Now is the time in the program.
	Now() time.Time
}

// engineCall is the context of a running machine; see call.
type engineCall struct {
	context.Context
	machine *Machine
	host    EngineHost
}

// engineKey finds the engineCall in a context.
type engineKey struct{}

// Value implements context.Context.
func (c *engineCall) Value(key any) any {
	if key == (engineKey{}) {
		return c
	}
	return c.Context.Value(key)
}

var errNoHost = errors.New("the engine runs for nobody")

// errnos of WASI.
const (
	wasiSuccess = 0
	wasiBadFile = 8
	wasiNoCall  = 52
)

// engineFunc is a function that engines import.
type engineFunc struct {
	module, name    string
	params, results string
	run             func(host EngineHost, m api.Module, s []uint64)
}

const (
	envModule  = "env"
	wasiModule = "wasi_snapshot_preview1"
)

// engineFuncs are what quickjs-wasi imports. Modules cannot be loaded, there are no
// files and no time zone but UTC, and what it calls random is always the same: chance
// is the turn's, and reaches programs by another way.
var engineFuncs = []engineFunc{
	{envModule, "host_call", "iiiii", "i", engineCalled},
	{envModule, "host_interrupt", "", "i", func(host EngineHost, _ api.Module, s []uint64) {
		s[0] = 0
		if host.Interrupted() {
			s[0] = 1
		}
	}},
	{envModule, "host_promise_rejection", "iii", "", func(EngineHost, api.Module, []uint64) {}},
	{envModule, "host_module_normalize", "ii", "i", answer(0)},
	{envModule, "host_module_load", "ii", "i", answer(0)},
	{envModule, "host_get_timezone_offset", "ii", "i", answer(0)},
	{wasiModule, "clock_time_get", "ili", "i", func(host EngineHost, m api.Module, s []uint64) {
		if !m.Memory().WriteUint64Le(uint32(s[2]), uint64(host.Now().UnixNano())) {
			panic(errAddress)
		}
		s[0] = wasiSuccess
	}},
	{wasiModule, "random_get", "ii", "i", func(_ EngineHost, m api.Module, s []uint64) {
		clear(read(m, s[0], s[1]))
		s[0] = wasiSuccess
	}},
	{wasiModule, "fd_close", "i", "i", answer(wasiNoCall)},
	{wasiModule, "fd_fdstat_get", "ii", "i", answer(wasiBadFile)},
	{wasiModule, "fd_seek", "ilii", "i", answer(wasiNoCall)},
	{wasiModule, "fd_write", "iiii", "i", engineWrote},
}

func answer(n uint64) func(EngineHost, api.Module, []uint64) {
	return func(_ EngineHost, _ api.Module, s []uint64) { s[0] = n }
}

// engineCalled is a call from a program. What the host says of an error ends the
// whole call of the machine.
func engineCalled(host EngineHost, m api.Module, s []uint64) {
	name := string(read(m, s[0], s[1]))
	table := list(m, s[4], s[3], 4)
	args := make([]uint32, len(table)/4)
	for i := range args {
		args[i] = binary.LittleEndian.Uint32(table[4*i:])
	}
	result, err := host.Call(name, args)
	if err != nil {
		panic(err)
	}
	s[0] = uint64(result)
}

// list returns the bytes of n entries.
func list(m api.Module, address, n, size uint64) []byte {
	if n*size > MaxEnginePages*pageSize {
		panic(errAddress)
	}
	return read(m, address, n*size)
}

// engineWrote throws away what an engine writes to its log.
func engineWrote(_ EngineHost, m api.Module, s []uint64) {
	var total uint32
	for vectors := list(m, s[1], s[2], 8); len(vectors) > 0; vectors = vectors[8:] {
		total += binary.LittleEndian.Uint32(vectors[4:])
	}
	if !m.Memory().WriteUint32Le(uint32(s[3]), total) {
		panic(errAddress)
	}
	s[0] = wasiSuccess
}

// instantiateEngineHost gives a runtime the functions that engines import, and the one
// that metering has put into them.
func instantiateEngineHost(ctx context.Context, r wazero.Runtime) error {
	tick := api.GoFunc(func(ctx context.Context, _ []uint64) { ctx.Value(engineKey{}).(*engineCall).machine.tick() })
	_, err := r.NewHostModuleBuilder(meter.TickModule).NewFunctionBuilder().WithGoFunction(tick, nil, nil).Export(meter.TickName).Instantiate(ctx)
	if err != nil {
		return err
	}
	for _, module := range []string{envModule, wasiModule} {
		b := r.NewHostModuleBuilder(module)
		for _, f := range engineFuncs {
			if f.module != module {
				continue
			}
			run, params := f.run, f.params
			b.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(func(ctx context.Context, m api.Module, s []uint64) {
				for i := range params {
					if params[i] == 'i' {
						s[i] &= 0xffffffff
					}
				}
				host := ctx.Value(engineKey{}).(*engineCall).host
				if host == nil {
					panic(errNoHost)
				}
				run(host, m, s)
			}), types(f.params), types(f.results)).Export(f.name)
		}
		if _, err := b.Instantiate(ctx); err != nil {
			return err
		}
	}
	return nil
}
