// Package kit holds what a folder for a new direction is made of, for every language:
// the library as it stands beside this package, and a template that answers a tag. It
// is packed into an archive because the Go library is a module of its own, which
// cannot be embedded from here. Who writes the files where is decided elsewhere.
package kit

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io/fs"
	"slices"
)

//go:generate go run ./gen

//go:embed kit.zip
var packed []byte

// Languages are the languages that there is a kit for.
var Languages = []string{"go", "as", "rust", "c", "js"}

// Name is the name of the plug-in and its direction in all templates; capitalised it is
// part of other names.
const Name = "newdirection"

// Open opens the kit of a language: the folder template, whose files are the author's,
// and the folder direction, which is the library.
func Open(language string) (fs.FS, error) {
	if !slices.Contains(Languages, language) {
		return nil, fmt.Errorf("kit: there is none for %q", language)
	}
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, fmt.Errorf("kit: %w", err)
	}
	return fs.Sub(archive, language)
}
