package plugin

import (
	"testing"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// everyday is a call of each sample that does what the plug-in is for.
var everyday = map[string]string{
	"booking":   `{"name":"slots","attributes":{"day":"tomorrow"},"person":"ann"}`,
	"calendar":  `{"name":"date","attributes":{}}`,
	"core":      `{"name":"set","attributes":{"name":"tea","value":"green"}}`,
	"lettering": `{"name":"lettering","attributes":{"as":"bold"},"block":"Hello, it is tea time"}`,
	"weather":   `{"name":"weather","attributes":{"city":"Oslo"}}`,
}

// idleGlobal stands for the counters of a module that has none.
type idleGlobal struct{ api.MutableGlobal }

func (idleGlobal) Get() uint64 { return slice }
func (idleGlobal) Set(uint64)  {}

// unmetered is a module as it came, without counters.
func unmetered(b *testing.B, m *Module, wasm []byte) wazero.CompiledModule {
	b.Helper()
	parsed, err := bytecode.Parse(wasm)
	if err != nil {
		b.Fatal(err)
	}
	compiled, err := m.runtime.wazero.CompileModule(b.Context(), exposed(parsed, m.shape))
	if err != nil {
		b.Fatal(err)
	}
	return compiled
}

// begun is an instance of such a module.
func begun(b *testing.B, m *Module, compiled wazero.CompiledModule) *instance {
	b.Helper()
	in := &instance{places: m.runtime.places, fuel: idleGlobal{}, depth: idleGlobal{}}
	in.call = call{Context: b.Context(), instance: in, stage: Nobody{}}
	var err error
	if in.module, err = m.runtime.wazero.InstantiateModule(b.Context(), compiled, wazero.NewModuleConfig().WithName("").WithStartFunctions()); err != nil {
		b.Fatal(err)
	}
	in.memory, in.protocol = in.module.ExportedMemory(abi.ExportMemory), m.speaks(in)
	if f := in.module.ExportedFunction("_initialize"); f != nil {
		if err := f.CallWithStack(&in.call, nil); err != nil {
			b.Fatal(err)
		}
	}
	return in
}

// BenchmarkMetering is what counting costs in each language: the same calls of the same
// module, as it came and rewritten, in turns. The ratio is one of the same run.
func BenchmarkMetering(b *testing.B) {
	for name, wasm := range samples(b) {
		b.Run(name, func(b *testing.B) {
			m, err := runtimes(b, sandbox.Config{}).Load(b.Context(), wasm, describe)
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = m.Close(b.Context()) }()
			plain := unmetered(b, m, wasm)
			defer func() { _ = plain.Close(b.Context()) }()
			var without, with time.Duration
			var used Usage
			for b.Loop() {
				without += calls(b, begun(b, m, plain), everyday[name], &used)
				in, err := m.start(b.Context(), nil, m.starting())
				if err != nil {
					b.Fatal(err)
				}
				with += calls(b, in, everyday[name], &used)
			}
			n := float64(b.N * callsTimed)
			b.ReportMetric(0, "ns/op") // of both, which says nothing
			b.ReportMetric(float64(without.Nanoseconds())/n, "plain-ns")
			b.ReportMetric(float64(with.Nanoseconds())/n, "metered-ns")
			b.ReportMetric(float64(with)/float64(without), "ratio")
			b.ReportMetric(float64(used.Fuel), "steps")
		})
	}
}

// callsTimed are timed together, after as many that warm the instance up. Nothing cleans
// its memory, so it takes no more of them.
const callsTimed = 100

// calls tells how long calls of an instance take. It is closed then.
func calls(b *testing.B, in *instance, input string, used *Usage) time.Duration {
	b.Helper()
	defer func() { _ = in.close(b.Context()) }()
	var began time.Time
	for n := range 2 * callsTimed {
		if n == callsTimed {
			began = time.Now()
		}
		var err error
		if _, *used, err = in.invoke(b.Context(), abi.OpRun, []byte(input), abi.MaxOutput, trying{}, Budget{Time: startTime}); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}
