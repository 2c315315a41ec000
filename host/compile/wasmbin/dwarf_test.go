package wasmbin

import (
	"debug/dwarf"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestLineTable reads the table back with the debug/dwarf of the standard library.
func TestLineTable(t *testing.T) {
	m := Module{Name: "bot"}
	m.Files("order.topic", "default.topic")
	_, c := m.Func("runtime", nothing)
	c.I32(0)
	c.Drop()
	_, c = m.Func("reply", nothing)
	c.Line(0, 12)
	c.I32(0)
	c.Line(0, 12000)
	c.Line(0, 13) // at the same place: the last one counts
	c.Drop()
	c.Line(1, 2)
	_, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	code, rows := m.codeSection()
	sections := m.lineSections(len(code), rows)
	d, err := dwarf.New(sections[0].Data, nil, nil, sections[1].Data, sections[2].Data, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	unit, err := d.Reader().Next()
	if err != nil {
		t.Fatal(err)
	}
	if name := unit.Val(dwarf.AttrName); name != "bot" {
		t.Errorf("compile unit %v, want bot", name)
	}
	lines, err := d.LineReader(unit)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for {
		var e dwarf.LineEntry
		if err := lines.Next(&e); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if e.EndSequence {
			fmt.Fprintf(&got, "%d end\n", e.Address)
			continue
		}
		fmt.Fprintf(&got, "%d %s:%d\n", e.Address, e.File.Name, e.Line)
	}
	// Function 1 begins at 2 (after the count and its own length), function 2 at 8.
	want := "2 bot:0\n8 bot:0\n9 order.topic:12\n11 order.topic:13\n12 default.topic:2\n13 end\n"
	if got.String() != want {
		t.Errorf("line table:\n%swant:\n%s", got.String(), want)
	}
}

func TestNoLineTableWithoutFiles(t *testing.T) {
	var m Module
	m.Func("f", nothing)
	b, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(b), ".debug") {
		t.Error("a module without files has debug sections")
	}
}
