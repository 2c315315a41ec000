package sandbox

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/compile/emit"
	"github.com/footlight-bots/footlight/host/compile/ir"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// emitted compiles a program, twice, and has wabt check the module.
func emitted(t testing.TB, p *ir.Program) []byte {
	t.Helper()
	wasm, err := emit.Module(p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := emit.Module(p)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(wasm, again) {
		t.Error("one program gave two different modules")
	}
	tool, err := exec.LookPath("wasm-validate")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("wasm-validate is not here: apt-get install wabt")
		}
		return wasm
	}
	path := filepath.Join(t.TempDir(), "m.wasm")
	if err := os.WriteFile(path, wasm, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, path).CombinedOutput(); err != nil {
		t.Fatalf("wasm-validate: %v\n%s", err, out)
	}
	return wasm
}
