package core

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

var seal = flag.Bool("seal", false, "note that core.wasm was made from the sources as they are; build.sh does")

// sealFile holds the hash of the sources that core.wasm was made from. The module itself
// cannot be compared: another compiler writes other bytes.
const sealFile = "core.sources"

// TestModuleIsFresh: core.wasm is of these sources.
func TestModuleIsFresh(t *testing.T) {
	files := []string{"Cargo.toml"}
	for _, pattern := range []string{"src/*.rs", "../../sdk/rust/src/*.rs", "../../sdk/rust/build.sh"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %d files", pattern, err, len(found))
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	h := sha256.New()
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = h.Write(append([]byte(name+"\x00"), data...))
	}
	sum := hex.EncodeToString(h.Sum(nil)) + "\n"
	if *seal {
		if err := os.WriteFile(sealFile, []byte(sum), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if was, err := os.ReadFile(sealFile); err != nil || string(was) != sum {
		t.Errorf("core.wasm was made from other sources (%v): run plugins/build.sh core", err)
	}
}
