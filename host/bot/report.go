package bot

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/direction"
)

// Report tells what a swap changed, in names that authors use.
type Report struct {
	Added, Removed []string      // topics; people who stand in one that is gone go on in the root topic (L-TOP-4)
	Changed        []TopicChange // topics that stayed
	Edited         []string      // files, bot.toml included, that were there before
	Plugins        []string      // what became of plug-ins, such as "+ plug-in weather"
	Triggers       int           // in the new version
}

// compare finds what is different between two generations; before may be nil.
func compare(before, after *Generation) Report {
	r := Report{Triggers: after.Program.Triggers.Len()}
	if before == nil {
		return r
	}
	r.Added = missing(after.Program.Topics, before.Program.Topics)
	r.Removed = missing(before.Program.Topics, after.Program.Topics)
	r.Changed = compareTriggers(before, after)
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

// missing are the topics that others lack, by name.
func missing(topics, others []string) []string {
	var list []string
	for _, topic := range topics {
		if !slices.Contains(others, topic) {
			list = append(list, topic)
		}
	}
	slices.Sort(list)
	return list
}

// String is the report in one line: "+ topic shop  ~ topic quiz (+2 ~1 triggers)  ~ plug-in weather", or the
// files that were edited when all triggers are as they were.
func (r Report) String() string {
	var words []string
	for _, part := range []struct {
		sign   string
		topics []string
	}{{"+", r.Added}, {"-", r.Removed}} {
		for _, topic := range part.topics {
			words = append(words, part.sign+" topic "+topic)
		}
	}
	for _, topic := range r.Changed {
		words = append(words, topic.String())
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
