package dialogue

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRules runs the project's own cases: each shows a rule of the language at work in a corner where it could
// break. The rules a case is about are cited in it.
func TestRules(t *testing.T) {
	path := filepath.Join("testdata", "rules.jsonl")
	if _, err := os.Stat(path); err != nil { // other cases may be missing, these may not
		t.Fatal(err)
	}
	runCases(t, openCases(t, path), builds(t))
}

// TestRulesAreCited keeps cases from being about nothing.
func TestRulesAreCited(t *testing.T) {
	for _, c := range openCases(t, filepath.Join("testdata", "rules.jsonl")) {
		if len(c.Rules) == 0 || len(c.Steps) == 0 {
			t.Errorf("%s: a case names the rules it shows, and has steps that show them", c.Name)
		}
	}
}
