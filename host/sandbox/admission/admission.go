// Package admission decides whether a module that a stranger has compiled may be
// compiled for the machine at all. Compilers of WebAssembly trust what they are given:
// one function with many branches keeps them busy for minutes, thirteen bytes ask for a
// table of a gibibyte. So every module is read first, wholly and by our own reader, and
// what would hurt is refused in a sentence that names the function or section and the
// cure. Types are not checked, the compiler does that; nothing is rewritten, which is
// the job of package meter. No API of the host is promised.
package admission

import (
	"fmt"
	"strings"
	"time"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

// Limits of a module whose Rules say nothing else.
const (
	MaxSize      = 8 << 20         // bytes of the module; Go with its JSON package takes 3.3 MB
	MaxBody      = 64 << 10        // bytes of a function's body
	MaxBranching = 50_000_000      // squares of the branches of each function, all together: about 1.3 s of compiling
	MaxCompile   = 6 * time.Second // that compiling takes by our own reckoning
	MaxTable     = 10_000          // entries of all tables
	MaxPages     = 256             // of 64 KiB, that a memory begins with
)

// Rules say what a module may be. The zero Rules are the limits of this package, and
// let nothing be imported.
type Rules struct {
	// Allow says in a few words why a function is not to be had, such as "it is there
	// since 1.3, and this server offers 1.2"; "" lets it be imported. Without Allow
	// nothing may be imported.
	Allow func(bytecode.Import) string
	// Pages is the memory that was granted, in pages of 64 KiB; 0 stands for MaxPages.
	Pages uint32
	// Size bounds the module, in bytes; 0 stands for MaxSize.
	Size int
	// Table bounds the entries of all tables; 0 stands for MaxTable.
	Table uint32
}

// Report is what a module is, for the handshake and for people.
type Report struct {
	Name      string // that the module gives itself, or ""
	Imports   []bytecode.Import
	Exports   []bytecode.Export
	Size      int           // bytes
	Functions int           // with a body
	Largest   int           // bytes of the largest body
	Branching uint64        // as bounded by MaxBranching
	Compile   time.Duration // that compiling should take on one processor
	Pages     uint32        // that its memory begins with
	MaxPages  uint32        // that its memory may grow to by its own will; 0: as far as it gets
	Table     uint32        // entries of all tables at first
}

// Import finds an import.
func (r *Report) Import(module, name string) (bytecode.Import, bool) {
	for _, i := range r.Imports {
		if i.Module == module && i.Name == name {
			return i, true
		}
	}
	return bytecode.Import{}, false
}

// Export finds an export.
func (r *Report) Export(name string) (bytecode.Export, bool) {
	for _, e := range r.Exports {
		if e.Name == name {
			return e, true
		}
	}
	return bytecode.Export{}, false
}

// Refusal is the error of a module that is not admitted. Reasons are never empty, at
// most MaxReasons, each a sentence for the module's author.
type Refusal struct{ Reasons []string }

// MaxReasons is how many reasons are told of one module.
const MaxReasons = 20

// Error joins the reasons.
func (r *Refusal) Error() string { return strings.Join(r.Reasons, "; ") }

// Check reads a module and applies the rules. The error is a *Refusal. The Report is
// there whenever the module could be read, also when it is refused, so that the caller
// can say first that it was built for another version of the host.
func Check(wasm []byte, rules Rules) (*Report, error) {
	c := &check{rules: rules.filled()}
	if len(wasm) > c.rules.Size {
		c.refuse("the module has %d bytes, more than %d: compile for size (-Os, -s -w) and leave out what is not used", len(wasm), c.rules.Size)
		return nil, c.refusal
	}
	m, err := bytecode.Parse(wasm)
	if err != nil {
		c.refuse("%s", err)
		return nil, c.refusal
	}
	c.module = m
	c.report = &Report{Name: m.Name(), Imports: m.Imports, Exports: m.Exports, Size: len(wasm), Functions: len(m.Funcs)}
	c.finished()
	c.imports()
	c.exports()
	c.memory()
	c.tables()
	c.code()
	if c.refusal != nil {
		return c.report, c.refusal
	}
	return c.report, nil
}

func (r Rules) filled() Rules {
	if r.Allow == nil {
		r.Allow = func(bytecode.Import) string { return "nothing may be imported" }
	}
	if r.Pages == 0 {
		r.Pages = MaxPages
	}
	if r.Size == 0 {
		r.Size = MaxSize
	}
	if r.Table == 0 {
		r.Table = MaxTable
	}
	return r
}

// check is one module under examination.
type check struct {
	rules   Rules
	module  *bytecode.Module
	report  *Report
	refusal *Refusal // nil as long as nothing is wrong
}

func (c *check) refuse(format string, args ...any) {
	if c.refusal == nil {
		c.refusal = &Refusal{}
	}
	if len(c.refusal.Reasons) < MaxReasons {
		c.refusal.Reasons = append(c.refusal.Reasons, fmt.Sprintf(format, args...))
	}
}
