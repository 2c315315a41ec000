package meter

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const quickjs = "../../macro/engine/quickjs.wasm"

// TestQuickJS: the largest module at hand stays valid.
func TestQuickJS(t *testing.T) {
	wasm, err := os.ReadFile(quickjs)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{Fuel: 1 << 40}, {Pages: 100, Table: 10_000, Depth: 2000}} {
		metered, err := Rewrite(wasm, o)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := Rewrite(wasm, o); !bytes.Equal(metered, again) {
			t.Error("the same module was metered in two ways")
		}
		validate(t, metered, true)
	}
}

// validate has wabt check a module.
func validate(t *testing.T, wasm []byte, want bool) {
	t.Helper()
	tool, err := exec.LookPath("wasm-validate")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("wasm-validate is not here: apt-get install wabt")
		}
		t.Skip("wasm-validate is not here: apt-get install wabt")
	}
	path := filepath.Join(t.TempDir(), "m.wasm")
	if err := os.WriteFile(path, wasm, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, path).CombinedOutput(); (err == nil) != want {
		t.Fatalf("wasm-validate: %v\n%s", err, out)
	}
}
