package diag

import (
	"flag"
	"os"
	"testing"
)

var regenerate = flag.Bool("gen", false, "write host/docs/DIAGNOSTICS.md")

// referencePage is the page that people read; make gen writes it.
const referencePage = "../../docs/DIAGNOSTICS.md"

func TestReferenceIsFresh(t *testing.T) {
	if *regenerate {
		if err := os.WriteFile(referencePage, []byte(Reference()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile(referencePage)
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != Reference() {
		t.Error("host/docs/DIAGNOSTICS.md is not what the registry says: run make gen")
	}
}
