package meter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

// outcome is all that a call leaves behind.
type outcome struct {
	results []uint64
	problem string
	memory  []byte
	globals []uint64
	fuel    int64
	ticks   int
}

var errEmpty = errors.New("no more fuel")

// meterSlice is the fuel of a slice in tests; it is small, so that tick is called often.
const meterSlice = 50

// engines of wazero, by name.
func engines() map[string]wazero.RuntimeConfig {
	return map[string]wazero.RuntimeConfig{"compiler": wazero.NewRuntimeConfigCompiler(), "interpreter": wazero.NewRuntimeConfigInterpreter()}
}

// call runs an exported function of a module; budget bounds the fuel.
func call(t testing.TB, config wazero.RuntimeConfig, wasm []byte, budget int64, name string, args ...uint64) outcome {
	t.Helper()
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, config)
	defer r.Close(ctx)
	var out outcome
	tick := api.GoModuleFunc(func(_ context.Context, m api.Module, _ []uint64) {
		fuel := m.ExportedGlobal(FuelExport).(api.MutableGlobal)
		out.ticks++
		out.fuel += meterSlice - int64(fuel.Get())
		fuel.Set(meterSlice)
		if m.ExportedGlobal(DepthExport).Get() > 1<<20 || out.fuel > budget {
			panic(errEmpty)
		}
	})
	if _, err := r.NewHostModuleBuilder(TickModule).NewFunctionBuilder().WithGoModuleFunction(tick, nil, nil).Export(TickName).Instantiate(ctx); err != nil {
		t.Fatal(err)
	}
	m, err := r.Instantiate(ctx, wasm)
	if err != nil {
		t.Fatal(err)
	}
	results, err := m.ExportedFunction(name).Call(ctx, args...)
	out.results = results
	if err != nil {
		out.problem, _, _ = strings.Cut(err.Error(), "\nwasm stack trace")
	}
	if memory := m.ExportedMemory("memory"); memory != nil {
		all, _ := memory.Read(0, memory.Size())
		out.memory = bytes.Clone(all)
	}
	if g := m.ExportedGlobal("g"); g != nil {
		out.globals = append(out.globals, g.Get())
	}
	if fuel := m.ExportedGlobal(FuelExport); fuel != nil {
		out.fuel += meterSlice - int64(fuel.Get())
	}
	return out
}

// differs says in what two outcomes differ, but for the fuel. One NaN is like the other.
func (o outcome) differs(p outcome) string {
	switch {
	case o.problem != p.problem:
		return fmt.Sprintf("%q and %q", o.problem, p.problem)
	case len(o.results) != len(p.results):
		return "the number of results"
	case !bytes.Equal(o.memory, p.memory):
		return "the memory"
	case fmt.Sprint(o.globals) != fmt.Sprint(p.globals):
		return "the globals"
	}
	for i := range o.results {
		a, b := o.results[i], p.results[i]
		nan := i == 2 && math.IsNaN(float64(math.Float32frombits(uint32(a)))) && math.IsNaN(float64(math.Float32frombits(uint32(b))))
		if a != b && !nan {
			return fmt.Sprintf("result %d: %#x and %#x", i, a, b)
		}
	}
	return ""
}

// same checks that a module does in both engines what it does when it is metered, and
// uses the same fuel for it.
func same(t *testing.T, seed int64) (trapped bool) {
	t.Helper()
	wasm := randomModule(seed)
	var metered [][]byte
	for _, o := range []Options{{Fuel: meterSlice}, {Fuel: meterSlice, Depth: 2000, Pages: 5, Table: 100}} {
		m, err := Rewrite(wasm, o)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		metered = append(metered, m)
	}
	args := []uint64{uint64(uint32(seed)), uint64(seed) * 0x9e3779b97f4a7c15, math.Float64bits(float64(seed) / 3)}
	used := int64(-1)
	for name, config := range engines() {
		plain := call(t, config, wasm, 0, "run", args...)
		trapped = plain.problem != ""
		for i, m := range metered {
			got := call(t, config, m, 1<<40, "run", args...)
			if d := plain.differs(got); d != "" {
				t.Fatalf("seed %d, %s, options %d: plain and metered differ in %s", seed, name, i, d)
			}
			if used >= 0 && got.fuel != used {
				t.Fatalf("seed %d, %s, options %d: %d units of fuel, elsewhere %d", seed, name, i, got.fuel, used)
			}
			if used = got.fuel; used <= 0 {
				t.Fatalf("seed %d: %d units of fuel", seed, used)
			}
		}
	}
	return trapped
}

// TestSame: random modules do the same when they are metered.
func TestSame(t *testing.T) {
	count, traps := int64(300), 0
	if testing.Short() {
		count = 30
	}
	for seed := range count {
		if same(t, seed) {
			traps++
		}
	}
	if int64(traps) == count {
		t.Error("all modules trapped: the generator tests nothing")
	}
	t.Logf("%d of %d modules trapped", traps, count)
}

func FuzzSame(f *testing.F) {
	f.Add(int64(1000))
	f.Fuzz(func(t *testing.T, seed int64) { same(t, seed) })
}

// TestRandomModulesAreValid: wabt finds nothing wrong with them before and after.
func TestRandomModulesAreValid(t *testing.T) {
	for seed := range int64(20) {
		wasm := randomModule(seed)
		validate(t, wasm, true)
		metered, err := Rewrite(wasm, Options{Depth: 100})
		if err != nil {
			t.Fatal(err)
		}
		validate(t, metered, true)
	}
}

// mutated checks that what has been changed anywhere is refused, or is valid when it
// was valid before, and invalid when it was not.
func mutated(t *testing.T, wasm []byte) (refused bool) {
	t.Helper()
	metered, err := Rewrite(wasm, Options{Depth: 100})
	if err != nil {
		var told *bytecode.Error
		if !errors.As(err, &told) {
			t.Fatalf("refused in other words: %v", err)
		}
		return true
	}
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithMemoryLimitPages(16))
	defer r.Close(ctx)
	_, before := r.CompileModule(ctx, uncustomed(t, wasm))
	_, after := r.CompileModule(ctx, metered)
	if (before == nil) != (after == nil) {
		t.Fatalf("before: %v\nafter: %v", before, after)
	}
	return false
}

// uncustomed is a module without its custom sections. Whether they can be read makes no module
// invalid, but wazero refuses one whose names cannot.
func uncustomed(t *testing.T, wasm []byte) []byte {
	t.Helper()
	m, err := bytecode.Parse(wasm)
	if err != nil {
		t.Fatal(err)
	}
	out := []byte(bytecode.Magic)
	for _, s := range m.Sections {
		if s.ID != bytecode.SectionCustom {
			out = appendSection(out, s.ID, s.Body)
		}
	}
	return out
}

// TestMutated: modules in which bytes were changed become neither valid nor invalid by
// the rewriting.
func TestMutated(t *testing.T) {
	const count = 2000
	refused := 0
	for seed := range int64(count) {
		r := rand.New(rand.NewSource(seed))
		wasm := randomModule(seed % 7)
		for range 1 + r.Intn(3) {
			wasm[len(bytecode.Magic)+r.Intn(len(wasm)-len(bytecode.Magic))] = byte(r.Intn(256))
		}
		if mutated(t, wasm) {
			refused++
		}
	}
	if refused == 0 || refused == count {
		t.Errorf("%d of %d were refused", refused, count)
	}
}

func FuzzMutated(f *testing.F) {
	for seed := range int64(3) {
		f.Add(randomModule(seed))
	}
	f.Fuzz(func(t *testing.T, wasm []byte) {
		if len(wasm) < 1<<16 {
			mutated(t, wasm)
		}
	})
}
