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
	"github.com/footlight-bots/footlight/host/compile/interp"
	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/script/link"
)

// interpreted builds bots on the reference interpreter.
func interpreted(_ context.Context, dir fs.FS, s bot.Settings, directions ...link.Direction) (*Cast, error) {
	built, err := compile.Front(dir, s.Link(), directions...)
	if err != nil {
		return nil, err
	}
	return &Cast{Script: interp.New(built.Program), Diagnostics: built.Diagnostics, Close: func() {}}, nil
}

// sandboxed builds bots as they are served: compiled, in the sandbox.
func sandboxed(t *testing.T) Build {
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
	return func(ctx context.Context, dir fs.FS, s bot.Settings, directions ...link.Direction) (*Cast, error) {
		built, err := compile.Build(dir, s.Link(), directions...)
		if err != nil {
			return nil, err
		}
		script, err := bot.Sandboxed{Runtime: runtime}.Load(ctx, built)
		if err != nil {
			return nil, err
		}
		return &Cast{Script: script, Diagnostics: built.Diagnostics, Close: func() { _ = script.Close(ctx) }}, nil
	}
}

// shared is the folder of the conformance cases that live beside the project.
const shared = "../../../shared/conformance"

func openCases(t *testing.T, name string) []Case {
	t.Helper()
	file, err := os.Open(filepath.Join(shared, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no %s beside the project: its cases are not run", name)
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

func TestConformance(t *testing.T) {
	builds := map[string]Build{"interpreter": interpreted, "module": sandboxed(t)}
	for _, name := range []string{"footlight-core.jsonl", "third-party-open.jsonl"} {
		t.Run(name, func(t *testing.T) {
			for _, c := range openCases(t, name) {
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
		})
	}
}
