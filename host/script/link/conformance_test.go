package link_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
)

// conformanceFiles hold the cases of the language, beside the project.
var conformanceFiles = []string{
	"../../../../shared/conformance/footlight-core.jsonl",
	"../../../../shared/conformance/third-party-open.jsonl",
}

// faulty are the errors of cases that are about what comes of them at run time.
var faulty = map[diag.Code]bool{"E008": true, "E016": true, "E017": true, "E018": true, "E020": true, "E028": true}

type conformanceCase struct {
	Name        string
	Dialect     link.Dialect
	UTF8        bool
	Files       map[string]string
	Clean       bool
	Diagnostics []struct {
		Code diag.Code
		Line int
		File string
	}
	Directions map[string]struct {
		Block      bool
		Attributes map[string]struct {
			Kind     string
			Required bool
		}
	}
}

// TestConformance holds the front end against the diagnostics that the cases
// of the language name (L-DIAG-1).
func TestConformance(t *testing.T) {
	for _, file := range conformanceFiles {
		t.Run(filepath.Base(file), func(t *testing.T) { conformance(t, file) })
	}
}

func conformance(t *testing.T, file string) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the conformance cases are not beside this checkout")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c conformanceCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.Name, func(t *testing.T) { c.run(t) })
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func (c *conformanceCase) run(t *testing.T) {
	var directions []link.Direction
	for name, d := range c.Directions {
		out := link.Direction{Name: name, Block: d.Block}
		for attribute, a := range d.Attributes {
			out.Parameters = append(out.Parameters, link.Parameter{Name: attribute, Kind: a.Kind, Required: a.Required})
		}
		directions = append(directions, out)
	}
	contents := map[string][]byte{}
	for name, text := range c.Files {
		contents[name] = []byte(text)
	}
	p, list := link.BuildFiles(link.Files(contents), link.Settings{Dialect: c.Dialect, UTF8: c.UTF8}, directions)
	if c.Directions == nil {
		wellFormed(t, p)
	}
	found := list.All()
	for _, want := range c.Diagnostics {
		if !hasDiagnostic(found, want.Code, want.Line, want.File) {
			t.Errorf("%s at line %d is missing; found %s", want.Code, want.Line, summary(found))
		}
	}
	for _, d := range found {
		if c.Clean && (d.Code.IsError() || d.Code == "W105") {
			t.Errorf("a clean script gets %s", summary(found))
		}
		// A case that names no diagnostics is a sound script, but for what it is about.
		if len(c.Diagnostics) == 0 && d.Code.IsError() && !faulty[d.Code] {
			t.Errorf("a sound script gets %s: %s", summary([]diag.Diagnostic{d}), d.Message)
		}
	}
}

func hasDiagnostic(found []diag.Diagnostic, code diag.Code, line int, file string) bool {
	for _, d := range found {
		if d.Code == code && d.Span.Line() == line && (file == "" || d.Span.File.Path == file) {
			return true
		}
	}
	return false
}

func summary(found []diag.Diagnostic) string {
	out := ""
	for _, d := range found {
		out += " " + string(d.Code)
		if !d.Span.IsZero() {
			out += "@" + d.Span.File.Path + ":" + strconv.Itoa(d.Span.Line())
		}
	}
	return out
}
