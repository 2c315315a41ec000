package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// root is the project's folder.
const root = "../../.."

// maxReadmeLines keeps the README a page that people read.
const maxReadmeLines = 150

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// blocks are the fenced blocks of a section of the README.
func blocks(t *testing.T, section string) []string {
	t.Helper()
	_, rest, found := strings.Cut(readme(t), "\n## "+section+"\n")
	if !found {
		t.Fatalf("README.md has no section %q", section)
	}
	rest, _, _ = strings.Cut(rest, "\n## ")
	var out []string
	for _, m := range regexp.MustCompile("(?ms)^```[a-z]*\n(.*?)^```$").FindAllStringSubmatch(rest, -1) {
		out = append(out, m[1])
	}
	return out
}

// TestReadmeDemo runs the ten lines of the README as a shell reads them: they
// print what stands below them.
func TestReadmeDemo(t *testing.T) {
	demo := blocks(t, "Ten lines")
	if len(demo) != 2 {
		t.Fatalf("the section has %d blocks, want the lines and what they print", len(demo))
	}
	dir := t.TempDir()
	script := "exec sh -e demo.sh\ncmp stdout printed\n! stderr .\n-- demo.sh --\n" + demo[0] + "-- printed --\n" + demo[1]
	if err := os.WriteFile(filepath.Join(dir, "demo.txtar"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: dir, Setup: setUp})
}

// TestReadmeCommands: the table names all commands that footlight has, and no other.
func TestReadmeCommands(t *testing.T) {
	var script bytes.Buffer
	script.WriteString("exec footlight --help\n")
	named := regexp.MustCompile("(?m)^\\| `footlight ([a-z]+)").FindAllStringSubmatch(readme(t), -1)
	if len(named) == 0 {
		t.Fatal("README.md has no table of commands")
	}
	listed := "completion|help"
	for _, m := range named {
		script.WriteString("stdout '^  " + m[1] + " '\n")
		listed += "|" + m[1]
	}
	for _, m := range named {
		script.WriteString("exec footlight " + m[1] + " --help\n")
	}
	script.WriteString("exec sh commands.sh\n! stdout .\n-- commands.sh --\n" +
		`footlight --help | sed -n '/^Available Commands:/,/^$/p' | grep '^  ' | grep -vE '^  (` + listed + ") ' || true\n")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "commands.txtar"), script.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: dir, Setup: setUp})
}

// TestDocuments: the README is short, and what documents link to is there.
func TestDocuments(t *testing.T) {
	if n := strings.Count(readme(t), "\n"); n > maxReadmeLines {
		t.Errorf("README.md has %d lines, more than %d", n, maxReadmeLines)
	}
	documents, err := filepath.Glob(filepath.Join(root, "host", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	documents = append(documents, filepath.Join(root, "README.md"), filepath.Join(root, "scripts", "README.md"))
	link := regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`)
	for _, document := range documents {
		data, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(data), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(document), filepath.FromSlash(m[1]))); err != nil {
				t.Errorf("%s links to %s, which is not there", filepath.Base(document), m[1])
			}
		}
	}
}
