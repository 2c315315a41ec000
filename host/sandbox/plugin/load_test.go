package plugin

import (
	"errors"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// decent is what a module has to export, without what is left out.
func decent(without string, more string) string {
	parts := map[string]string{
		"memory":     `(memory (export "memory") 1)`,
		"dir_abi_v1": `(func (export "dir_abi_v1"))`,
		"dir_alloc":  `(func (export "dir_alloc") (param i32) (result i32) (i32.const 1024))`,
		"dir_call":   `(func (export "dir_call") (param i32 i32 i32) (result i64) (i64.const 0))`,
	}
	text := "(module " + more
	for name, part := range parts {
		if name != without {
			text += part
		}
	}
	return text + ")"
}

// TestRefused: what keeps a module from running is told in a sentence for its author,
// and that it speaks another version comes first.
func TestRefused(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no direction", decent("dir_abi_v1", ""), "it exports no dir_abi_v1 and so is no direction"},
		{"another version", decent("dir_abi_v1", `(func (export "dir_abi_v2"))`), "this direction was built for ABI v2, this server speaks v1"},
		{"functions of another version", decent("", `(import "dir:host/v2" "log" (func))`), "this direction was built for ABI v2, this server speaks v1"},
		{"a program", decent("dir_abi_v1", `(func (export "_start"))`), "it is a program and no direction: build it as a reactor"},
		{"no memory", decent("memory", ""), "it exports no memory named memory"},
		{"no call", decent("dir_call", ""), "it exports no function dir_call, which ABI v1 calls"},
		{"another call", decent("dir_call", `(func (export "dir_call") (param i32) (result i64) (i64.const 0))`), "its dir_call is of type (i32) -> (i64), and has to be of type (i32, i32, i32) -> (i64)"},
		{"unknown function", decent("", `(import "dir:host/v1" "fly" (func))`), "this direction needs host function fly, which version 1.0 of the contract does not have"},
		{"another type", decent("", `(import "dir:host/v1" "now" (func (result i32)))`), "host function now is of type () -> (i64), not () -> (i32)"},
		{"unknown module", decent("", `(import "env" "abort" (func))`), "this server offers the functions of dir:host/v1 and wasi_snapshot_preview1 only"},
		{"unknown function of WASI", decent("", `(import "wasi_snapshot_preview1" "fork" (func))`), "preview 1 of WASI has no such function"},
		{"name of the host", decent("", `(global (export "__footlight_global_0") i32 (i32.const 0))`), "is a name of the host's own"},
		{"start that traps", decent("", `(func (export "_initialize") unreachable)`), "it does not start: it crashed: unreachable"},
		{"start without end", decent("", `(func (export "_initialize") (loop (br 0)))`), "it does not start: it used more than 240,000,000 steps"},
		{"describes nowhere", decent("dir_call", `(func (export "dir_call") (param i32 i32 i32) (result i64) (i64.const -1))`), "it does not say what it is: it used more than 65,536 bytes of output"},
		{"calls the host too early", decent("dir_call", `(import "dir:host/v1" "cut" (func $cut)) (func (export "dir_call") (param i32 i32 i32) (result i64) (call $cut) (i64.const 0))`), "it does not say what it is: host functions can be called in run only"},
	}
	r := runtimes(t, sandbox.Config{})
	for _, tt := range tests {
		_, err := r.Load(t.Context(), assembled(t, tt.text), Options{})
		var refused *Refused
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	if _, err := r.Load(t.Context(), []byte("hello"), Options{}); err == nil {
		t.Error("a text is loaded")
	}
	if _, err := r.Load(t.Context(), assembled(t, decent("", "")), Options{Try: func([]byte) ([]byte, error) { return nil, errors.New("no manifest") }}); err == nil || err.Error() != "no manifest" {
		t.Errorf("a manifest that is refused: %v", err)
	}
	if len(r.modules) != 0 {
		t.Errorf("%d modules are left", len(r.modules))
	}
}

// TestLaterMinor: a function that a later minor version has brought is named with it.
func TestLaterMinor(t *testing.T) {
	o := offer{minor: 2, functions: []abi.Function{{Name: "http", Since: 3}, {Name: "log"}}}
	i := bytecode.Import{Module: abi.Host, Name: "http", Kind: bytecode.FuncKind}
	if why := o.allow(i); why != "this direction needs host function http (since 1.3); this server offers 1.2" {
		t.Error(why)
	}
	if i.Name = "log"; o.allow(i) != "" {
		t.Error(o.allow(i))
	}
}

// TestAllOfWASI: every function of preview 1 links, and what is not to be had says so.
func TestAllOfWASI(t *testing.T) {
	text := ""
	for _, f := range wasiFuncs {
		text += `(import "wasi_snapshot_preview1" "` + f.name + `" (func (param`
		for _, p := range f.params {
			text += map[rune]string{'i': " i32", 'I': " i64"}[p]
		}
		if text += ")"; f.name != "proc_exit" {
			text += " (result i32)"
		}
		text += "))"
	}
	m, err := runtimes(t, sandbox.Config{}).Load(t.Context(), assembled(t, decent("", text)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestShared: who loads the same bytes gets the same module, until the last gives it back.
func TestShared(t *testing.T) {
	r := runtimes(t, sandbox.Config{})
	wasm := zoo(t)
	load := func(o Options) *Module {
		m, err := r.Load(t.Context(), wasm, o)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	a, b, c := load(Options{}), load(Options{}), load(Options{Pages: 4})
	if a != b || a == c || !strings.Contains(string(a.Manifest()), "zoo") {
		t.Error("modules are not shared by bytes and memory")
	}
	for _, m := range []*Module{a, c} {
		if err := m.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	p, err := b.Pool(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.Call(t.Context(), named("hello"), &scene{}, budget); err != nil {
		t.Errorf("after another one closed it: %v", err)
	}
	if err := errors.Join(p.Close(t.Context()), b.Close(t.Context())); err != nil || len(r.modules) != 0 {
		t.Errorf("%v, %d modules are left", err, len(r.modules))
	}
}

// TestTrial: a module is tried, and one that crashes in the trial runs all the same
// from a fresh image.
func TestTrial(t *testing.T) {
	r := runtimes(t, sandbox.Config{})
	for name, crashes := range map[string]bool{"spy": false, "trap": true} {
		m, err := r.Load(t.Context(), zoo(t), Options{Try: func([]byte) ([]byte, error) { return named(name), nil }})
		if err != nil {
			t.Fatal(err)
		}
		if (m.Trial() != nil) != crashes {
			t.Errorf("%s: %v", name, m.Trial())
		}
		p, err := m.Pool(t.Context(), false)
		if err != nil {
			t.Fatal(err)
		}
		if out, _, err := p.Call(t.Context(), named("hello"), &scene{}, budget); err != nil || out != `{"text":"hello"}` {
			t.Errorf("%s: %q, %v", name, out, err)
		}
		if err := errors.Join(p.Close(t.Context()), m.Close(t.Context())); err != nil {
			t.Error(err)
		}
	}
}

// TestUnrestorable: a module that can hide something in a table gets a new instance for
// every call.
func TestUnrestorable(t *testing.T) {
	const table = `(table 2 funcref) (elem declare func $f) (func $f)
	  (memory (export "memory") 1) (func (export "dir_abi_v1"))
	  (func (export "dir_alloc") (param i32) (result i32) (i32.const 1024))
	  (data (i32.const 0) "{\22text\22:\220\22}")
	  (func (export "dir_call") (param i32 i32 i32) (result i64)
	    (if (i32.eqz (ref.is_null (table.get 0 (i32.const 1)))) (then (i32.store8 (i32.const 9) (i32.const 0x31))))
	    (table.set 0 (i32.const 1) (ref.func $f))
	    (i64.const 12))`
	p := pooled(t, runtimes(t, sandbox.Config{}), assembled(t, "(module "+table+")"), true)
	for range 3 {
		if out, _, err := p.Call(t.Context(), named("x"), &scene{}, budget); err != nil || out != `{"text":"0"}` {
			t.Errorf("%q, %v", out, err)
		}
	}
	if p.module.image != nil || len(p.idle) != 0 {
		t.Error("an instance is kept")
	}
}
