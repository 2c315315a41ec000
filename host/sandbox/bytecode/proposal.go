package bytecode

import "fmt"

// proposal is an extension of WebAssembly beyond version 2.0 that is not run here.
type proposal struct{ name, cure string }

func (p proposal) title() string {
	return fmt.Sprintf("the proposal %q, which is not run here", p.name)
}

var (
	exceptions = proposal{"exception handling", "compile without exceptions (C++: -fno-exceptions; Rust: panic = \"abort\")"}
	tailCalls  = proposal{"tail calls", "compile without them (C and C++: -mno-tail-call)"}
	references = proposal{"typed function references", "compile for WebAssembly 2.0"}
	collected  = proposal{"garbage collection", "compile for WebAssembly 2.0, with a collector of the language's own in linear memory"}
	threads    = proposal{"threads", "compile without atomics and shared memory (C: no -pthread, -mno-atomics)"}
	relaxed    = proposal{"relaxed SIMD", "compile without it (C: -mno-relaxed-simd)"}
	memory64   = proposal{"64-bit memory", "compile for wasm32"}
	extended   = proposal{"extended constant expressions", "compile without them (C: -mno-extended-const)"}
	wide       = proposal{"wide arithmetic", "compile without it (C: -mno-wide-arithmetic)"}
	switching  = proposal{"stack switching", "compile for WebAssembly 2.0"}
	halves     = proposal{"half-precision vectors", "compile without them (C: -mno-fp16)"}
)

// foreign are the instructions of proposals, by the op or the prefix.
var foreign = map[Op]struct {
	name string
	of   *proposal
}{
	0x06: {"try", &exceptions}, 0x07: {"catch", &exceptions}, 0x08: {"throw", &exceptions},
	0x09: {"rethrow", &exceptions}, 0x0a: {"throw_ref", &exceptions}, 0x18: {"delegate", &exceptions},
	0x19: {"catch_all", &exceptions}, 0x1f: {"try_table", &exceptions},
	0x12: {"return_call", &tailCalls}, 0x13: {"return_call_indirect", &tailCalls},
	0x14: {"call_ref", &references}, 0x15: {"return_call_ref", &references},
	0xd3: {"ref.eq", &collected}, 0xd4: {"ref.as_non_null", &references},
	0xd5: {"br_on_null", &references}, 0xd6: {"br_on_non_null", &references},
	0xe0: {"cont.new", &switching}, 0xe1: {"cont.bind", &switching}, 0xe2: {"suspend", &switching},
	0xe3: {"resume", &switching}, 0xe4: {"resume_throw", &switching}, 0xe5: {"resume_throw_ref", &switching},
	0xe6:          {"switch", &switching},
	prefixFC | 19: {"i64.add128", &wide}, prefixFC | 20: {"i64.sub128", &wide},
	prefixFC | 21: {"i64.mul_wide_s", &wide}, prefixFC | 22: {"i64.mul_wide_u", &wide},
}

// refuse says why an instruction is not run.
func refuse(op Op) (what, cure string) {
	title := "instruction " + op.String()
	f, known := foreign[op]
	p := f.of
	if known {
		title = f.name + " (" + op.hex() + ")"
	}
	switch op &^ 0xffff {
	case prefixFB:
		p = &collected
	case prefixFE:
		p = &threads
	case prefixFD:
		switch sub := op & 0xffff; {
		case sub >= 0x100 && sub < 0x120:
			p = &relaxed
		case sub >= 0x120 && sub < 0x150:
			p = &halves
		}
	}
	if p == nil {
		return title + " is not part of WebAssembly 2.0", "compile for WebAssembly 2.0"
	}
	return title + " belongs to " + p.title(), p.cure
}
