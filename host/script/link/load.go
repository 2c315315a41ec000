package link

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// Skips tells whether a folder at a path, relative to the bot's folder and with /, holds
// nothing of the bot: it is hidden, or it is where npm puts the libraries of a plug-in,
// which are thousands of files.
func Skips(folder string) bool {
	base := path.Base(folder)
	return hidden(base) || base == "node_modules" && strings.HasPrefix(folder, "plugins/")
}

// IsDocument tells whether the file at a path, relative to the bot's folder and
// with /, is a document of the bot (L-BOT-1).
func IsDocument(file string) bool {
	for at, c := range file {
		if c == '/' && Skips(file[:at]) {
			return false
		}
	}
	if hidden(path.Base(file)) {
		return false
	}
	return strings.HasSuffix(file, ".topic") || strings.HasSuffix(file, ".rive")
}

func hidden(name string) bool {
	return strings.HasPrefix(name, ".") && name != "." || strings.HasPrefix(name, "_")
}

// Read takes the documents of the folder fsys, in the order of L-BOT-2. An
// error is one of reading; what the documents hold does not matter here.
func Read(fsys fs.FS) ([]*source.File, error) {
	contents, err := contents(fsys)
	if err != nil {
		return nil, err
	}
	return Files(contents), nil
}

// Walk visits the files of a bot's folder, by path: those that are not hidden (L-BOT-1), and none that an
// editor has left beside another.
func Walk(fsys fs.FS, visit func(file string, entry fs.DirEntry) error) error {
	return fs.WalkDir(fsys, ".", func(file string, entry fs.DirEntry, err error) error {
		switch name := path.Base(file); {
		case err != nil:
			return err
		case entry.IsDir() && Skips(file):
			return fs.SkipDir
		case entry.IsDir() || hidden(name) || strings.HasSuffix(name, "~") || strings.HasPrefix(name, "#"):
			return nil
		}
		return visit(file, entry)
	})
}

// contents are those of the documents of a folder, by path.
func contents(fsys fs.FS) (map[string][]byte, error) {
	contents := map[string][]byte{}
	err := Walk(fsys, func(file string, _ fs.DirEntry) error {
		if !IsDocument(file) {
			return nil
		}
		content, err := fs.ReadFile(fsys, file)
		if err != nil {
			return err
		}
		contents[file] = content
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read scripts: %w", err)
	}
	return contents, nil
}

// Files makes documents of contents by path, in the order of L-BOT-2. Paths
// that name no document are left out.
func Files(contents map[string][]byte) []*source.File {
	var files []*source.File
	for name, content := range contents {
		if IsDocument(name) {
			files = append(files, source.New(name, content))
		}
	}
	slices.SortFunc(files, func(a, b *source.File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// Build is the whole front end: it reads, parses and links the bot in fsys. The
// Program is there whatever the documents hold; only a folder that cannot be
// read is an error.
func Build(fsys fs.FS, s Settings, directions []Direction, further ...Check) (*Program, *diag.List, error) {
	return new(Memory).Build(fsys, s, directions, further...)
}

// BuildFiles parses and links documents that are already in memory and in order.
func BuildFiles(files []*source.File, s Settings, directions []Direction, further ...Check) (*Program, *diag.List) {
	parsed := make([]Parsed, len(files))
	for i, f := range files {
		parsed[i].Document, parsed[i].Diagnostics = syntax.Parse(f)
	}
	return Link(parsed, s, directions, further...)
}
