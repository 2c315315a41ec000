// Package meter rewrites modules that were not emitted from a script so that they count
// what they do: at every function entry, every loop head and after every stretch of
// code, and for every stretch of memory that is copied, filled or added. When the fuel
// of a slice is used up the module calls the host, which gives more or ends the call
// with a panic; nothing else can stop a module without slowing it down many times over,
// and nothing else lets the rest of the host breathe. Calls inside of calls are counted
// as well, and memory and tables are given the size that was granted.
//
// Apart from that a rewritten module does what the original does. Nothing that is added
// can be reached by the code that was there: all indices are those of the original. The
// same module and options always give the same bytes. No API of the host is promised.
package meter

import (
	"fmt"

	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
)

// What the host finds in a rewritten module, and what it has to offer.
const (
	// FuelExport is the global, a mutable i64, that holds the fuel of the slice. The
	// host sets it before a call; below zero the module calls tick.
	FuelExport = "__fuel"
	// DepthExport is the global, a mutable i32, that counts calls inside of calls. The
	// host sets it to 0 before a call; above Options.Depth the module calls tick.
	DepthExport = "__depth"
	// TickModule and TickName are the function () -> () that the module imports. It
	// panics if the call has to end, and else sets the fuel of the next slice.
	TickModule = "meter"
	TickName   = "tick"
)

// Version changes when the same module is rewritten in another way; what is kept of a
// rewritten module is kept under the sum of the original together with it.
const Version = 2

// Options say what a module may use.
type Options struct {
	// Fuel is what a new instance has, so that it can be initialised. A unit is a
	// function entered, a turn of a loop, or a stretch of 256 bytes of code.
	Fuel int64
	// Pages is what the memory may grow to, in pages of 64 KiB; 0: what the module says.
	Pages uint32
	// Table is what each table may grow to, in entries; 0: what the module says.
	Table uint32
	// Depth is how many calls may be inside of each other; those of large functions
	// count more (see frame). 0: they are not counted.
	Depth int32
}

// Rewrite returns a module that does what the given one does, and counts. The error
// says where, what and how to mend it; it is a *bytecode.Error.
func Rewrite(wasm []byte, o Options) ([]byte, error) {
	m, err := bytecode.Parse(wasm)
	if err != nil {
		return nil, fmt.Errorf("meter: %w", err)
	}
	if err := refusable(m, o); err != nil {
		return nil, fmt.Errorf("meter: %w", err)
	}
	w := &rewriter{module: m, options: o, wasm: wasm, lined: section(m, lineSection) != nil}
	w.tick = uint32(m.ImportedFuncs())
	w.fuel = uint32(m.Globals)
	w.depth = w.fuel + 1
	w.tickType = w.typeOf(bytecode.FuncType{})
	code, err := w.code()
	if err != nil {
		return nil, fmt.Errorf("meter: %w", err)
	}
	return w.assemble(code), nil
}

// refusable says what cannot be rewritten though it can be read.
func refusable(m *bytecode.Module, o Options) error {
	if m.Start {
		return &bytecode.Error{Where: "the start section", What: "it names a function that would run before there is fuel", Cure: "export it as _initialize"}
	}
	for _, e := range m.Exports {
		if e.Name == FuelExport || e.Name == DepthExport {
			return &bytecode.Error{Where: "the export section", What: fmt.Sprintf("%q is a name of the host's own", e.Name), Cure: "choose another"}
		}
	}
	for _, i := range m.Imports {
		if i.Module == TickModule {
			return &bytecode.Error{Where: "the import section", What: fmt.Sprintf("%q is the host's own", i), Cure: "leave it out"}
		}
		if i.Kind == bytecode.TableKind || i.Kind == bytecode.MemoryKind {
			return &bytecode.Error{Where: "the import section", What: fmt.Sprintf("%q is a %s of another module, which cannot be bounded", i, i.Kind), Cure: "let the module have its own"}
		}
	}
	for _, l := range m.Memories {
		if o.Pages > 0 && l.Min > o.Pages {
			return &bytecode.Error{Where: "the memory section", What: fmt.Sprintf("it begins with %d pages of 64 KiB, and %d are granted", l.Min, o.Pages), Cure: "ask for less, or grant more"}
		}
	}
	for _, t := range m.Tables {
		if o.Table > 0 && t.Min > o.Table {
			return &bytecode.Error{Where: "the table section", What: fmt.Sprintf("it begins with %d entries, more than %d", t.Min, o.Table), Cure: "ask for less"}
		}
	}
	return nil
}

// section finds a custom section.
func section(m *bytecode.Module, name string) []byte {
	for _, s := range m.Sections {
		if s.ID == bytecode.SectionCustom && s.Name == name {
			return s.Body
		}
	}
	return nil
}
