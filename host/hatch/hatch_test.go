package hatch

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Through the hatch comes what the desk answers, errors included; only the owner gets in.
func TestHatch(t *testing.T) {
	path := Path(filepath.Join(t.TempDir(), "state.db"))
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ask := func(desk string, command, out any) error { return Knock(t.Context(), path, desk, command, out) }
	if err := ask("echo", "hello", nil); !errors.Is(err, ErrNobody) {
		t.Errorf("before it is open: %v", err)
	}
	must(os.WriteFile(path, nil, 0o600)) // what a killed host left
	l, err := Open(path)
	must(err)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- Serve(ctx, l, map[string]Desk{
			"echo": func(_ context.Context, c json.RawMessage) (any, error) { return c, nil },
			"sulk": func(context.Context, json.RawMessage) (any, error) { return nil, errors.New("not today") },
			"mute": func(context.Context, json.RawMessage) (any, error) { return nil, nil },
		})
	}()
	var heard []string
	must(ask("echo", []string{"a", "b"}, &heard))
	if strings.Join(heard, "") != "ab" {
		t.Errorf("came back: %q", heard)
	}
	must(ask("mute", 1, nil))
	for desk, want := range map[string]string{
		"sulk":  "not today",
		"dance": "of another release",
	} {
		if err := ask(desk, 1, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", desk, err, want)
		}
	}
	large := httptest.NewRequest("POST", "/echo", strings.NewReader(strings.Repeat("x", maxCommand+1)))
	if out := answer(httptest.NewRecorder(), large, func(context.Context, json.RawMessage) (any, error) { return nil, nil }); out.Error == "" {
		t.Error("a command that is too large was taken")
	}
	stop()
	must(<-done)
	if err := ask("echo", 1, nil); !errors.Is(err, ErrNobody) {
		t.Errorf("after it was closed: %v", err)
	}
}

// A path that no socket can have is told of.
func TestHatchOfALongPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "longer than 100 bytes") {
		t.Errorf("%v", err)
	}
	if err := Knock(t.Context(), path, "echo", 1, nil); !errors.Is(err, ErrNobody) {
		t.Errorf("%v", err)
	}
	dir := filepath.Join(t.TempDir(), strings.Repeat("d", 90))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	l, err := Open(filepath.Join(dir, "s"))
	if err != nil {
		t.Fatalf("a short way to a long path: %v", err)
	}
	_ = l.Close()
}
