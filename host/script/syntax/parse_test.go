package syntax_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The golden files hold chunks: a title behind "=== ", the document, "---", and
// what came of it: the tree, then the diagnostics with their places.
func TestParseGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no golden files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { golden(t, file) })
	}
}

func golden(t *testing.T, file string) {
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, chunk := range strings.Split("\n"+string(content), "\n=== ")[1:] {
		title, rest, _ := strings.Cut(chunk, "\n")
		input, want, _ := strings.Cut(rest, "\n---\n")
		want = strings.TrimRight(want, "\n")
		got := strings.TrimRight(outcome(input+"\n"), "\n")
		fmt.Fprintf(&out, "=== %s\n%s\n---\n%s\n\n", title, input, got)
		t.Run(title, func(t *testing.T) {
			if got != want && !*update {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.TrimRight(out.String(), "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// outcome is the tree of a document and what was found in it.
func outcome(text string) string {
	doc, found := syntax.Parse(source.New("default.topic", []byte(text)))
	sort.SliceStable(found, func(i, j int) bool { return found[i].Span.Before(found[j].Span) })
	var b strings.Builder
	b.WriteString(dump(doc))
	for _, d := range found {
		p := d.Span.File.Position(d.Span.Start)
		fmt.Fprintf(&b, "%s %d:%d %q: %s\n", d.Code, p.Line, p.Column, d.Span.Text(), d.Message)
	}
	return b.String()
}
