// Package wat makes modules of the text format of WebAssembly, for tests: with wat2wasm
// of wabt, which is no part of the host. No API of the host is promised.
package wat

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// tool is the program of wabt.
const tool = "wat2wasm"

// Assemble makes a module of its text. A test is skipped where the tool is missing, and
// fails where CI promises it. Names of functions are kept; flags are wat2wasm's own.
func Assemble(tb testing.TB, text string, flags ...string) []byte {
	tb.Helper()
	if _, err := exec.LookPath(tool); err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatalf("%s is not here: apt-get install wabt", tool)
		}
		tb.Skipf("%s is not here: apt-get install wabt", tool)
	}
	from := filepath.Join(tb.TempDir(), "module.wat")
	if err := os.WriteFile(from, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	to := filepath.Join(tb.TempDir(), "module.wasm")
	args := append(flags, "--debug-names", "--output="+to, from)
	if out, err := exec.Command(tool, args...).CombinedOutput(); err != nil {
		tb.Fatalf("%s: %v\n%s", tool, err, out)
	}
	wasm, err := os.ReadFile(to)
	if err != nil {
		tb.Fatal(err)
	}
	return wasm
}
