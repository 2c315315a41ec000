package bytecode_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
	"github.com/footlight-bots/footlight/host/sandbox/wat"
)

// everySection has something in each section that a module can have.
const everySection = `(module $all
	(type $pair (func (param i32 i64) (result f32 f64)))
	(import "dir:host/v1" "log" (func $log (param i32 i32 i32)))
	(import "env" "base" (global $base i32))
	(table $t 3 9 funcref)
	(memory $m (export "memory") 1 4)
	(global $g (mut i64) (i64.const -5))
	(export "run" (func $run))
	(elem $active (i32.const 0) $run $other)
	(elem $passive func $other)
	(elem $declared declare func $run)
	(func $run (param i32) (result i32) (local i64 f64)
		(block $b (result i32)
			(loop $l
				(br_if $l (i32.eqz (local.get 0)))
				(br_table $l $l (local.get 0)))
			(i32.const 7)))
	(func $other (memory.init $d (i32.const 0) (i32.const 0) (i32.const 1)) (data.drop $d)
		(drop (v128.const i32x4 1 2 3 4)) (drop (ref.func $run)) (global.set $g (i64.const 1)))
	(data (i32.const 8) "active")
	(data $d "passive"))`

// walk reads every instruction of a module.
func walk(m *bytecode.Module) (count int, err error) {
	for _, b := range m.Bodies {
		for c := m.Code(b); !c.Done(); count++ {
			if _, err := c.Next(); err != nil {
				return count, err
			}
		}
	}
	return count, nil
}

// TestParse: what stands in the sections is found, at the places where it stands.
func TestParse(t *testing.T) {
	wasm := wat.Assemble(t, everySection)
	m, err := bytecode.Parse(wasm)
	if err != nil {
		t.Fatal(err)
	}
	if m.FuncCount() != 3 || m.ImportedFuncs() != 1 || len(m.Imports) != 2 || len(m.Bodies) != 2 {
		t.Errorf("%d functions, %d imported, %d imports, %d bodies", m.FuncCount(), m.ImportedFuncs(), len(m.Imports), len(m.Bodies))
	}
	if got := m.FuncType(1).String(); got != "(i32) -> (i32)" {
		t.Errorf("run is %s", got)
	}
	if len(m.Tables) != 1 || m.Tables[0].Min != 3 || m.Tables[0].Max != 9 || len(m.Memories) != 1 || m.Memories[0].Max != 4 {
		t.Errorf("tables %+v, memories %+v", m.Tables, m.Memories)
	}
	if len(m.Mutable) != 1 || m.Mutable[0].Type != bytecode.I64 || m.Globals != 2 {
		t.Errorf("mutable %+v of %d globals", m.Mutable, m.Globals)
	}
	if m.Name() != "all" || m.FuncName(2) != "other" {
		t.Errorf("names are %q and %q", m.Name(), m.FuncName(2))
	}
	for _, r := range m.Refs {
		if got := uint32(wasm[r.At]); r.Len != 1 || got != r.Func {
			t.Errorf("the reference at %d is to %d, and %d stands there", r.At, r.Func, got)
		}
	}
	if count, err := walk(m); err != nil || count != 23 {
		t.Errorf("%d instructions, %v", count, err)
	}
	size := len(bytecode.Magic)
	for _, s := range m.Sections {
		if string(wasm[s.At:s.At+len(s.Body)]) != string(s.Body) {
			t.Errorf("section %d does not stand at %d", s.ID, s.At)
		}
		size = s.At + len(s.Body)
	}
	if size != len(wasm) {
		t.Errorf("the sections end at %d of %d", size, len(wasm))
	}
}

// whole tells whether a module ends between two sections: a shorter module, then.
func whole(m *bytecode.Module, at int) bool {
	if at == len(bytecode.Magic) {
		return true
	}
	for _, s := range m.Sections {
		if at == s.At+len(s.Body) {
			return true
		}
	}
	return false
}

// TestTruncated: a module that ends too early, wherever that is, is an error with a
// place, or a shorter module.
func TestTruncated(t *testing.T) {
	wasm := wat.Assemble(t, everySection)
	m, err := bytecode.Parse(wasm)
	if err != nil {
		t.Fatal(err)
	}
	for at := range wasm {
		short, err := bytecode.Parse(wasm[:at:at])
		if err == nil {
			_, err = walk(short)
		}
		var told *bytecode.Error
		switch {
		case err != nil && !errors.As(err, &told):
			t.Errorf("cut at %d: %v", at, err)
		case err == nil && !whole(m, at):
			t.Errorf("cut at %d, within a section: no error", at)
		}
	}
}

// TestChangedAnywhere: whatever byte stands anywhere, the reader ends, without a panic and
// with an error of its own if any.
func TestChangedAnywhere(t *testing.T) {
	wasm := wat.Assemble(t, everySection)
	for at := range wasm {
		was := wasm[at]
		for _, b := range []byte{0, 1, 0x0b, 0x40, 0x7f, 0x80, 0xfc, 0xff, was + 1} {
			wasm[at] = b
			m, err := bytecode.Parse(wasm)
			if err == nil {
				_, err = walk(m)
			}
			var told *bytecode.Error
			if err != nil && !errors.As(err, &told) {
				t.Fatalf("%#x at %d: %v", b, at, err)
			}
		}
		wasm[at] = was
	}
}

// TestNumbers: numbers that are too long, too large or without an end are refused.
func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		name    string
		section []byte // of types
		want    string
	}{
		{"one", []byte{1, 4, 1, 0x60, 0, 0}, ""},
		{"one, written longer", []byte{1, 8, 0x81, 0x80, 0x80, 0x80, 0x00, 0x60, 0, 0}, ""},
		{"six bytes", []byte{1, 9, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 0x60, 0, 0}, "a number is not written as one of 32 bits"},
		{"33 bits", []byte{1, 5, 0xff, 0xff, 0xff, 0xff, 0x1f}, "a number is not written as one of 32 bits"},
		{"without end", []byte{1, 2, 0x80, 0x80}, "it ends too early"},
		{"more than there is", []byte{1, 1, 3}, "it ends too early"},
		{"a size beyond the module", []byte{1, 0xff, 0xff, 0xff, 0xff, 0x0f}, "it ends too early"},
	} {
		_, err := bytecode.Parse(append([]byte(bytecode.Magic), tt.section...))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// FuzzParse: any bytes are read to an end, and what is read is within the module.
func FuzzParse(f *testing.F) {
	f.Add([]byte(bytecode.Magic))
	if wasm, err := os.ReadFile("../../../plugins/core/core.wasm"); err == nil {
		f.Add(wasm)
	}
	f.Fuzz(func(t *testing.T, wasm []byte) {
		m, err := bytecode.Parse(wasm)
		if err != nil {
			return
		}
		_, _ = walk(m)
		for _, s := range m.Sections {
			if s.At+len(s.Body) > len(wasm) {
				t.Fatalf("section %d ends at %d of %d", s.ID, s.At+len(s.Body), len(wasm))
			}
		}
	})
}
