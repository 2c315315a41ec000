package plugin

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/sandbox"
)

// kit is a direction as Extism's kits make them. run logs its input, reads a setting,
// keeps a value and fails when the ninth letter of its input is an x.
const kit = `(module
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  (import "extism:host/env" "load_u8" (func $load (param i64) (result i32)))
  (import "extism:host/env" "store_u8" (func $store (param i64 i32)))
  (import "extism:host/env" "store_u64" (func $store8 (param i64 i64)))
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $input (param i64) (result i32)))
  (import "extism:host/env" "output_set" (func $output (param i64 i64)))
  (import "extism:host/env" "error_set" (func $error (param i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (import "extism:host/env" "log_warn" (func $warn (param i64)))
  (memory (export "memory") 1)
  (data (i32.const 0) "{\22text\22:\22hello\22}")
  (func $say (param $from i32) (param $n i64) (result i64)
    (local $to i64) (local $i i64)
    (local.set $to (call $alloc (local.get $n)))
    (loop $more
      (call $store (i64.add (local.get $to) (local.get $i)) (i32.load8_u (i32.add (local.get $from) (i32.wrap_i64 (local.get $i)))))
      (local.set $i (i64.add (local.get $i) (i64.const 1)))
      (br_if $more (i64.lt_u (local.get $i) (local.get $n))))
    (local.get $to))
  (func (export "describe") (result i32)
    (call $output (call $say (i32.const 0) (i64.const 16)) (i64.const 16)) (i32.const 0))
  (func (export "run") (result i32)
    (local $text i64)
    (if (i32.eq (call $input (i64.const 9)) (i32.const 0x78)) (then
      (call $error (call $say (i32.const 9) (i64.const 5))) (return (i32.const 1))))
    (if (i32.eq (call $input (i64.const 9)) (i32.const 0x70)) (then (drop (call $load (i64.const 99999999)))))
    (if (i32.eq (call $input (i64.const 9)) (i32.const 0x62)) (then (loop $more (drop (call $alloc (i64.const 1000000))) (br $more))))
    (if (i32.eq (call $input (i64.const 9)) (i32.const 0x6c)) (then (call $warn (call $alloc (i64.const 262145)))))
    (if (i32.eq (call $input (i64.const 9)) (i32.const 0x73)) (then
      (local.set $text (call $alloc (i64.const 262144))) (loop $more (call $warn (local.get $text)) (br $more))))
    (local.set $text (call $say (i32.const 9) (i64.const 5)))
    (call $warn (local.get $text))
    (call $var_set (local.get $text) (local.get $text))
    (call $warn (call $var_get (local.get $text)))
    (call $output (call $say (i32.const 0) (i64.const 16)) (i64.const 16)) (i32.const 0)))`

// TestExtism: a module made with a kit of Extism's runs as it is.
func TestExtism(t *testing.T) {
	p := pooled(t, runtimes(t, sandbox.Config{}), assembled(t, kit), false)
	if got := string(p.module.Manifest()); got != `{"text":"hello"}` {
		t.Errorf("it describes itself as %s", got)
	}
	for _, tt := range []struct{ name, output, problem string }{
		{"run", `{"text":"hello"}`, ""},
		{"x", `{"error":"hello"}`, ""},
		{"pointer", "", "it crashed: an address that it gave the host is not in its memory"},
		{"bomb", "", "it used more than 16,777,216 bytes in blocks of the host"},
		{"long", "", "it used more than 262,144 bytes in one argument"},
		{"run", `{"text":"hello"}`, ""},
	} {
		s := &scene{}
		out, _, err := p.Call(t.Context(), named(tt.name), s, budget)
		problem := ""
		if err != nil {
			problem = err.Error()
		}
		if out != tt.output || problem != tt.problem {
			t.Errorf("%s: %s, %v", tt.name, out, err)
		}
		if tt.name != "run" {
			continue
		}
		want := []string{`log 2 "hello"`, `put "state:hello" "hello"`, `get "state:hello"`, `log 2 "hello"`}
		if diff := cmp.Diff(want, s.did); diff != "" {
			t.Error(diff)
		}
	}
	// What the host copies is counted like what the module does: the steps run out, not the time.
	s, short := &scene{}, Budget{Time: time.Millisecond}
	if _, _, err := p.Call(t.Context(), named("spend"), s, short); err == nil || len(s.did) > int(short.fuel())/(maxArgument/bytesPerStep) {
		t.Errorf("%d long lines are logged in %d steps, then %v", len(s.did), short.fuel(), err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, in := range p.idle {
		if len(in.call.extism.memory) != 0 || in.call.extism.input != nil {
			t.Error("blocks are left of a call")
		}
	}
}
