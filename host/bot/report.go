package bot

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/direction"
)

// Report tells what a swap changed, in names that authors use.
type Report struct {
	Added, Removed, Changed []string // topics, by their triggers
	Edited                  []string // files, bot.toml included, that were there before
	Plugins                 []string // what became of plug-ins, such as "+ plug-in weather"
	Triggers                int      // in the new version
}

// compare finds what is different between two generations; before may be nil.
func compare(before, after *Generation) Report {
	r := Report{Triggers: after.Program.Triggers.Len()}
	if before == nil {
		return r
	}
	was, is := triggersOf(before), triggersOf(after)
	for _, topic := range slices.Sorted(maps.Keys(is)) {
		if _, old := was[topic]; !old {
			r.Added = append(r.Added, topic)
		} else if was[topic] != is[topic] {
			r.Changed = append(r.Changed, topic)
		}
	}
	for _, topic := range slices.Sorted(maps.Keys(was)) {
		if _, still := is[topic]; !still {
			r.Removed = append(r.Removed, topic)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(after.files)) {
		if old, had := before.files[file]; had && old != after.files[file] {
			r.Edited = append(r.Edited, file)
		}
	}
	if !reflect.DeepEqual(before.Settings, after.Settings) {
		r.Edited = append(r.Edited, SettingsFile)
	}
	r.Plugins = comparePlugins(before.Plugins.List(), after.Plugins.List())
	return r
}

// comparePlugins tells which plug-ins came, went, or are others than before, and in what.
func comparePlugins(before, after []*direction.Plugin) []string {
	var words []string
	was := map[string]*direction.Plugin{}
	for _, p := range before {
		was[p.Name] = p
	}
	for _, p := range after {
		old := was[p.Name]
		delete(was, p.Name)
		switch {
		case old == nil:
			words = append(words, "+ plug-in "+p.Name)
		case old.Manifest.Version != p.Manifest.Version:
			words = append(words, "~ plug-in "+p.Name+" "+old.Manifest.Version+" → "+p.Manifest.Version)
		case !reflect.DeepEqual(old.Manifest, p.Manifest):
			words = append(words, "~ plug-in "+p.Name+" (manifest)")
		case old.Sum != p.Sum:
			words = append(words, "~ plug-in "+p.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		words = append(words, "- plug-in "+name)
	}
	return words
}

// triggersOf is a hash of the triggers of each topic.
func triggersOf(g *Generation) map[string][sha256.Size]byte {
	texts := make([]hash.Hash, len(g.Program.Topics))
	for i := range texts {
		texts[i] = sha256.New()
	}
	end := []byte("\n")
	for topic, text := range g.Program.Triggers.Texts() {
		if topic >= 0 && topic < len(texts) {
			_, _ = texts[topic].Write(text) // a hash takes everything
			_, _ = texts[topic].Write(end)
		}
	}
	topics := make(map[string][sha256.Size]byte, len(texts))
	for i, name := range g.Program.Topics {
		topics[name] = [sha256.Size]byte(texts[i].Sum(nil))
	}
	return topics
}

// String is the report in one line: "+ topic shop  ~ topic quiz  ~ plug-in weather", or the files that
// were edited when all triggers are as they were.
func (r Report) String() string {
	var words []string
	for _, part := range []struct {
		sign   string
		topics []string
	}{{"+", r.Added}, {"-", r.Removed}, {"~", r.Changed}} {
		for _, topic := range part.topics {
			words = append(words, part.sign+" topic "+topic)
		}
	}
	words = append(words, r.Plugins...)
	if len(words) == 0 {
		for _, file := range r.Edited {
			words = append(words, "~ "+file)
		}
	}
	if len(words) == 0 {
		return fmt.Sprintf("%d triggers", r.Triggers)
	}
	return strings.Join(words, "  ")
}
