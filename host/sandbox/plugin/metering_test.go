package plugin

import (
	"context"
	"errors"
	"slices"
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

// begun is an instance of such a module, which differs from those of the host in nothing else.
func begun(b *testing.B, m *Module, compiled wazero.CompiledModule) *instance {
	b.Helper()
	in := &instance{region: newRegion(), places: m.runtime.places, fuel: idleGlobal{}, depth: idleGlobal{}}
	in.call = call{Context: b.Context(), instance: in, stage: Nobody{}}
	home := b.Context()
	if in.region != nil {
		home = in.region.On(home)
	}
	var err error
	if in.module, err = m.runtime.wazero.InstantiateModule(home, compiled, anonymous); err != nil {
		b.Fatal(err)
	}
	in.memory, in.protocol = in.module.ExportedMemory(abi.ExportMemory), m.speaks(in)
	for i := range m.shape.globals {
		in.globals = append(in.globals, in.module.ExportedGlobal(globalName(i)).(api.MutableGlobal))
	}
	if f := in.module.ExportedFunction("_initialize"); f != nil {
		if err := f.CallWithStack(&in.call, nil); err != nil {
			b.Fatal(err)
		}
	}
	return in
}

// BenchmarkMetering is what counting costs in each language: the same calls of the same
// module, as it came and rewritten, in turns. Every call begins with a clean memory, as
// those of people do, but only the call itself is timed. The ratio is the median of those
// of two calls that ran side by side, each of them first in every other pair.
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
			metered, err := m.start(b.Context(), nil, m.starting())
			if err != nil {
				b.Fatal(err)
			}
			both := [2]*timed{tried(b, begun(b, m, plain), everyday[name]), tried(b, metered, everyday[name])}
			var ratios []float64
			for n := 0; b.Loop(); n++ {
				first := n % 2
				both[first].calls(b, everyday[name])
				both[1-first].calls(b, everyday[name])
				ratios = append(ratios, both[1].last()/both[0].last())
			}
			slices.Sort(ratios)
			b.ReportMetric(0, "ns/op") // of both, which says nothing
			b.ReportMetric(both[0].median(), "plain-ns")
			b.ReportMetric(both[1].median(), "metered-ns")
			b.ReportMetric(ratios[len(ratios)/2], "ratio")
			b.ReportMetric(float64(both[1].used.Fuel), "steps")
		})
	}
}

// timed is an instance with the times of its calls, in nanoseconds.
type timed struct {
	instance *instance
	image    *image
	used     Usage
	took     []float64
}

// tried is an instance that has said what it is and was tried, like those that people are
// served by.
func tried(b *testing.B, in *instance, input string) *timed {
	b.Helper()
	_, _, err := in.invoke(b.Context(), abi.OpDescribe, nil, abi.MaxManifest, Nobody{}, Budget{Time: startTime})
	if err == nil {
		_, _, err = in.invoke(b.Context(), abi.OpRun, []byte(input), abi.MaxOutput, trying{}, Budget{Time: startTime})
	}
	if err != nil {
		b.Fatal(err)
	}
	image, err := in.save()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := errors.Join(in.close(context.Background()), image.close()); err != nil {
			b.Error(err)
		}
	})
	return &timed{instance: in, image: image}
}

// callsTimed are so many that the clock's own time does not count.
const callsTimed = 20

// calls times some calls together, without the cleaning between them.
func (t *timed) calls(b *testing.B, input string) {
	b.Helper()
	var took time.Duration
	for range callsTimed {
		if err := t.image.restore(t.instance); err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		_, used, err := t.instance.invoke(b.Context(), abi.OpRun, []byte(input), abi.MaxOutput, trying{}, Budget{Time: startTime})
		took += time.Since(began)
		if err != nil {
			b.Fatal(err)
		}
		t.used = used
	}
	t.took = append(t.took, float64(took.Nanoseconds())/callsTimed)
}

func (t *timed) last() float64 { return t.took[len(t.took)-1] }

func (t *timed) median() float64 {
	slices.Sort(t.took)
	return t.took[len(t.took)/2]
}
