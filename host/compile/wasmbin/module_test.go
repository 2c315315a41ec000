package wasmbin

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var nothing = FuncType{}

func TestEncode(t *testing.T) {
	preamble := []byte{
		0x00, 0x61, 0x73, 0x6d, // "\0asm"
		0x01, 0x00, 0x00, 0x00, // version 1
	}
	for _, tt := range []struct {
		name  string
		build func(m *Module)
		want  []byte // after the preamble
	}{
		{"nothing", func(*Module) {}, []byte{
			0x00, 0x05, // custom section of 5 bytes
			0x04, 'n', 'a', 'm', 'e', // without a single name
		}},
		{"an import and a type used twice", func(m *Module) {
			m.Import("h", "f", Signature("i", "l"))
			m.Import("h", "g", Signature("i", "l"))
		}, []byte{
			0x01, 0x06, // type section of 6 bytes
			0x01,       // one type
			0x60,       // a function
			0x01, 0x7f, // takes one i32
			0x01, 0x7e, // gives one i64
			0x02, 0x0d, // import section of 13 bytes
			0x02,                             // two imports
			0x01, 'h', 0x01, 'f', 0x00, 0x00, // h.f, a function of type 0
			0x01, 'h', 0x01, 'g', 0x00, 0x00, // h.g, likewise
			0x00, 0x0e, // custom section of 14 bytes
			0x04, 'n', 'a', 'm', 'e',
			0x01, 0x07, // names of functions, 7 bytes
			0x02,            // two names
			0x00, 0x01, 'f', // function 0 is f
			0x01, 0x01, 'g', // function 1 is g
		}},
		{"a function with locals of two types", func(m *Module) {
			_, c := m.Func("f", Signature("i", "i"))
			c.Local(I32)
			c.Local(I32)
			c.Local(I64)
			c.LocalGet(c.Param(0))
		}, []byte{
			0x01, 0x06, 0x01, 0x60, 0x01, 0x7f, 0x01, 0x7f, // one type: i32 to i32
			0x03, 0x02, 0x01, 0x00, // function section: one function of type 0
			0x0a, 0x0a, // code section of 10 bytes
			0x01,       // one body
			0x08,       // of 8 bytes
			0x02,       // two runs of locals
			0x02, 0x7f, // two i32
			0x01, 0x7e, // one i64
			0x20, 0x00, // local.get 0
			0x0b, // end
			0x00, 0x0b, 0x04, 'n', 'a', 'm', 'e',
			0x01, 0x04, 0x01, 0x00, 0x01, 'f', // function 0 is f
		}},
		{"memory, global, exports and data", func(m *Module) {
			f, _ := m.Func("f", nothing)
			m.Memory(1, 2)
			g := m.Global("g", I64, -1)
			m.ExportFunc("f", f)
			m.ExportMemory("m")
			m.ExportGlobal("g", g)
			m.Data(1024, []byte("hi"))
			m.Custom("c", []byte{7})
		}, []byte{
			0x01, 0x04, 0x01, 0x60, 0x00, 0x00, // one type: nothing to nothing
			0x03, 0x02, 0x01, 0x00, // one function
			0x05, 0x04, // memory section of 4 bytes
			0x01, 0x01, 0x01, 0x02, // one memory of 1 to 2 pages
			0x06, 0x06, // global section of 6 bytes
			0x01, 0x7e, 0x01, // one variable i64
			0x42, 0x7f, 0x0b, // i64.const -1, end
			0x07, 0x0d, // export section of 13 bytes
			0x03,
			0x01, 'f', 0x00, 0x00, // function 0
			0x01, 'm', 0x02, 0x00, // memory 0
			0x01, 'g', 0x03, 0x00, // global 0
			0x0a, 0x04, // code section of 4 bytes
			0x01, 0x02, 0x00, 0x0b, // one body of 2 bytes: no locals, end
			0x0b, 0x09, // data section of 9 bytes
			0x01, 0x00, // one segment, active
			0x41, 0x80, 0x08, 0x0b, // at 1024
			0x02, 'h', 'i',
			0x00, 0x11, 0x04, 'n', 'a', 'm', 'e',
			0x01, 0x04, 0x01, 0x00, 0x01, 'f', // function 0 is f
			0x07, 0x04, 0x01, 0x00, 0x01, 'g', // global 0 is g
			0x00, 0x03, 0x01, 'c', 0x07, // custom section c
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m Module
			tt.build(&m)
			got, err := m.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if want := append(preamble, tt.want...); !bytes.Equal(got, want) {
				t.Errorf("bytes differ (-want +got):\n%s", cmp.Diff(want, got))
			}
			validate(t, got)
		})
	}
}

func TestCode(t *testing.T) {
	for _, tt := range []struct {
		name  string
		write func(c *Code)
		want  []byte
	}{
		{"constants", func(c *Code) {
			c.I32(-1)
			c.Drop()
			c.I32(64)
			c.Drop()
			c.I64(-65)
			c.Drop()
		}, []byte{
			0x41, 0x7f, 0x1a, // i32.const -1, drop
			0x41, 0xc0, 0x00, 0x1a, // i32.const 64: the sign bit needs a second byte
			0x42, 0xbf, 0x7f, 0x1a, // i64.const -65
		}},
		{"branches count the open blocks", func(c *Code) {
			c.Block(func(out Label) {
				c.Loop(func(again Label) {
					c.I32(0)
					c.If(func() { c.Br(out) }, func() { c.Br(again) })
				})
			})
		}, []byte{
			0x02, 0x40, // block
			0x03, 0x40, // loop
			0x41, 0x00, 0x04, 0x40, // if
			0x0c, 0x02, // br to the block
			0x05,       // else
			0x0c, 0x01, // br to the loop
			0x0b, 0x0b, 0x0b, // three ends
		}},
		{"a table of branches", func(c *Code) {
			c.Block(func(a Label) {
				c.Block(func(b Label) {
					c.I32(0)
					c.BrTable(a, b, a)
				})
			})
		}, []byte{
			0x02, 0x40, 0x02, 0x40, // two blocks
			0x41, 0x00,
			0x0e, 0x02, 0x00, 0x01, 0x01, // br_table: inner, outer; else outer
			0x0b, 0x0b,
		}},
		{"memory", func(c *Code) {
			c.I32(8)
			c.I32(4)
			c.I32Load(12)
			c.I32Store8(1)
			c.I32(0)
			c.I32(0)
			c.I32(9)
			c.MemoryFill()
			c.I32(1)
			c.MemoryGrow()
			c.Drop()
		}, []byte{
			0x41, 0x08, 0x41, 0x04,
			0x28, 0x02, 0x0c, // i32.load, aligned to 4, offset 12
			0x3a, 0x00, 0x01, // i32.store8, offset 1
			0x41, 0x00, 0x41, 0x00, 0x41, 0x09,
			0xfc, 0x0b, 0x00, // memory.fill
			0x41, 0x01, 0x40, 0x00, 0x1a, // memory.grow, drop
		}},
		{"operators", func(c *Code) {
			c.I32(1)
			c.I32(2)
			c.Op(I32Add)
			c.Op(I64ExtendI32U)
			c.IfValue(I32, func() { c.I32(1) }, func() { c.I32(2) })
			c.Drop()
		}, nil}, // ill-typed on purpose: the encoder does not check types
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m Module
			m.Memory(1, 2)
			_, c := m.Func("f", nothing)
			tt.write(c)
			if tt.want != nil && !bytes.Equal(c.buf, tt.want) {
				t.Errorf("bytes differ (-want +got):\n%s", cmp.Diff(tt.want, c.buf))
			}
			got, err := m.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if tt.want != nil {
				validate(t, got)
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	for _, tt := range []struct {
		name  string
		build func(m *Module)
		want  string
	}{
		{"no body", func(m *Module) { m.Declare("f", nothing) }, "function f: declared without a body"},
		{"two bodies", func(m *Module) { f, _ := m.Func("f", nothing); m.Body(f) }, "function f: a second body"},
		{"body of an import", func(m *Module) { m.Body(m.Import("h", "g", nothing)) }, "function 0: a body for a function that was not declared"},
		{"late import", func(m *Module) { m.Func("f", nothing); m.Import("h", "g", nothing) }, "import h.g comes after"},
		{"closed label", func(m *Module) {
			_, c := m.Func("f", nothing)
			var kept Label
			c.Block(func(l Label) { kept = l })
			c.Br(kept)
		}, "function f: a branch to a block that is not open here"},
		{"label of another function", func(m *Module) {
			_, c := m.Func("f", nothing)
			_, d := m.Func("g", nothing)
			c.Block(func(l Label) { d.Block(func(Label) { d.Br(l) }) })
		}, "function g: a branch to a block that is not open here"},
		{"no such parameter", func(m *Module) { _, c := m.Func("f", nothing); c.Param(0) }, "function f: it has no parameter 0"},
		{"name exported twice", func(m *Module) { m.ExportMemory("a"); m.ExportMemory("a") }, "export a: the name is taken"},
		{"memory upside down", func(m *Module) { m.Memory(2, 1) }, "memory of 2 to 1 pages"},
		{"two memories", func(m *Module) { m.Memory(1, 1); m.Memory(1, 1) }, "a second memory"},
		{"global of a float", func(m *Module) { m.Global("g", F64, 0) }, "global g: type 0x7c"},
		{"large body", func(m *Module) {
			_, c := m.Func("f", nothing)
			for range MaxBody/2 + 1 {
				c.I32(0)
			}
		}, "function f: 65538 bytes are more than 65536"},
		{"branchy body", func(m *Module) {
			_, c := m.Func("f", nothing)
			c.Block(func(l Label) {
				for range MaxBranches + 1 {
					c.Br(l)
				}
			})
		}, "function f: 201 branches are more than 200"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := Module{Name: "m"}
			tt.build(&m)
			_, err := m.Encode()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// validate has wabt check a module.
func validate(t *testing.T, module []byte) {
	t.Helper()
	tool, err := exec.LookPath("wasm-validate")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("wasm-validate is not here: apt-get install wabt")
		}
		t.Log("not validated: wasm-validate is not here (apt-get install wabt)")
		return
	}
	path := filepath.Join(t.TempDir(), "m.wasm")
	if err := os.WriteFile(path, module, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, path).CombinedOutput(); err != nil {
		t.Errorf("wasm-validate: %v\n%s", err, out)
	}
}
