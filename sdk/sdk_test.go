package sdk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/plugin"
)

// builders make the plug-in everything of each language, which remembers the word it
// was given last.
var builders = []struct {
	language string
	needs    []string // programs, one of each group
	dir      string
	build    func(wasm string) *exec.Cmd
}{
	{"go", nil, "go/test", func(wasm string) *exec.Cmd {
		c := exec.Command("go", "build", "-trimpath", "-buildmode=c-shared", "-ldflags=-s -w", "-o", wasm, ".")
		c.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
		return c
	}},
	{"c", []string{"clang-19 clang", "wasm-ld-19 wasm-ld"}, "c/test", func(wasm string) *exec.Cmd {
		return exec.Command("../build.sh", "everything.c", wasm)
	}},
	{"rust", []string{"rustc"}, "rust/tests", func(wasm string) *exec.Cmd {
		return exec.Command("../build.sh", "everything.rs", wasm)
	}},
	{"as", []string{"node_modules/.bin/asc"}, "as", func(wasm string) *exec.Cmd {
		return exec.Command("node_modules/.bin/asc", "test/everything.ts", "--config", "asconfig.json", "-o", wasm)
	}},
}

// modules are the plug-ins by language. Which languages are missing on this machine is
// said; only outside of CI may some be.
func modules(t testing.TB) map[string][]byte {
	t.Helper()
	made := map[string][]byte{}
	for _, b := range builders {
		if missing := missing(b.dir, b.needs); missing != "" {
			if os.Getenv("CI") != "" {
				t.Errorf("%s: %s is missing", b.language, missing)
			}
			t.Logf("%s: %s is missing, so it is left out", b.language, missing)
			continue
		}
		wasm, err := making[b.language]()
		if err != nil {
			t.Fatal(err)
		}
		made[b.language] = wasm
	}
	return made
}

// making has what makes the plug-in of each language, once for all tests.
var making = func() map[string]func() ([]byte, error) {
	byLanguage := map[string]func() ([]byte, error){}
	for _, b := range builders {
		byLanguage[b.language] = sync.OnceValues(func() ([]byte, error) {
			folder, err := os.MkdirTemp("", "footlight-sdk-")
			if err != nil {
				return nil, err
			}
			defer func() { _ = os.RemoveAll(folder) }()
			wasm := filepath.Join(folder, "everything.wasm")
			cmd := b.build(wasm)
			cmd.Dir = b.dir
			if out, err := cmd.CombinedOutput(); err != nil {
				return nil, fmt.Errorf("%s: %w\n%s", b.language, err, out)
			}
			return os.ReadFile(wasm)
		})
	}
	return byLanguage
}()

func missing(dir string, needs []string) string {
	for _, group := range needs {
		found := false
		for _, program := range strings.Fields(group) {
			_, err := exec.LookPath(program)
			_, there := os.Stat(filepath.Join(dir, program))
			found = found || err == nil || there == nil
		}
		if !found {
			return group
		}
	}
	return ""
}

func pooled(t testing.TB, wasm []byte, stateless bool) *plugin.Pool {
	t.Helper()
	return tried(t, wasm, plugin.Options{}, stateless)
}

// tried is a pool of a module that was made ready in that way.
func tried(t testing.TB, wasm []byte, o plugin.Options, stateless bool) *plugin.Pool {
	t.Helper()
	ctx := context.Background()
	base, err := sandbox.New(sandbox.Config{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := plugin.New(ctx, base)
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.Load(ctx, wasm, o)
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Pool(ctx, stateless)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(p.Close(ctx), m.Close(ctx), r.Close(ctx), base.Close(ctx)); err != nil {
			t.Error(err)
		}
	})
	return p
}

// stage lets modules write lines, and nothing else.
type stage struct{ plugin.Nobody }

func (stage) Log(int32, string) error { return nil }

func said(t testing.TB, p *plugin.Pool, input string) string {
	t.Helper()
	out, _, err := p.Call(context.Background(), []byte(input), stage{}, plugin.Budget{Time: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	var o struct{ Text, Error string }
	if err := json.Unmarshal([]byte(out), &o); err != nil || o.Error != "" {
		t.Fatalf("%s: %v", out, err)
	}
	return o.Text
}

// TestNothingGoesFromOnePersonToTheNext: a module of any language that keeps what it
// saw has forgotten it when the next one comes, be it in the memory of its language or
// in the buffers of its library. The same module does remember when the owner of the
// bot believes that it is stateless, so the first half means something.
func TestNothingGoesFromOnePersonToTheNext(t *testing.T) {
	for language, wasm := range modules(t) {
		t.Run(language, func(t *testing.T) {
			clean := pooled(t, wasm, false)
			for range 20 {
				said(t, clean, `{"name":"remember","attributes":{"word":"the secret of Ann"}}`)
				if got := said(t, clean, `{"name":"remember","attributes":{}}`); got != "" {
					t.Fatalf("the next person is told %q", got)
				}
			}
			dirty := pooled(t, wasm, true)
			said(t, dirty, `{"name":"remember","attributes":{"word":"the secret of Ann"}}`)
			if got := said(t, dirty, `{"name":"remember","attributes":{}}`); got != "the secret of Ann" {
				t.Fatalf("the module says %q, so this test shows nothing", got)
			}
		})
	}
}

// BenchmarkCall is a small call with a clean image, and without, in each language.
func BenchmarkCall(b *testing.B) {
	for language, wasm := range modules(b) {
		for name, stateless := range map[string]bool{"clean": false, "stateless": true} {
			b.Run(language+"/"+name, func(b *testing.B) {
				p := pooled(b, wasm, stateless)
				input := []byte(`{"name":"echo","attributes":{"text":"hello","integer":7}}`)
				b.ReportAllocs()
				b.ResetTimer()
				var used plugin.Usage
				for range b.N {
					_, u, err := p.Call(b.Context(), input, stage{}, plugin.Budget{Time: time.Second})
					if err != nil {
						b.Fatal(err)
					}
					used = u
				}
				b.ReportMetric(float64(used.Fuel), "fuel/op")
				b.ReportMetric(float64(used.Memory)/(1<<10), "KiB")
			})
		}
	}
}
