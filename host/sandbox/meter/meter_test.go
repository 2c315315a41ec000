package meter

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
	"github.com/footlight-bots/footlight/host/sandbox/wat"
)

const quickjs = "../../macro/engine/quickjs.wasm"

// TestQuickJS: the largest module at hand stays valid.
func TestQuickJS(t *testing.T) {
	wasm, err := os.ReadFile(quickjs)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{Fuel: 1 << 40}, {Pages: 100, Table: 10_000, Depth: 2000}} {
		metered, err := Rewrite(wasm, o)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := Rewrite(wasm, o); !bytes.Equal(metered, again) {
			t.Error("the same module was metered in two ways")
		}
		validate(t, metered, true)
	}
}

// validate has wabt check a module.
func validate(t *testing.T, wasm []byte, want bool) {
	t.Helper()
	tool, err := exec.LookPath("wasm-validate")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("wasm-validate is not here: apt-get install wabt")
		}
		t.Skip("wasm-validate is not here: apt-get install wabt")
	}
	path := filepath.Join(t.TempDir(), "m.wasm")
	if err := os.WriteFile(path, wasm, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, path).CombinedOutput(); (err == nil) != want {
		t.Fatalf("wasm-validate: %v\n%s", err, out)
	}
}

// assemble has wabt write a module.
func assemble(t testing.TB, text string) []byte {
	t.Helper()
	return wat.Assemble(t, text)
}

func rewrite(t testing.TB, wasm []byte, o Options) []byte {
	t.Helper()
	metered, err := Rewrite(wasm, o)
	if err != nil {
		t.Fatal(err)
	}
	return metered
}

// TestWritten: hand-written modules with what a generator does not make do the same
// when they are metered, and stay valid.
func TestWritten(t *testing.T) {
	files, err := filepath.Glob("testdata/*.wat")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			wat, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			wasm := assemble(t, string(wat))
			metered := rewrite(t, wasm, Options{Fuel: meterSlice, Depth: 500})
			validate(t, metered, true)
			for name, config := range engines() {
				for n := range uint64(4) {
					plain, got := call(t, config, wasm, 0, "run", n), call(t, config, metered, 1<<40, "run", n)
					if d := plain.differs(got); d != "" {
						t.Errorf("%s, run(%d): plain and metered differ in %s", name, n, d)
					}
				}
			}
		})
	}
}

// TestStops: whatever a module does for ever is stopped when its fuel is used up, in both
// engines at the same unit, and tick is called at least once in so many units.
func TestStops(t *testing.T) {
	straight := strings.Repeat("(local.set 0 (i32.div_u (local.get 0) (i32.const 3)))", 2000)
	for name, body := range map[string]string{
		"loop":                   `(loop (br 0))`,
		"loop with a parameter":  `i32.const 1 (loop (param i32) drop i32.const 2 (br 0))`,
		"nested loops":           `(loop (loop (br 1)))`,
		"large loop":             `(loop ` + straight + ` (br 0))`,
		"fill":                   `(loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br 0))`,
		"copy":                   `(loop (memory.copy (i32.const 0) (i32.const 1) (i32.const 65000)) (br 0))`,
		"table":                  `(loop (table.fill 0 (i32.const 0) (ref.null func) (i32.const 3)) (br 0))`,
		"table of branches":      `(loop (br_table 0 0 0 (i32.const 1)))`,
		"growth that is refused": `(loop (drop (memory.grow (i32.const 60000))) (br 0))`,
	} {
		t.Run(name, func(t *testing.T) {
			wasm := assemble(t, `(module (memory (export "memory") 1 2) (table 4 funcref) (elem (i32.const 0) $run)
				(func $run (export "run") (param i32) `+body+`))`)
			metered := rewrite(t, wasm, Options{})
			validate(t, metered, true)
			var used []int64
			for engine, config := range engines() {
				out := call(t, config, metered, 20_000, "run", 0)
				if !strings.Contains(out.problem, errEmpty.Error()) {
					t.Errorf("%s: it ended with %q", engine, out.problem)
				}
				used = append(used, out.fuel)
			}
			if used[0] != used[1] || used[0] < 20_000 || used[0] > 30_000 {
				t.Errorf("%d units", used)
			}
		})
	}
}

// TestDepth: calls inside of calls end where they were told to, and the count is right
// again after every way out of a function.
func TestDepth(t *testing.T) {
	wasm := assemble(t, `(module
		(func $run (export "run") (param i32) (result i32)
			(if (i32.eqz (local.get 0)) (then (return (i32.const 7))))
			(i32.add (i32.const 1) (call $run (i32.sub (local.get 0) (i32.const 1)))))
		(func $out (param i32) (result i32 i64)
			(block (result i32 i64)
				(if (i32.eqz (local.get 0)) (then (return (i32.const 1) (i64.const 2))))
				(br_if 1 (i32.const 1) (i64.const 2) (i32.eq (local.get 0) (i32.const 1)))
				(br_table 0 1 (local.get 0)))
			(drop) (drop) (drop (call $run (i32.const 0))) (i32.const 3) (i64.const 4))
		(table 1 funcref) (elem (i32.const 0) $around)
		(func $around (export "around") (param i32) (result i32)
			(call_indirect (param i32) (result i32) (local.get 0) (i32.const 0)))
		(func (export "often") (param i32) (result i32) (local i64)
			(loop
				(call $out (i32.and (local.get 0) (i32.const 3))) (local.set 1) (drop)
				(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
			(call $run (i32.const 90))))`)
	metered := rewrite(t, wasm, Options{Depth: 100})
	validate(t, metered, true)
	for name, config := range engines() {
		ctx := context.Background()
		r := wazero.NewRuntimeWithConfig(ctx, config)
		tooDeep := errors.New("too deep")
		deepest := int32(0)
		tick := api.GoModuleFunc(func(_ context.Context, m api.Module, _ []uint64) {
			m.ExportedGlobal(FuelExport).(api.MutableGlobal).Set(1000)
			if depth := int32(m.ExportedGlobal(DepthExport).Get()); depth > 100 {
				deepest = depth
				panic(tooDeep)
			}
		})
		if _, err := r.NewHostModuleBuilder(TickModule).NewFunctionBuilder().WithGoModuleFunction(tick, nil, nil).Export(TickName).Instantiate(ctx); err != nil {
			t.Fatal(err)
		}
		m, err := r.Instantiate(ctx, metered)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			arg  uint64
			ends bool
		}{{"run", 99, true}, {"run", 100, false}, {"around", 0, false}, {"often", 1000, true}} {
			m.ExportedGlobal(DepthExport).(api.MutableGlobal).Set(0)
			_, err := m.ExportedFunction(c.name).Call(ctx, c.arg)
			if c.ends != (err == nil) || !c.ends && !errors.Is(err, tooDeep) {
				t.Errorf("%s, %s(%d): %v", name, c.name, c.arg, err)
			}
			if depth := m.ExportedGlobal(DepthExport).Get(); c.ends && depth != 0 {
				t.Errorf("%s, %s(%d): the count is %d afterwards", name, c.name, c.arg, depth)
			}
		}
		if deepest != 101 {
			t.Errorf("%s: stopped at %d", name, deepest)
		}
		_ = r.Close(ctx)
	}
}

// TestBounds: memory and tables grow no further than was granted.
func TestBounds(t *testing.T) {
	wasm := assemble(t, `(module (memory (export "memory") 1) (table 1 funcref)
		(func (export "run") (param i32) (result i32)
			(if (result i32) (local.get 0)
				(then (table.grow 0 (ref.null func) (i32.const 50)))
				(else (memory.grow (i32.const 4))))))`)
	for name, tt := range map[string]struct {
		o             Options
		memory, table uint64
	}{
		"nothing granted": {Options{}, 1, 1},
		"just enough":     {Options{Pages: 5, Table: 51}, 1, 1},
		"too little":      {Options{Pages: 4, Table: 50}, 1<<32 - 1, 1<<32 - 1},
	} {
		metered := rewrite(t, wasm, tt.o)
		for engine, config := range engines() {
			if out := call(t, config, metered, 1<<40, "run", 0); out.results[0] != tt.memory {
				t.Errorf("%s, %s: memory.grow gave %d", name, engine, out.results[0])
			}
			if out := call(t, config, metered, 1<<40, "run", 1); out.results[0] != tt.table {
				t.Errorf("%s, %s: table.grow gave %d", name, engine, out.results[0])
			}
		}
	}
}

// tiny is a module of one function of type () -> (): its body follows.
func tiny(body ...byte) []byte {
	code := append([]byte{0}, body...)
	m := append([]byte(bytecode.Magic), bytecode.SectionType, 4, 1, 0x60, 0, 0, bytecode.SectionFunction, 2, 1, 0, bytecode.SectionMemory, 3, 1, 0, 1)
	m = append(m, bytecode.SectionCode, byte(len(code)+2), 1, byte(len(code)))
	return append(m, code...)
}

// TestIndices: a module that names what only the rewriting makes is refused as it came
// (4.2): else it could turn its own fuel back.
func TestIndices(t *testing.T) {
	for name, tt := range map[string]struct {
		body []byte
		want string
	}{
		"the fuel":       {[]byte{0x03, 0x40, 0x42, 0, 0x24, 0, 0x0c, 0, 0x0b, 0x0b}, "global.set: there is no global 0"},
		"the fuel, read": {[]byte{0x23, 0, 0x1a, 0x0b}, "global.get: there is no global 0"},
		"the function":   {[]byte{0x10, 1, 0x0b}, "call: there is no function 1"},
		"a reference":    {[]byte{0xd2, 1, 0x1a, 0x0b}, "ref.func: there is no function 1"},
		"the local":      {[]byte{0x42, 0, 0x21, 0, 0x0b}, "local.set: there is no local variable 0"},
		"the type":       {[]byte{0x02, 1, 0x0b, 0x0b}, "block: there is no type 1"},
		"the label":      {[]byte{0x0c, 1, 0x0b}, "br: there is no block 1"},
		"a label":        {[]byte{0x41, 0, 0x0e, 1, 0, 1, 0x0b}, "br_table: there is no block 1"},
		"a table":        {[]byte{0xfc, 16, 0, 0x1a, 0x0b}, "table.size: there is no table 0"},
		"a memory":       {[]byte{0x3f, 1, 0x1a, 0x0b}, "memory.size: there is no memory 1"},
		"a segment":      {[]byte{0xfc, 9, 0, 0x0b}, "data.drop: there is no segment of data 0"},
		"elements":       {[]byte{0xfc, 13, 0, 0x0b}, "elem.drop: there is no segment of elements 0"},
	} {
		_, err := Rewrite(tiny(tt.body...), Options{Depth: 10})
		if err == nil || !strings.Contains(err.Error(), "function 0: "+tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
	for name, section := range map[string][]byte{
		"export of the fuel":     {bytecode.SectionExport, 5, 1, 1, 'x', 3, 0},
		"export of the function": {bytecode.SectionExport, 5, 1, 1, 'x', 0, 1},
		"constant":               {bytecode.SectionGlobal, 6, 1, 0x7e, 0, 0x23, 1, 0x0b},
	} {
		wasm := tiny(0x0b)
		code := len(wasm) - 6
		wasm = append(append(append([]byte(nil), wasm[:code]...), section...), wasm[code:]...)
		if _, err := Rewrite(wasm, Options{}); err == nil || !strings.Contains(err.Error(), "there is no") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	for name, tt := range map[string]struct {
		wat, want string
		o         Options
	}{
		"start":         {`(module (func $f) (start $f))`, "before there is fuel", Options{}},
		"memory import": {`(module (import "a" "b" (memory 1)))`, "cannot be bounded", Options{}},
		"table import":  {`(module (import "a" "b" (table 1 funcref)))`, "cannot be bounded", Options{}},
		"tick":          {`(module (import "meter" "tick" (func)))`, "the host's own", Options{}},
		"fuel":          {`(module (func (export "__fuel")))`, "the host's own", Options{}},
		"memory":        {`(module (memory 9))`, "begins with 9 pages of 64 KiB, and 8 are granted", Options{Pages: 8}},
		"table":         {`(module (table 9 funcref))`, "begins with 9 entries, more than 8", Options{Table: 8}},
	} {
		if _, err := Rewrite(assemble(t, tt.wat), tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// TestCost: what things cost, to the unit.
func TestCost(t *testing.T) {
	nops := func(n int) string { return strings.Repeat("nop ", n) }
	// Whoever takes the branches passes all checks by, were they only where code that
	// runs through has its stretches.
	around := strings.Repeat("(block "+nops(240)+"(br_if 0 (i32.const 1))"+nops(14)+")", 6)
	for name, tt := range map[string]struct {
		body        string
		least, most int64
	}{
		"nothing":          {"", 1, 1},
		"2,560 bytes":      {nops(2560), 10, 12},
		"around checks":    {around, 6, 8},
		"ten turns":        {"(local.set 0 (i32.const 10)) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))", 11, 11},
		"a page":           {"(drop (memory.grow (i32.const 1)))", 1026, 1026},
		"a page refused":   {"(drop (memory.grow (i32.const 100)))", 2, 2},
		"64 bytes filled":  {"(memory.fill (i32.const 0) (i32.const 0) (i32.const 64))", 3, 3},
		"6,400 copied":     {"(memory.copy (i32.const 0) (i32.const 0) (i32.const 6400))", 102, 102},
		"3 entries filled": {"(table.fill 0 (i32.const 0) (ref.null func) (i32.const 3))", 2, 2},
		"7 entries added":  {"(drop (table.grow 0 (ref.null func) (i32.const 7)))", 9, 9},
	} {
		wasm := assemble(t, `(module (memory 1 2) (table 3 10 funcref) (func (export "run") (param i32) `+tt.body+`))`)
		metered := rewrite(t, wasm, Options{Fuel: meterSlice})
		for engine, config := range engines() {
			if got := call(t, config, metered, 1<<40, "run", 0).fuel; got < tt.least || got > tt.most {
				t.Errorf("%s, %s: %d units, want %d to %d", name, engine, got, tt.least, tt.most)
			}
		}
	}
}

func BenchmarkRewrite(b *testing.B) {
	wasm, err := os.ReadFile(quickjs)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(wasm)))
	for b.Loop() {
		rewrite(b, wasm, Options{Depth: 2000})
	}
}

// BenchmarkMetered runs kinds of code as they came, with fuel, and with fuel and depth:
// the ratio to plain is what metering costs them.
func BenchmarkMetered(b *testing.B) {
	for _, kind := range []struct{ name, code string }{
		{"calls", `(func $run (export "run") (param i32) (result i32)
			(if (result i32) (i32.lt_u (local.get 0) (i32.const 2)) (then (local.get 0)) (else
				(i32.add (call $run (i32.sub (local.get 0) (i32.const 1))) (call $run (i32.sub (local.get 0) (i32.const 2)))))))`},
		{"bytes", `(func (export "run") (param i32) (result i32) (local i32) (local.set 0 (i32.const 65535))
			(loop (local.set 1 (i32.add (local.get 1) (i32.eq (i32.load8_u (local.get 0)) (i32.const 65))))
				(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 1))`},
		{"words", `(func (export "run") (param i32) (result i32) (local i64 i64) (local.set 0 (i32.const 65528))
			(loop (local.set 1 (i64.mul (i64.xor (local.get 1) (i64.load (local.get 0))) (i64.const 1099511628211)))
				(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 8))))) (i32.wrap_i64 (local.get 1)))`},
		{"fills", `(func (export "run") (param i32) (result i32)
			(loop (memory.fill (i32.const 0) (local.get 0) (i32.const 2048))
				(br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 0))`},
		{"empty loop", `(func (export "run") (param i32) (result i32) (local.set 0 (i32.const 100000))
			(loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (i32.const 0))`},
	} {
		wasm := assemble(b, `(module (memory 1) `+kind.code+`)`)
		for _, how := range []struct {
			name string
			wasm []byte
		}{{"plain", wasm}, {"fuel", rewrite(b, wasm, Options{})}, {"fuel and depth", rewrite(b, wasm, Options{Depth: 2000})}} {
			b.Run(kind.name+"/"+how.name, func(b *testing.B) {
				ctx := context.Background()
				r := wazero.NewRuntime(ctx)
				defer r.Close(ctx)
				var fuel api.MutableGlobal
				tick := api.GoFunc(func(context.Context, []uint64) { fuel.Set(20_000) })
				if _, err := r.NewHostModuleBuilder(TickModule).NewFunctionBuilder().WithGoFunction(tick, nil, nil).Export(TickName).Instantiate(ctx); err != nil {
					b.Fatal(err)
				}
				m, err := r.Instantiate(ctx, how.wasm)
				if err != nil {
					b.Fatal(err)
				}
				fuel, _ = m.ExportedGlobal(FuelExport).(api.MutableGlobal)
				run, stack := m.ExportedFunction("run"), make([]uint64, 1)
				for b.Loop() {
					stack[0] = 20
					if err := run.CallWithStack(ctx, stack); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
