package meter

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const quickjs = "../../macro/engine/quickjs.wasm"

// TestQuickJS: the largest module at hand stays valid.
func TestQuickJS(t *testing.T) {
	wasm, err := os.ReadFile(quickjs)
	if err != nil {
		t.Fatal(err)
	}
	metered, err := Fuel(wasm, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := Fuel(wasm, 1<<40); !bytes.Equal(metered, again) {
		t.Error("the same module was metered in two ways")
	}
	validate(t, metered, true)
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

// tiny is a module of one function of type () → (): its body follows.
func tiny(body ...byte) []byte {
	code := append([]byte{0}, body...)
	m := append([]byte(nil), magic...)
	m = append(m, sectionType, 4, 1, 0x60, 0, 0, sectionFunction, 2, 1, 0, 5, 3, 1, 0, 1)
	m = append(m, sectionCode, byte(len(code)+2), 1, byte(len(code)))
	return append(m, code...)
}

func TestRewriting(t *testing.T) {
	for name, body := range map[string][]byte{
		"empty":             {opEnd},
		"loop":              {opLoop, noResult, 0x0c, 0, opEnd, opEnd},
		"fill":              {0x41, 0, 0x41, 0, 0x41, 8, opPrefix, memoryFill, 0, opEnd},
		"copy":              {0x41, 0, 0x41, 0, 0x41, 0xc0, 0, opPrefix, memoryCopy, 0, 0, opEnd},
		"number of 5 bytes": {0x41, 0x80, 0x80, 0x80, 0x80, 0, 0x1a, opEnd},
		"table of branches": {0x02, noResult, 0x41, 0, 0x0e, 1, 0, 0, opEnd, opEnd},
		"if in a loop":      {opLoop, noResult, 0x41, 0, opIf, noResult, 0x05, opEnd, opEnd, opEnd},
	} {
		t.Run(name, func(t *testing.T) {
			validate(t, tiny(body...), true)
			metered, err := Fuel(tiny(body...), 5)
			if err != nil {
				t.Fatal(err)
			}
			validate(t, metered, true)
			if !bytes.Contains(metered, []byte(FuelExport)) {
				t.Error("the fuel is not exported")
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	header := string(magic)
	for name, tt := range map[string]struct{ wasm, want string }{
		"no module":     {"\x00asm", "no WebAssembly module"},
		"cut":           {header + "\x01\x05\x01", "too early"},
		"order":         {header + "\x03\x01\x00\x01\x01\x00", "not in its place"},
		"unknown":       {header + "\x20\x00", "unknown"},
		"start":         {header + "\x08\x01\x00", "start function"},
		"vectors":       {string(tiny(0xfd, 0, opEnd)), "0xfd"},
		"exceptions":    {string(tiny(0x06, noResult, opEnd)), "0x06"},
		"prefix":        {string(tiny(opPrefix, 0x20, opEnd)), "0xfc 32"},
		"unknown type":  {header + "\x03\x02\x01\x07", "no type 7"},
		"no bodies":     {header + "\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x0a\x01\x00", "fewer bodies"},
		"table import":  {header + "\x02\x08\x01\x01a\x01b\x01\x70\x00", "neither function nor global"},
		"many locals":   {string(append(magic, "\x01\x04\x01\x60\x00\x00\x03\x02\x01\x00\x0a\x09\x01\x07\x01\xff\xff\x7f\x7f\x0b\x0b"...)), "local variables"},
		"endless table": {string(tiny(0x0e, 0xff, 0xff, 0xff, 0x7f, 0)), "too early"},
	} {
		if _, err := Fuel([]byte(tt.wasm), 0); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// FuzzFuel: any bytes are refused or rewritten, and what was rewritten can be read.
func FuzzFuel(f *testing.F) {
	f.Add(tiny(opLoop, noResult, 0x0c, 0, opEnd, opEnd))
	f.Add(tiny(0x41, 0, 0x41, 0, 0x41, 8, opPrefix, memoryFill, 0, opEnd))
	f.Fuzz(func(t *testing.T, wasm []byte) {
		metered, err := Fuel(wasm, 1)
		if err != nil {
			return
		}
		if _, err := Fuel(metered, 1); err != nil {
			t.Fatalf("what was metered is refused: %v", err)
		}
	})
}
