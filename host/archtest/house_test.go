package archtest

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Bars of size. A file that outgrows them holds more than one idea.
const (
	maxFileLines    = 800
	maxPackageLines = 4000
)

// TestPackagesSayWhatTheyAreFor: every package has a comment that begins with its name.
func TestPackagesSayWhatTheyAreFor(t *testing.T) {
	for _, p := range packages(t) {
		if p.Doc == "" && len(p.GoFiles) > 0 {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
	}
}

// TestSize: no file above 800 lines, no package above 4,000.
func TestSize(t *testing.T) {
	for _, p := range packages(t) {
		total := 0
		for i, list := range [][]string{p.GoFiles, p.TestGoFiles, p.XTestGoFiles} {
			for _, name := range list {
				n := lines(t, filepath.Join(p.Dir, name))
				if n > maxFileLines {
					t.Errorf("%s/%s has %d lines, more than %d", room(p.ImportPath), name, n, maxFileLines)
				}
				if i == 0 {
					total += n
				}
			}
		}
		if total > maxPackageLines {
			t.Errorf("%s has %d lines, more than %d", p.ImportPath, total, maxPackageLines)
		}
	}
}

func lines(t *testing.T, path string) int {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(data, []byte("\n"))
}

// clocks are the rooms that may look at the machine's clock (the simulator's is that of
// a bubble); all others are given a clock.Clock.
var clocks = []string{"clock", "cli", "cli/shell", "cli/rehearsal", "archtest", "store/redis/redistest", "simulator", "simulator/watch"}

// TestNoHiddenClockNoHiddenStart: time.Now only where a clock may be asked, and
// no init functions, whose order nobody sees.
func TestNoHiddenClockNoHiddenStart(t *testing.T) {
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			path := filepath.Join(p.Dir, name)
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if n.Recv == nil && n.Name.Name == "init" {
						t.Errorf("%s/%s has an init function", room(p.ImportPath), name)
					}
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && n.Sel.Name == "Now" && !contains(clocks, room(p.ImportPath)) {
						t.Errorf("%s/%s asks time.Now: take a clock.Clock", room(p.ImportPath), name)
					}
				}
				return true
			})
		}
	}
}

// TestNames: packages are one lower-case noun, and none is a drawer for odds and ends.
func TestNames(t *testing.T) {
	drawers := []string{"util", "utils", "common", "helper", "helpers", "types", "misc", "base", "lib"}
	for _, p := range packages(t) {
		name := filepath.Base(p.ImportPath)
		if contains(drawers, name) || strings.ToLower(name) != name || strings.ContainsAny(name, "_-") {
			t.Errorf("%s: name it with one lower-case noun that says what is in it", p.ImportPath)
		}
	}
}
