package plugin

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/footlight-bots/footlight/host/sandbox/admission"
	"github.com/footlight-bots/footlight/host/sandbox/bytecode"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// offer is the version of the contract that a host speaks.
type offer struct {
	minor     int
	functions []abi.Function // of all minor versions that are known, also of later ones
}

// offered is what this host offers.
var offered = offer{abi.Minor, abi.Functions}

// markerPrefix begins the name of the export that says which major version a module
// was built for.
const markerPrefix = "dir_abi_v"

// hostPrefix begins the name of the module that the contract's functions are imported
// from; a major version follows.
const hostPrefix = "dir:host/v"

// allow says why a function cannot be imported, or nothing.
func (o offer) allow(i bytecode.Import) string {
	switch {
	case i.Module == abi.Host:
		return o.function(i)
	case i.Module == wasiModule:
		for _, f := range wasiFuncs {
			if f.name == i.Name {
				return ""
			}
		}
		return "preview 1 of WASI has no such function"
	case strings.HasPrefix(i.Module, hostPrefix):
		return fmt.Sprintf("this direction was built for ABI v%s, this server speaks v%d", strings.TrimPrefix(i.Module, hostPrefix), abi.Major)
	}
	if why, ours := allowExtism(i); ours {
		return why
	}
	return fmt.Sprintf("this server offers the functions of %s and %s only", abi.Host, wasiModule)
}

// function looks a function of the contract up.
func (o offer) function(i bytecode.Import) string {
	for _, f := range o.functions {
		switch {
		case f.Name != i.Name:
			continue
		case f.Since > o.minor:
			return fmt.Sprintf("this direction needs host function %s (since %d.%d); this server offers %d.%d", f.Name, abi.Major, f.Since, abi.Major, o.minor)
		case typeName(f) != i.Type.String():
			return fmt.Sprintf("host function %s is of type %s, not %s: build with the library of ABI v%d", f.Name, typeName(f), i.Type, abi.Major)
		}
		return ""
	}
	return fmt.Sprintf("this direction needs host function %s, which version %d.%d of the contract does not have", i.Name, abi.Major, o.minor)
}

// typeName is the type of a function in the words of package bytecode.
func typeName(f abi.Function) string {
	params := make([]string, len(f.Params))
	for i, p := range f.Params {
		params[i] = p.Type
	}
	return "(" + strings.Join(params, ", ") + ") -> (" + f.Result + ")"
}

// greet looks whether a module speaks our version of the contract, and how. The error
// is a sentence for its author.
func greet(r *admission.Report) (extism bool, err error) {
	if speaksExtism(r) {
		return true, nil
	}
	if _, ok := r.Export(abi.Marker); !ok {
		return false, unmarked(r)
	}
	for _, want := range []struct {
		name, kind string
	}{
		{abi.ExportAlloc, "(i32) -> (i32)"},
		{abi.ExportCall, "(i32, i32, i32) -> (i64)"},
	} {
		e, ok := r.Export(want.name)
		if !ok || e.Kind != bytecode.FuncKind {
			return false, fmt.Errorf("it exports no function %s, which ABI v%d calls", want.name, abi.Major)
		}
		if e.Type.String() != want.kind {
			return false, fmt.Errorf("its %s is of type %s, and has to be of type %s", want.name, e.Type, want.kind)
		}
	}
	return false, exportsMemory(r)
}

// exportsMemory tells when the memory cannot be reached.
func exportsMemory(r *admission.Report) error {
	if e, ok := r.Export(abi.ExportMemory); !ok || e.Kind != bytecode.MemoryKind {
		return fmt.Errorf("it exports no memory named %s, through which host and direction talk", abi.ExportMemory)
	}
	return nil
}

// unmarked tells what a module without our marker is.
func unmarked(r *admission.Report) error {
	for _, e := range r.Exports {
		version, marked := strings.CutPrefix(e.Name, markerPrefix)
		if _, err := strconv.Atoi(version); marked && err == nil {
			return fmt.Errorf("this direction was built for ABI v%s, this server speaks v%d", version, abi.Major)
		}
	}
	for _, e := range r.Exports {
		if e.Name == "_start" {
			return fmt.Errorf("it is a program and no direction: build it as a reactor (Go: -buildmode=c-shared; C: -mexec-model=reactor) that exports %s", abi.Marker)
		}
	}
	return fmt.Errorf("it exports no %s and so is no direction: build it with one of the libraries in sdk", abi.Marker)
}
