package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/sandbox"
	"github.com/footlight-bots/footlight/host/sandbox/wat"
	"github.com/footlight-bots/footlight/sdk/abi"
)

// assembled is a module made of its text.
func assembled(t testing.TB, text string) []byte {
	t.Helper()
	return wat.Assemble(t, text, "--no-check")
}

// zoo is the module with a direction of every kind.
func zoo(t testing.TB) []byte {
	t.Helper()
	return assembled(t, zooText(t))
}

func zooText(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/zoo.wat")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// runtimes makes a Runtime for a test.
func runtimes(t testing.TB, c sandbox.Config) *Runtime {
	t.Helper()
	base, err := sandbox.New(c)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(context.Background(), base)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(r.Close(context.Background()), base.Close(context.Background())); err != nil {
			t.Error(err)
		}
	})
	return r
}

// pooled loads a module and makes a pool of it.
func pooled(t testing.TB, r *Runtime, wasm []byte, stateless bool) *Pool {
	t.Helper()
	m, err := r.Load(context.Background(), wasm, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := m.Pool(context.Background(), stateless)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(p.Close(context.Background()), m.Close(context.Background())); err != nil {
			t.Error(err)
		}
	})
	return p
}

// named is the payload of a call.
func named(name string) []byte { return fmt.Appendf(nil, `{"name":%q}`, name) }

// budget is what most calls of tests may use.
var budget = Budget{Time: 100 * time.Millisecond}

// scene is a Stage that notes what is done on it.
type scene struct {
	trying
	did    []string
	values map[string]string
	deny   string // a capability
}

func (s *scene) note(capability, format string, args ...any) error {
	if capability == s.deny {
		return &Denied{Capability: capability}
	}
	s.did = append(s.did, fmt.Sprintf(format, args...))
	return nil
}

func (s *scene) Log(level int32, text string) error {
	return s.note(abi.CapLog, "log %d %q", level, text)
}
func (s *scene) Emit(text string) error { return s.note(abi.CapEmit, "emit %q", text) }
func (s *scene) Cut() error             { return s.note(abi.CapCut, "cut") }
func (s *scene) Get(key string) (string, error) {
	return s.values[key], s.note(abi.CapState, "get %q", key)
}

func (s *scene) Put(key, value string) (int32, error) {
	if s.values == nil {
		s.values = map[string]string{}
	}
	s.values[key] = value
	return abi.StatusOK, s.note(abi.CapState, "put %q %q", key, value)
}

func (s *scene) HTTP(request string) (string, error) {
	return "answer", s.note(abi.CapHTTP, "http %q", request)
}
