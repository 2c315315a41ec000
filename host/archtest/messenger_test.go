package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// proof is a test as host/docs/MESSENGER.md names it: room, test, and a row of it.
var proof = regexp.MustCompile("`([a-z/]+) ((?:Test|Fuzz)[A-Za-z0-9]+)(?:/([^`]+))?`")

// tables are the tests each row of which stands on the page.
var tables = map[string]string{
	"TestEveryEvent": "app", "TestEveryMessage": "app", "TestProfileProperties": "app", "TestSetbacks": "app", "TestExamineExplains": "deploy",
}

// TestProofs: each test that host/docs/MESSENGER.md names is there, with that row, and the page has
// every row of the tables that it is made of.
func TestProofs(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "MESSENGER.md"))
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	tests := map[string]map[string][]string{}
	for _, m := range proof.FindAllStringSubmatch(strings.Join(strings.Fields(string(page)), " "), -1) {
		room, test, row := m[1], m[2], m[3]
		named[test+"/"+row] = true
		if tests[room] == nil {
			tests[room] = testsOf(t, room)
		}
		rows, ok := tests[room][test]
		switch {
		case !ok:
			t.Errorf("%s names %s, which host/%s does not have", "host/docs/MESSENGER.md", test, room)
		case row != "" && !contains(rows, row):
			t.Errorf("%s names the row %q of %s, which is not there", "host/docs/MESSENGER.md", row, test)
		}
	}
	if len(named) < 50 {
		t.Fatalf("%d proofs are named", len(named))
	}
	for test, room := range tables {
		for _, row := range namesOf(t, room, test) {
			if !named[test+"/"+row] {
				t.Errorf("host/docs/MESSENGER.md lacks the row %q of %s", row, test)
			}
		}
	}
}

// testsOf are the tests of a room, each with the texts that stand in it, which name its rows among others.
func testsOf(t *testing.T, room string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	eachTest(t, room, func(f *ast.FuncDecl) {
		out[f.Name.Name] = []string{}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					out[f.Name.Name] = append(out[f.Name.Name], text)
				}
			}
			return true
		})
	})
	return out
}

// namesOf are the names of the rows of a table of a test: the first texts of its entries.
func namesOf(t *testing.T, room, test string) []string {
	t.Helper()
	var out []string
	eachTest(t, room, func(f *ast.FuncDecl) {
		if f.Name.Name != test {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			entry, ok := n.(*ast.CompositeLit)
			if !ok || entry.Type != nil || len(entry.Elts) < 2 {
				return true
			}
			if lit, ok := entry.Elts[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if text, err := strconv.Unquote(lit.Value); err == nil {
					out = append(out, text)
				}
			}
			return true
		})
	})
	if len(out) == 0 {
		t.Errorf("host/%s has no table in %s", room, test)
	}
	return out
}

func eachTest(t *testing.T, room string, visit func(*ast.FuncDecl)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(room), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				visit(f)
			}
		}
	}
}
