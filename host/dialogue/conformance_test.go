package dialogue

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/script/link"
)

// builds are the two ways to run bots: compiled, in the sandbox, as they are served,
// and on the reference interpreter.
func builds(t *testing.T) map[string]Build {
	t.Helper()
	runtime, err := sandbox.New(sandbox.Config{CacheDir: filepath.Join(os.TempDir(), "footlight-test-cache")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := runtime.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return map[string]Build{
		"interpreter": built(compile.Front, bot.Interpreted{Runtime: runtime}),
		"module":      built(compile.Build, bot.Sandboxed{Runtime: runtime}),
	}
}

func built(front func(fs.FS, link.Settings, ...link.Direction) (*compile.Result, error), loader bot.Loader) Build {
	return func(ctx context.Context, dir fs.FS, s bot.Settings, directions ...link.Direction) (*Cast, error) {
		built, err := front(dir, s.Link(), directions...)
		if err != nil {
			return nil, err
		}
		script, err := loader.Load(ctx, built)
		if err != nil {
			return nil, err
		}
		return &Cast{
			Script: script, Macros: script.Macros(), Program: built.Program, Diagnostics: built.Diagnostics,
			Close: func() { _ = script.Close(ctx) },
		}, nil
	}
}

// shared is the folder of the conformance cases that live beside the project.
const shared = "../../../shared/conformance"

func openCases(t *testing.T, path string) []Case {
	t.Helper()
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no %s: its cases are not run", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	cases, err := ReadCases(file)
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestConformance runs the cases beside the project on both engines.
func TestConformance(t *testing.T) {
	builds := builds(t)
	for _, name := range []string{"footlight-core.jsonl", "third-party-open.jsonl"} {
		t.Run(name, func(t *testing.T) { runCases(t, openCases(t, filepath.Join(shared, name)), builds) })
	}
}

// runCases runs each case on every build: all must agree with the case, and so with each other.
func runCases(t *testing.T, cases []Case, builds map[string]Build) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			if need := c.Missing(); need != "" {
				t.Skipf("needs %s", need)
			}
			for engine, build := range builds {
				if err := c.Run(t.Context(), build); err != nil {
					t.Errorf("%s: %v", engine, err)
				}
			}
		})
	}
}
