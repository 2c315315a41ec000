// Package importer makes a bot's folder of an old project: RiveScript brains, or the
// topics of a Dexter bot. What means the same here is taken over as it is; what has
// a direct equivalent is rewritten, and every such line is reported; everything else
// is left to the build of the new folder, which says with a frame what it does not
// understand. It reads and writes no files itself. No API of the host is promised.
package importer

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/script/syntax"
)

const (
	// MaxFile is the size of the largest file that is looked at, in bytes.
	MaxFile = 16 << 20
	// MaxFiles is how many files an old project may have.
	MaxFiles = 10_000
)

// Options say how a project is read.
type Options struct {
	Name string // of the new bot
	// Dexter says that every document is a topic of its own; else the project is
	// taken for RiveScript brains.
	Dexter bool
}

// Result is a bot's folder, and what became of the project.
type Result struct {
	Files    map[string][]byte // of the new folder, by path with /
	Taken    []Taken
	Changes  []Change
	Left     []Left
	Triggers int
	Tests    int // dialogues that have become tests
}

// Taken is a file of the old project that went into one of the new bot.
type Taken struct{ Old, New string }

// Change is a line, or with line 0 a whole file, that is not what it was.
type Change struct {
	Path string // in the old project
	Line int    // from 1
	Text string
}

// Left is a file that was not taken over.
type Left struct{ Path, Why string }

// Import reads the project in old. Errors are those of reading, and projects that
// hold no script.
func Import(old fs.FS, o Options) (*Result, error) {
	im := &importer{options: o, result: &Result{Files: map[string][]byte{}}, topics: map[string]string{}}
	paths, err := list(old)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	for _, p := range paths {
		if err := im.read(old, p); err != nil {
			return nil, fmt.Errorf("import: %w", err)
		}
	}
	if len(im.documents) == 0 {
		return nil, fmt.Errorf("import: there is no script: scripts are text files (*.rive, *.rs, *.topic, *.txt) with lines that begin with + and -")
	}
	im.name()
	for _, d := range im.documents {
		im.write(d)
	}
	im.talks()
	im.settings()
	return im.result, nil
}

// list finds the files of a project; hidden ones are nobody's business.
func list(old fs.FS) ([]string, error) {
	var paths []string
	err := fs.WalkDir(old, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.Name() == "node_modules" && d.IsDir():
			return fs.SkipDir
		case d.Type().IsRegular():
			paths = append(paths, p)
		}
		if len(paths) > MaxFiles {
			return fmt.Errorf("there are more than %d files: name the folder of the scripts", MaxFiles)
		}
		return nil
	})
	slices.Sort(paths)
	return paths, err
}

// importer is one run of Import.
type importer struct {
	options   Options
	result    *Result
	documents []*document
	dialogues []dialogue
	topics    map[string]string // old names of topics that had to be changed
	settled   bool              // the project has a bot.toml of its own
	other     bool              // some pattern has letters beyond ASCII
	hosts     []string          // that requests go to
}

// document is a script of the old project.
type document struct {
	old, new string
	lines    []string
	blocks   bool // it has topics or a begin block of its own
}

// read takes one file of the project.
func (im *importer) read(old fs.FS, p string) error {
	info, err := fs.Stat(old, p)
	if err != nil {
		return err
	}
	if info.Size() > MaxFile {
		im.leave(p, fmt.Sprintf("larger than %d MiB", MaxFile>>20))
		return nil
	}
	content, err := fs.ReadFile(old, p)
	if err != nil {
		return err
	}
	switch strings.ToLower(path.Ext(p)) {
	case ".toml":
		if path.Base(p) == "bot.toml" {
			im.settled = true
			im.take(p, "bot.toml", content)
			return nil
		}
	case ".chat":
		im.take(p, p, content)
		return nil
	case ".rive", ".rs", ".topic", ".txt":
		im.text(p, content)
		return nil
	case ".js", ".mjs", ".ts", ".py", ".pl", ".go", ".java", ".rb", ".php", ".lua":
		im.leave(p, "code; what scripts call is written in JavaScript, in > object blocks")
		return nil
	case ".md":
		im.leave(p, "documentation")
		return nil
	}
	im.leave(p, "no script")
	return nil
}

// text takes a text file: a script, a dialogue, or something else.
func (im *importer) text(p string, content []byte) {
	text, encoding, ok := decode(content)
	switch {
	case !ok:
		im.leave(p, "no text")
		return
	case encoding != "":
		im.change(p, 0, "was written in "+encoding+" and is UTF-8 now")
	}
	lines := strings.Split(text, "\n")
	if d, ok := readDialogue(p, lines); ok {
		im.dialogues = append(im.dialogues, d)
		return
	}
	if !isScript(lines) {
		im.leave(p, "no script: it has no line that begins with + or ! and could be one")
		return
	}
	im.documents = append(im.documents, &document{old: p, lines: lines, blocks: hasBlocks(lines)})
}

func (im *importer) take(old, name string, content []byte) {
	im.result.Files[name] = content
	im.result.Taken = append(im.result.Taken, Taken{old, name})
}

func (im *importer) leave(p, why string) {
	im.result.Left = append(im.result.Left, Left{p, why})
}

func (im *importer) change(p string, line int, text string) {
	im.result.Changes = append(im.result.Changes, Change{p, line, text})
}

// write puts a document in the new folder.
func (im *importer) write(d *document) {
	r := &rewriter{im: im, d: d}
	text := r.rewrite()
	im.result.Triggers += r.triggers
	im.take(d.old, d.new, []byte(text))
}

// name gives all documents their new names.
func (im *importer) name() {
	used := map[string]bool{}
	for _, d := range im.documents {
		dir, base := path.Split(d.old)
		stem := strings.TrimSuffix(base, path.Ext(base))
		ext := ".rive"
		if strings.EqualFold(path.Ext(base), ".topic") || im.options.Dexter && !d.blocks {
			ext = ".topic"
			if topic := topicName(stem); topic != strings.ToLower(stem) {
				im.topics[strings.ToLower(stem)] = topic
				stem = topic
			}
		}
		dir = visible(dir)
		stem = strings.TrimLeft(stem, "_.")
		d.new = dir + stem + ext
		for n := 2; used[d.new]; n++ {
			d.new = fmt.Sprintf("%s%s-%d%s", dir, stem, n, ext)
		}
		used[d.new] = true
	}
}

// visible is a folder without the beginnings of names that would hide it (L-BOT-1).
func visible(dir string) string {
	parts := strings.Split(dir, "/")
	for i, p := range parts {
		parts[i] = strings.TrimLeft(p, "_")
	}
	return strings.Join(parts, "/")
}

// topicName makes a valid name of a topic (L-TOP-1).
func topicName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '_', r == '-':
			return r
		case r == ' ':
			return '_'
		}
		return '-'
	}, strings.ToLower(strings.TrimLeft(name, "_")))
	if !syntax.ValidTopic(name) {
		return "topic-" + name
	}
	return name
}
