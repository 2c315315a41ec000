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
	rows := []Row{{2, 0, 0}, {8, 0, 0}, {9, 0, 12}, {11, 0, 13}, {12, 1, 2}}
	sections := LineTable("bot", []string{"order.topic", "default.topic"}, 13, rows)
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
	want := "2 bot:0\n8 bot:0\n9 order.topic:12\n11 order.topic:13\n12 default.topic:2\n13 end\n"
	if got.String() != want {
		t.Errorf("line table:\n%swant:\n%s", got.String(), want)
	}
}

func TestNoLineTableWithoutFiles(t *testing.T) {
	if s := LineTable("f", nil, 1, []Row{{0, 0, 1}}); s != nil {
		t.Errorf("a module without files has %d debug sections", len(s))
	}
	if s := LineTable("f", []string{"a"}, 1, nil); s != nil {
		t.Errorf("a module without rows has %d debug sections", len(s))
	}
}
