package abi

import "testing"

// TestNamed: what is listed is found by its name, and nothing else is.
func TestNamed(t *testing.T) {
	for _, f := range Functions {
		if got, ok := FunctionNamed(f.Name); !ok || got.Name != f.Name {
			t.Errorf("function %s is not found", f.Name)
		}
		if _, ok := CapabilityNamed(f.Capability); !ok && f.Capability != "" {
			t.Errorf("function %s: capability %s is not found", f.Name, f.Capability)
		}
	}
	for _, s := range Spaces {
		if got, ok := SpaceNamed(s.Name); !ok || got != s {
			t.Errorf("space %s is not found", s.Name)
		}
	}
	_, f := FunctionNamed("exec")
	_, c := CapabilityNamed("")
	_, s := SpaceNamed("")
	if f || c || s {
		t.Error("something is found that is not there")
	}
}
