package plugin

import (
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/admission"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// samples are the plug-ins of the project, by name.
func samples(tb testing.TB) map[string][]byte {
	tb.Helper()
	files, err := filepath.Glob("../../../plugins/*/*.wasm")
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string][]byte{}
	for _, file := range files {
		wasm, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(file), ".wasm")] = wasm
	}
	if len(out) == 0 {
		if os.Getenv("CI") != "" {
			tb.Fatal("there are no plug-ins; make plugins builds them")
		}
		tb.Skip("there are no plug-ins; make plugins builds them")
	}
	return out
}

// describe has a module tried with a call that no sample knows.
var describe = Options{Try: func([]byte) ([]byte, error) { return named("nothing"), nil }}

// BenchmarkAdmission is the reading of a module, before anything is compiled.
func BenchmarkAdmission(b *testing.B) {
	for name, wasm := range samples(b) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(wasm)))
			for b.Loop() {
				if _, err := admission.Check(wasm, admission.Rules{Allow: offered.allow}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoad is all that has to be done before a module answers its first call:
// cold, and with its machine code on disk.
func BenchmarkLoad(b *testing.B) {
	for name, wasm := range samples(b) {
		for _, cached := range []bool{false, true} {
			kind := map[bool]string{false: "/cold", true: "/cached"}[cached]
			b.Run(name+kind, func(b *testing.B) {
				c := sandbox.Config{}
				if cached {
					c.CacheDir = b.TempDir()
					loadOnce(b, c, wasm) // so that its machine code is there
				}
				for b.Loop() {
					loadOnce(b, c, wasm)
				}
			})
		}
	}
}

func loadOnce(b *testing.B, c sandbox.Config, wasm []byte) {
	b.Helper()
	base, err := sandbox.New(c)
	if err != nil {
		b.Fatal(err)
	}
	r, err := New(b.Context(), base)
	if err != nil {
		b.Fatal(err)
	}
	m, err := r.Load(b.Context(), wasm, describe)
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(m.Close(b.Context()), r.Close(b.Context()), base.Close(b.Context())); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkIdle is an instance that waits: how long it takes to make one, and how much
// of the machine's memory it holds, seen by the system.
func BenchmarkIdle(b *testing.B) {
	for name, wasm := range samples(b) {
		b.Run(name, func(b *testing.B) {
			m, err := runtimes(b, sandbox.Config{}).Load(b.Context(), wasm, describe)
			if err != nil {
				b.Fatal(err)
			}
			before := resident(b)
			var made []*instance
			b.ResetTimer()
			for range b.N {
				in, err := m.start(b.Context(), m.image, Budget{Time: startTime})
				if err != nil {
					b.Fatal(err)
				}
				if _, _, err := in.invoke(b.Context(), abi.OpDescribe, nil, abi.MaxManifest, Nobody{}, Budget{Time: startTime}); err != nil {
					b.Fatal(err)
				}
				if m.image != nil && m.image.restore(in) != nil {
					b.Fatal("it cannot be restored")
				}
				made = append(made, in)
			}
			b.StopTimer()
			b.ReportMetric(float64(resident(b)-before)/1024/float64(b.N), "KiB/instance")
			for _, in := range made {
				if err := in.close(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			if err := m.Close(b.Context()); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// resident is the memory of this process that is its own, in bytes; 0 where the system
// does not tell.
func resident(tb testing.TB) int64 {
	tb.Helper()
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		return 0
	}
	var kib int64
	for line := range strings.Lines(string(status)) {
		for _, field := range []string{"Private_Dirty:", "Private_Clean:"} {
			if rest, ok := strings.CutPrefix(line, field); ok {
				n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
				if err != nil {
					tb.Fatal(err)
				}
				kib += n
			}
		}
	}
	return kib << 10
}

// BenchmarkClean is a call that does next to nothing, with a clean image and without.
func BenchmarkClean(b *testing.B) {
	for name, wasm := range samples(b) {
		for _, stateless := range []bool{false, true} {
			kind := map[bool]string{false: "/restored", true: "/as-it-was"}[stateless]
			b.Run(name+kind, func(b *testing.B) {
				p := pooled(b, runtimes(b, sandbox.Config{}), wasm, stateless)
				input := named("nothing")
				for b.Loop() {
					if _, _, err := p.Call(b.Context(), input, trying{}, Budget{Time: startTime}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
