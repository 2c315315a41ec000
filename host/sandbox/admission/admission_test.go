package admission

import (
	"encoding/binary"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
	"github.com/footlight-bots/footlight/host/sandbox/wat"
)

// assemble has wabt write a module.
func assemble(t testing.TB, text string) []byte {
	t.Helper()
	return wat.Assemble(t, text, "--enable-all")
}

func TestReport(t *testing.T) {
	wasm := assemble(t, `(module $small
		(import "dir:host/v1" "log" (func $log (param i32 i32 i32)))
		(memory (export "memory") 2 9)
		(table 3 funcref)
		(func $run (export "run") (param i32) (result i64) (block (br 0)) (i64.const 1)))`)
	r, err := Check(wasm, Rules{Allow: func(bytecode.Import) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	if r.Name != "small" || r.Size != len(wasm) || r.Functions != 1 || r.Pages != 2 || r.MaxPages != 9 || r.Table != 3 || r.Branching != 4 || r.Largest == 0 || r.Compile <= 0 {
		t.Errorf("%+v", r)
	}
	if i, ok := r.Import("dir:host/v1", "log"); !ok || i.Type.String() != "(i32, i32, i32) -> ()" {
		t.Errorf("import: %v %v", i, ok)
	}
	if e, ok := r.Export("run"); !ok || e.Kind != bytecode.FuncKind || e.Type.String() != "(i32) -> (i64)" {
		t.Errorf("export: %v %v", e, ok)
	}
	if _, ok := r.Export("walk"); ok {
		t.Error("an export that is not there was found")
	}
}

// number, section and plain write modules that no assembler would.
func number(n int) []byte { return binary.AppendUvarint(nil, uint64(n)) }

func section(id byte, body ...[]byte) []byte {
	all := join(body...)
	return join([]byte{id}, number(len(all)), all)
}

func join(parts ...[]byte) []byte {
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func repeat(n int, b ...byte) []byte { return []byte(strings.Repeat(string(b), n)) }

// plain is a module of functions () -> () with the same body, and a memory.
func plain(functions int, body []byte) []byte {
	return join([]byte(bytecode.Magic), section(1, []byte{1, 0x60, 0, 0}), section(3, number(functions), repeat(functions, 0)),
		section(5, []byte{1, 0, 1}), section(10, number(functions), repeat(functions, join(number(len(body)), body)...)))
}

// listed is a module of one section, with so many equal entries.
func listed(id byte, n int, entry ...byte) []byte {
	return join([]byte(bytecode.Magic), section(id, number(n), repeat(n, entry...)))
}

// body has local variables of type i32, and code.
func body(locals int, code ...[]byte) []byte {
	return join([]byte{1}, number(locals), []byte{0x7f}, join(code...), []byte{0x0b})
}

// TestModulesThatHurt: each is refused at once, with a sentence that says where and
// how to mend it (3.1 and 3.2 of the document of the sandbox, and what was found since).
func TestModulesThatHurt(t *testing.T) {
	ifs := func(n int) []byte { return repeat(n, 0x20, 0, 0x04, 0x40, 0x0b) }
	reads := func(n int) []byte {
		var all []byte
		for i := range n {
			all = join(all, []byte{0x20}, number(i), []byte{0x1a})
		}
		return all
	}
	for name, tt := range map[string]struct {
		wasm []byte
		want string
	}{
		"20,000 branches in a function":         {plain(1, body(1, ifs(12_000))), "too branchy for this server, above all function 0"},
		"a body of more than 64 KiB":            {plain(1, body(1, ifs(20_000))), "function 0 has a body of 100004 bytes, more than 65536: split it"},
		"20,000 branches in functions of 2,000": {plain(20, body(1, ifs(2_000))), "too branchy"},
		"a table of branches to one place":      {plain(1, body(0, []byte{0x02, 0x40, 0x41, 0, 0x0e}, number(60_000), repeat(60_001, 0), []byte{0x0b})), "too branchy"},
		"loops":                                 {plain(1, body(0, repeat(7_000, 0x03, 0x40), repeat(7_000, 0x0b))), "too branchy"},
		"variables across loops":                {plain(1, body(1_000, repeat(1_000, 0x03, 0x40), reads(1_000), repeat(1_000, 0x0b))), "too branchy"},
		"fills":                                 {plain(1, body(0, repeat(7_000, 0x41, 0, 0x41, 0, 0x41, 0, 0xfc, 11, 0))), "too branchy"},
		"a million functions":                   {plain(1_000_000, []byte{0, 0x0b}), "longer than 6s to compile"},
		"calls":                                 {plain(100, body(0, repeat(30_000, 0x10, 0))), "longer than 6s to compile"},
		"divisions":                             {plain(100, body(1, repeat(9_000, 0x20, 0, 0x20, 0, 0x6d, 0x1a))), "longer than 6s to compile"},
		"50,000 local variables":                {plain(1, body(50_000)), "function 0: more than 10000 local variables (at offset 0x1f); split the function"},
		"local variables beyond counting":       {plain(1, join([]byte{2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0x0b})), "more than 10000 local variables"},
		"a table of 2^27 entries":               {join([]byte(bytecode.Magic), section(4, []byte{1, 0x70, 0}, number(1<<27))), "asks for 134217728 entries, more than 10000"},
		"a table that may grow to 2^27":         {join([]byte(bytecode.Magic), section(4, []byte{1, 0x70, 1, 1}, number(1<<27))), "asks for 134217728 entries"},
		"many tables":                           {join([]byte(bytecode.Magic), section(4, []byte{11}, repeat(11, join([]byte{0x70, 0}, number(1000))...))), "asks for 11000 entries"},
		"a million types":                       {listed(1, 1_000_000, 0x60, 0, 0), "the type section: it has 1000000 entries, more than 10000"},
		"a million tables of nothing":           {listed(4, 1_000_000, 0x70, 0, 0), "the table section: it has 1000000 entries, more than 16"},
		"a million globals":                     {listed(6, 1_000_000, 0x7f, 0, 0x41, 0, 0x0b), "the global section: it has 1000000 entries, more than 10000"},
		"a million segments of elements":        {listed(9, 1_000_000, 1, 0, 0), "the element section: it has 1000000 entries, more than 100000"},
		"a million segments of data":            {listed(11, 1_000_000, 1, 0), "the data section: it has 1000000 entries, more than 100000"},
		"a million imports":                     {listed(2, 1_000_000, 0, 0, 3, 0x7f, 0), "the import section: it has 1000000 entries, more than 1000"},
		"a million exports":                     {listed(7, 1_000_000, 0, 3, 0), "the export section: it has 1000000 entries, more than 10000"},
		"4 GiB of memory":                       {join([]byte(bytecode.Magic), section(5, []byte{1, 0}, number(65536))), "begins with 65536 pages of 64 KiB, and 256 are granted"},
		"two memories":                          {join([]byte(bytecode.Magic), section(5, []byte{2, 0, 1, 0, 1})), "has 2 memories"},
		"64-bit memory":                         {join([]byte(bytecode.Magic), section(5, []byte{1, 4, 1})), `"64-bit memory"`},
		"shared memory":                         {join([]byte(bytecode.Magic), section(5, []byte{1, 3, 1, 1})), `"threads"`},
		"a count beyond what is there":          {join([]byte(bytecode.Magic), section(3, []byte{0xff, 0xff, 0xff, 0xff, 0x0f})), "the function section: it ends too early"},
		"a type of 100,000 parameters":          {join([]byte(bytecode.Magic), section(1, []byte{1, 0x60}, number(100_000), repeat(100_000, 0x7f), []byte{0})), "more than 1000 parameters"},
		"too many bytes":                        {make([]byte, MaxSize+1), "has 8388609 bytes, more than 8388608"},
		"no module":                             {[]byte("\x00asm\x0d\x00\x01\x00"), "not a component"},
		"sections out of order":                 {join([]byte(bytecode.Magic), section(3, []byte{0}), section(1, []byte{0})), "the type section: it stands twice or behind"},
		"a section twice":                       {join([]byte(bytecode.Magic), section(1, []byte{0}), section(1, []byte{0})), "stands twice"},
		"an unknown section":                    {join([]byte(bytecode.Magic), section(40)), "section 40: no such section"},
		"exceptions":                            {join([]byte(bytecode.Magic), section(13, []byte{0})), `"exception handling"`},
		"something behind the end":              {plain(1, []byte{0, 0x0b, 0x0b}), "1 bytes stand behind its end"},
		"no end":                                {plain(1, []byte{0, 0x02, 0x40, 0x0b}), "it ends too early"},
	} {
		t.Run(name, func(t *testing.T) {
			begin := time.Now()
			_, err := Check(tt.wasm, Rules{})
			t.Logf("%v: %v", time.Since(begin), err)
			var refusal *Refusal
			if !errors.As(err, &refusal) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestRefusedByName: what belongs to no version that is run here is named, with its function.
func TestRefusedByName(t *testing.T) {
	for name, tt := range map[string]struct{ wat, want string }{
		"start":           {`(module (func $f) (start $f))`, "the start section names a function that would run before its limits are set: export it as _initialize"},
		"memory import":   {`(module (import "env" "memory" (memory 1)))`, `asks for the memory "env.memory": only functions`},
		"table import":    {`(module (import "env" "t" (table 1 funcref)))`, `asks for the table "env.t"`},
		"global import":   {`(module (import "env" "g" (global i32)))`, `asks for the global "env.g"`},
		"unknown import":  {`(module (import "env" "f" (func)) (import "env" "g" (func)))`, `"env.f": no function of that name; the import section asks for the function "env.g": no function of that name`},
		"the host's tick": {`(module (import "meter" "tick" (func)))`, `"meter.tick", which is the host's own`},
		"fuel export":     {`(module (global i64 (i64.const 0)) (export "__fuel" (global 0)))`, `shows "__fuel"`},
		"depth export":    {`(module (func (export "__depth")))`, `shows "__depth"`},
		"tail call":       {`(module (func $f (return_call $f)))`, `function 0 (f): return_call (0x12) belongs to the proposal "tail calls", which is not run here (at offset 0x17); compile without them (C and C++: -mno-tail-call)`},
		"exceptions":      {`(module (func $f (try (do) (catch_all))))`, `try (0x06) belongs to the proposal "exception handling"`},
		"threads":         {`(module (memory 1) (func $f (drop (i32.atomic.load (i32.const 0)))))`, `0xfe 16 belongs to the proposal "threads"`},
		"64-bit":          {`(module (memory i64 1))`, `"64-bit memory"`},
		"extended const":  {`(module (global i32 (i32.add (i32.const 1) (i32.const 2))))`, `i32.add in a constant belongs to the proposal "extended constant expressions"`},
	} {
		t.Run(name, func(t *testing.T) {
			rules := Rules{Allow: func(bytecode.Import) string { return "no function of that name" }}
			if _, err := Check(assemble(t, tt.wat), rules); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	for name, tt := range map[string]struct {
		code []byte
		want string
	}{
		"relaxed SIMD":  {[]byte{0xfd, 0x80, 0x02}, `"relaxed SIMD"`},
		"no vector":     {[]byte{0xfd, 0x9a, 0x01}, "0xfd 154 is not part of WebAssembly 2.0"},
		"GC":            {[]byte{0xfb, 0x00}, `"garbage collection"`},
		"wide":          {[]byte{0xfc, 19}, `i64.add128 (0xfc 19) belongs to the proposal "wide arithmetic"`},
		"nothing":       {[]byte{0xff}, "0xff is not part of WebAssembly 2.0"},
		"typed":         {[]byte{0x14, 0}, `"typed function references"`},
		"a long prefix": {[]byte{0xfd, 0xff, 0xff, 0xff, 0xff, 0x0f}, "is not part of WebAssembly 2.0"},
	} {
		if _, err := Check(plain(1, body(0, tt.code)), Rules{}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
}

// TestUnfinished: what a linker has still to work on is refused, custom sections of others are not.
func TestUnfinished(t *testing.T) {
	custom := func(name string) []byte {
		return join([]byte(bytecode.Magic), section(0, number(len(name)), []byte(name)))
	}
	for _, name := range []string{"linking", "reloc.CODE", "dylink.0"} {
		if _, err := Check(custom(name), Rules{}); err == nil || !strings.Contains(err.Error(), "not linked") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"name", "producers", ".debug_info", "anything"} {
		if _, err := Check(custom(name), Rules{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRealModules: what compilers make is let in.
func TestRealModules(t *testing.T) {
	wasm, err := os.ReadFile("../../macro/engine/quickjs.wasm")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Check(wasm, Rules{Allow: func(bytecode.Import) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d functions, the largest of %d bytes, branching %d, about %v", r.Functions, r.Largest, r.Branching, r.Compile)
}

// FuzzCheck: any bytes are admitted or refused, in words.
func FuzzCheck(f *testing.F) {
	f.Add(plain(2, body(1, repeat(3, 0x20, 0, 0x04, 0x40, 0x0b))))
	f.Add(join([]byte(bytecode.Magic), section(4, []byte{1, 0x70, 0}, number(1<<27))))
	if wasm, err := os.ReadFile("../../macro/engine/quickjs.wasm"); err == nil {
		f.Add(wasm[:4096])
	}
	f.Fuzz(func(t *testing.T, wasm []byte) {
		_, err := Check(wasm, Rules{Allow: func(bytecode.Import) string { return "" }})
		var refusal *Refusal
		if err != nil && (!errors.As(err, &refusal) || len(refusal.Reasons) == 0 || strings.TrimSpace(err.Error()) == "") {
			t.Errorf("refused without a word: %v", err)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	wasm, err := os.ReadFile("../../macro/engine/quickjs.wasm")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(wasm)))
	for b.Loop() {
		if _, err := Check(wasm, Rules{Allow: func(bytecode.Import) string { return "" }}); err != nil {
			b.Fatal(err)
		}
	}
}
