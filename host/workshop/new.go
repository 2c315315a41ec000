package workshop

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/footlight-bots/footlight/host/direction"
	"github.com/footlight-bots/footlight/sdk/kit"
)

// goModule is the file that makes a folder a module of Go. The library lies in it, so
// that no network is needed and the version is the one this host speaks.
const goModule = `module newdirection

go 1.24

require github.com/footlight-bots/footlight/sdk/go v0.0.0

replace github.com/footlight-bots/footlight/sdk/go => ./direction
`

// Languages are the languages of which there is a template.
var Languages = kit.Languages

// commands are how a plug-in is tested and built, by language. They run in its folder.
var commands = map[string][]string{
	"go":   {"go test .", "GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -ldflags='-s -w' -o newdirection.wasm ."},
	"as":   {"npm ci", "npm test"},
	"rust": {"sh direction/build.sh --test src/lib.rs", "sh direction/build.sh src/lib.rs newdirection.wasm"},
	"c":    {"sh direction/build.sh --test newdirection_test.c", "sh direction/build.sh newdirection.c newdirection.wasm"},
}

// Commands are how a plug-in of a language is tested and built, in its folder. There are
// none for JavaScript.
func Commands(language, name string) []string {
	out := make([]string, len(commands[language]))
	for i, line := range commands[language] {
		out[i] = strings.ReplaceAll(line, kit.Name, name)
	}
	return out
}

// New makes the folder of a new plug-in, whose name is the last element of the folder.
// It writes nothing when there is anything in the folder already.
func New(folder, language string) error {
	name := filepath.Base(filepath.Clean(folder))
	if err := direction.CheckName(name); err != nil {
		return err
	}
	files, err := kit.Open(language)
	if err != nil {
		return fmt.Errorf("language %q is not known; write %s", language, strings.Join(Languages, ", "))
	}
	if old, err := os.ReadDir(folder); err == nil && len(old) > 0 {
		return fmt.Errorf("there is something in %s already", folder)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := copyTemplate(folder, name, files); err != nil {
		return err
	}
	if language == "go" {
		if err := write(folder, "go.mod", named(goModule, name), 0o644); err != nil {
			return err
		}
	}
	if err := write(folder, "cases.json", named(startCases, name), 0o644); err != nil {
		return err
	}
	return copyLibrary(folder, files)
}

// startCases are the first cases of every template: they all answer the same.
const startCases = `[
  {"name": "greets", "tag": "<newdirection>", "expect": {"text": "Hello, you!"}},
  {"name": "greets somebody", "tag": "<newdirection to='Ann Bo' times=2>",
   "expect": {"text": "Hello, hello, Ann Bo!", "log": ["info: greeted Ann Bo"]}}
]
`

// copyTemplate writes the files that are the author's, under the new name.
func copyTemplate(folder, name string, files fs.FS) error {
	return each(files, "template", func(file string, data []byte) error {
		file = strings.ReplaceAll(file, kit.Name, name)
		return write(folder, file, named(string(data), name), 0o644)
	})
}

// copyLibrary writes the library. A language that needs none has only a page to read.
func copyLibrary(folder string, files fs.FS) error {
	return each(files, "direction", func(file string, data []byte) error {
		mode := fs.FileMode(0o644)
		if path.Ext(file) == ".sh" {
			mode = 0o755
		}
		return write(folder, path.Join("direction", file), string(data), mode)
	})
}

// each calls do for the files below a folder of a kit, if it is there.
func each(files fs.FS, root string, do func(file string, data []byte) error) error {
	err := fs.WalkDir(files, root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, file)
		if err != nil {
			return err
		}
		return do(strings.TrimPrefix(file, root+"/"), data)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func write(folder, file, text string, mode fs.FileMode) error {
	file = filepath.Join(folder, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), mode)
}

// named puts the name of a plug-in in the place of the template's, also where it is part
// of the name of something in a program.
func named(text, name string) string {
	upper := strings.ToUpper(kit.Name[:1]) + kit.Name[1:]
	return strings.NewReplacer(upper, camel(name), kit.Name, name).Replace(text)
}

// camel writes a name as programs do: table-lamp is TableLamp.
func camel(name string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' }) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
