package meter

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tetratelabs/wazero"

	"github.com/footlight-bots/footlight/host/compile/wasmbin"
)

// lined is a module that traps in a line of its source, behind loops and calls that
// move everything that follows when they are metered.
func lined(t testing.TB, name string) []byte {
	t.Helper()
	m := wasmbin.Module{Name: name}
	inner := m.Declare("inner", wasmbin.Signature("", ""))
	outer, out := m.Func("outer", wasmbin.Signature("i", ""))
	in := m.Body(inner)
	m.ExportFunc("run", outer)
	lines := map[*wasmbin.Code][]wasmbin.Row{}
	line := func(c *wasmbin.Code, file, line int) {
		lines[c] = append(lines[c], wasmbin.Row{Address: c.Size(), File: file, Line: line})
	}
	line(out, 0, 10)
	for range 3 {
		out.Loop(func(wasmbin.Label) { line(out, 0, 11) })
	}
	line(out, 0, 20)
	out.Call(inner)
	line(out, 0, 21)
	line(in, 1, 5)
	in.Loop(func(wasmbin.Label) {})
	line(in, 1, 300)
	in.Unreachable()

	var rows []wasmbin.Row
	at := 1 // behind the number of functions
	for _, c := range []*wasmbin.Code{in, out} {
		rows = append(rows, wasmbin.Row{Address: at})
		at += 2 // length and locals, a byte each
		for _, r := range lines[c] {
			r.Address += at
			rows = append(rows, r)
		}
		at += c.Size() + 1 // and the end
	}
	for _, section := range wasmbin.LineTable("play", []string{"first.c", "second.c"}, at, rows) {
		m.Custom(section.Name, section.Data)
	}
	wasm, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return wasm
}

// TestLines: a trap still names the lines of the source, and functions their names.
func TestLines(t *testing.T) {
	for _, name := range []string{"play", "pl\x00ay"} { // a zero ends a name in a line table
		metered := rewrite(t, lined(t, name), Options{Fuel: 1000, Depth: 50})
		validate(t, metered, true)
		for engine, config := range engines() {
			trap := run(t, config, metered)
			for _, want := range []string{"second.c:300\n", "first.c:20\n", name + ".inner()\n", name + ".outer(i32)\n"} {
				if !strings.Contains(trap+"\n", want) {
					t.Errorf("%s: %q\nwant %q", engine, trap, want)
				}
			}
		}
	}
	plain := rewrite(t, tiny(0x0b), Options{})
	if strings.Contains(string(plain), ".debug") {
		t.Error("lines were told of a module that has none")
	}
}

// run calls the function run of a module, and returns its error as text.
func run(t *testing.T, config wazero.RuntimeConfig, wasm []byte) string {
	t.Helper()
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, config)
	defer func() { _ = r.Close(ctx) }()
	if _, err := r.NewHostModuleBuilder(TickModule).NewFunctionBuilder().WithFunc(func() {}).Export(TickName).Instantiate(ctx); err != nil {
		t.Fatal(err)
	}
	m, err := r.Instantiate(ctx, wasm)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = m.ExportedFunction("run").Call(ctx, 1); err == nil {
		t.Fatal("no trap")
	}
	return err.Error()
}

// version5 is a line table as compilers of today write it.
func version5() (lines, text []byte) {
	text = []byte("/src\x00lib.rs\x00core.rs\x00")
	head := []byte{
		1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1,
		1, 1, 0x1f, 1, 0, 0, 0, 0, // one directory: a path in the section of texts
		2, 1, 0x1f, 2, 0x0b, 2, 5, 0, 0, 0, 0, 12, 0, 0, 0, 0, // two files, with the numbers of their directories
	}
	program := []byte{
		0, 5, 2, 7, 0, 0, 0, // address 7
		3, 41, 1, // line 42
		4, 0, 2, 4, 3, 1, 1, // file 0, address 11, line 43
		2, 9, 0, 1, 1, // address 20, the end
	}
	body := append([]byte{5, 0, 4, 0, byte(len(head)), 0, 0, 0}, append(head, program...)...)
	return append([]byte{byte(len(body)), 0, 0, 0}, body...), text
}

func TestVersion5(t *testing.T) {
	lines, text := version5()
	table := readLines(lines, text, nil)
	want := []wasmbin.Row{{Address: 7, File: 1, Line: 42}, {Address: 11, File: 0, Line: 43}, {Address: 20}}
	if len(table.files) != 2 || table.files[0] != "/src/lib.rs" || table.files[1] != "/src/core.rs" || len(table.rows) != len(want) {
		t.Fatalf("%v %v", table.files, table.rows)
	}
	for i, r := range table.rows {
		if r != want[i] {
			t.Errorf("row %d: %v, want %v", i, r, want[i])
		}
	}
}

// TestNamelessFile: a row of a file without a name is of no file, and the others are told.
func TestNamelessFile(t *testing.T) {
	lines, text := version5()
	table := readLines(lines, append([]byte("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), text[12:]...), nil)
	want := []wasmbin.Row{{Address: 7, Line: 42}, {Address: 11}, {Address: 20}}
	if d := cmp.Diff(want, table.rows); d != "" || len(table.files) != 1 || table.files[0] != "core.rs" {
		t.Errorf("%v %s", table.files, d)
	}
}

// FuzzLines: any bytes give a table in its bounds.
func FuzzLines(f *testing.F) {
	lines, text := version5()
	f.Add(lines, text)
	own, _, err := wasmbin.CustomSection(lined(f, "play"), lineSection)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(own, []byte(nil))
	f.Fuzz(func(t *testing.T, lines, text []byte) {
		table := readLines(lines, text, text)
		for _, r := range table.rows {
			if r.Line < 0 || r.Line > 0 && (r.File < 0 || r.File >= len(table.files)) {
				t.Fatalf("row %v of %d files", r, len(table.files))
			}
		}
		if len(table.rows) > maxRows+len(lines) || len(table.files) > maxFiles {
			t.Fatalf("%d rows, %d files", len(table.rows), len(table.files))
		}
	})
}
