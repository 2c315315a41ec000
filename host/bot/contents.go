package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/footlight-bots/footlight/host/script/link"
)

// Contents is what a version of a bot is made of, as its author speaks of it. It never changes.
type Contents struct {
	topics   []string
	triggers []spot
	texts    map[string]string // of documents, by path
	macros   map[string]string // by name
	keys     map[string]string // of bot.toml; nil: nobody can read it
	imprint  imprint
}

// spot is a trigger and where it stands.
type spot struct {
	blockName
	file string
	line int
}

// Reader reads the contents of a folder again and again. The zero Reader has read nothing. It must not be used by
// two at once.
type Reader struct {
	scout scout
	last  *Contents
}

// Read is the contents of a folder, whether or not it can be put in service: what its documents hold is no error.
// Contents that are the same as before are the same value.
func (r *Reader) Read(dir fs.FS, now time.Time) (*Contents, error) {
	found, err := r.scout.look(dir, now)
	if err != nil {
		return nil, fmt.Errorf("bot folder: %w", err)
	}
	if r.last != nil && maps.Equal(r.last.imprint, found) {
		return r.last, nil
	}
	settings, _ := ReadSettings(dir) // settings that nobody can read are those of no file
	program, _, err := link.Build(dir, settings.Link(), nil)
	if err != nil {
		return nil, fmt.Errorf("bot folder: %w", err)
	}
	c := &Contents{texts: map[string]string{}, macros: map[string]string{}, keys: readKeys(dir), imprint: found}
	for _, f := range program.Files {
		c.texts[f.Path] = f.Text
	}
	for _, o := range program.Objects {
		c.macros[o.Name] = macroText(o.Language, o.Code)
	}
	for _, topic := range program.Topics {
		c.topics = append(c.topics, topic.Name)
		for _, t := range topic.Triggers {
			c.triggers = append(c.triggers, spot{blockName{topic.Name, t.Text}, t.Span.File.Path, t.Span.Line()})
		}
	}
	r.last = c
	return c, nil
}

// contents are those of a generation.
func (g *Generation) contents() *Contents {
	c := &Contents{
		topics: g.Program.Topics, texts: g.files, keys: g.keys, imprint: g.imprint, macros: map[string]string{},
		triggers: make([]spot, 0, g.Program.Triggers.Len()),
	}
	for _, o := range g.Program.Objects {
		c.macros[o.Name] = macroText(o.Language, o.Code)
	}
	for _, t := range g.Program.Triggers.All() {
		if t.Topic >= 0 && t.Topic < len(c.topics) { // others are of the begin block
			c.triggers = append(c.triggers, spot{blockName{c.topics[t.Topic], t.Text}, g.Program.Files[t.Loc.File], t.Loc.Line})
		}
	}
	return c
}

// macroText is a macro as far as two of them can be different.
func macroText(language, code string) string { return language + "\n" + code }

// Same tells whether two contents are of the same version: all of their files are the same, also those that
// people never meet.
func (c *Contents) Same(o *Contents) bool { return maps.Equal(c.imprint, o.imprint) }

// Version names the contents as a published version of them is named.
func (c *Contents) Version() string {
	sum := sha256.New()
	for _, file := range slices.Sorted(maps.Keys(c.imprint)) {
		_, _ = fmt.Fprintf(sum, "%s\x00%s\x00", file, c.imprint[file]) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// plugins are the hashes of plug-ins, by name.
func (c *Contents) plugins() map[string]string {
	list := map[string]string{}
	for file, sum := range c.imprint {
		if isModule(file) {
			list[path.Base(path.Dir(file))] += sum
		}
	}
	return list
}

// readKeys reads the settings of bot.toml, each in a text, by the names of their tables and their own with dots
// between; nil: nobody can read it.
func readKeys(dir fs.FS) map[string]string {
	data, err := fs.ReadFile(dir, SettingsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}
	}
	var tables map[string]any
	if err != nil || toml.Unmarshal(data, &tables) != nil {
		return nil
	}
	keys := map[string]string{}
	spread(keys, "", tables)
	return keys
}

// spread puts the settings of a table among keys.
func spread(keys map[string]string, of string, table map[string]any) {
	for name, value := range table {
		if inner, ok := value.(map[string]any); ok {
			spread(keys, of+name+".", inner)
			continue
		}
		keys[of+name] = fmt.Sprintf("%#v", value)
	}
}
