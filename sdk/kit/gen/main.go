// Command gen packs the libraries and templates of all languages into kit.zip. It is
// run in the folder of package kit. The same files give the same archive: they are
// sorted, not compressed, and carry no time.
package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// part is files of a library: where they lie below sdk, and what belongs to it.
type part struct{ language, into, from string }

// parts are what a kit is made of. Patterns are those of filepath.Glob; tests of the
// libraries themselves stay behind.
var parts = []part{
	{"go", "template", "template/*"},
	{"go", "direction", "*.go"},
	{"go", "direction", "go.mod"},
	{"go", "direction", "directiontest/*.go"},
	{"as", "template", "template/*"},
	{"as", "direction", "assembly/*.ts"},
	{"as", "direction", "testing/*.mjs"},
	{"as", "direction", "asconfig.json"},
	{"rust", "template", "template/*"},
	{"rust", "template", "template/src/*"},
	{"rust", "direction", "src/*.rs"},
	{"rust", "direction", "src/testing/*.rs"},
	{"rust", "direction", "Cargo.toml"},
	{"rust", "direction", "build.sh"},
	{"c", "template", "template/*"},
	{"c", "direction", "direction.h"},
	{"c", "direction", "direction/*.h"},
	{"c", "direction", "build.sh"},
	{"js", "template", "template/*"},
	{"go", "direction", "README.md"},
	{"as", "direction", "README.md"},
	{"rust", "direction", "README.md"},
	{"c", "direction", "README.md"},
	{"js", "direction", "README.md"},
}

// contract is the page on what modules and host have to do with each other, below sdk. In
// a kit it has another name, for it stands beside the page of the library.
const (
	contract      = "abi/README.md"
	contractInKit = "CONTRACT.md"
)

// beside is a link from that page to what is beside it here, and in no kit.
var beside = regexp.MustCompile(`\[([^\]]+)\]\(\.\./[a-z]+\)`)

// left tells what stays behind of a library: its own tests, and what building it left.
func left(p part, name string) bool {
	base := path.Base(name)
	return p.into == "direction" && strings.HasSuffix(base, "_test.go") || strings.HasPrefix(base, ".") || strings.HasSuffix(base, ".wasm")
}

func main() {
	archive, err := pack("..")
	if err == nil {
		err = os.WriteFile("kit.zip", archive, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// pack makes the archive from the libraries in a folder.
func pack(sdk string) ([]byte, error) {
	files, err := gather(sdk)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range names {
		w, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(files[name]); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// gather reads all files, by their names in the archive.
func gather(sdk string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, p := range parts {
		root := filepath.Join(sdk, p.language)
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(p.from)))
		if err != nil {
			return nil, err
		}
		if len(found) == 0 && p.from != "README.md" {
			return nil, fmt.Errorf("sdk/%s/%s: there is no such file", p.language, p.from)
		}
		for _, file := range found {
			info, err := os.Stat(file)
			if err != nil {
				return nil, err
			}
			name, err := filepath.Rel(root, file)
			if err != nil {
				return nil, err
			}
			name = strings.TrimPrefix(filepath.ToSlash(name), "template/")
			if info.IsDir() || left(p, name) {
				continue
			}
			if files[path.Join(p.language, p.into, name)], err = os.ReadFile(file); err != nil {
				return nil, err
			}
		}
	}
	return files, addContract(sdk, files)
}

// addContract puts the page on the contract into all kits, and has theirs lead to it.
func addContract(sdk string, files map[string][]byte) error {
	page, err := os.ReadFile(filepath.Join(sdk, filepath.FromSlash(contract)))
	if err != nil {
		return err
	}
	page = beside.ReplaceAll(page, []byte("$1"))
	for _, p := range parts {
		if p.from != "README.md" {
			continue
		}
		readme := path.Join(p.language, p.into, p.from)
		files[readme] = bytes.ReplaceAll(files[readme], []byte("(../"+contract+")"), []byte("("+contractInKit+")"))
		files[path.Join(p.language, p.into, contractInKit)] = page
	}
	return nil
}
