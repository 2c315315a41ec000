package bot

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/footlight-bots/footlight/host/direction"
)

// State is what became of something from one version to the other.
type State string

// The states.
const (
	Added   State = "added"
	Removed State = "removed"
	Changed State = "changed"
)

// Sign is "+", "-" or "~".
func (s State) Sign() string {
	switch s {
	case Added:
		return "+"
	case Removed:
		return "-"
	}
	return "~"
}

// Change is something that is different between two versions.
type Change struct {
	State  State
	Name   string
	Detail string // in what; empty: it is not known
}

// Report tells what is different between two versions, in names that authors use.
type Report struct {
	Added, Removed []string      // topics; people who stand in one that is gone go on in the root topic (L-TOP-4)
	Changed        []TopicChange // topics that stayed
	Edited         []string      // files, bot.toml included, that were there before
	Beyond         []string      // documents in which more than triggers and macros is different: definitions, the begin block
	Macros         []Change      // by name
	Plugins        []Change      // by name
	Settings       []Change      // of bot.toml, by key, as in page.menu
	Material       []Change      // pictures and other files beside the scripts, by path
	Backstage      []Change      // files that people never meet: conversation tests, sources of plug-ins
	Triggers       int           // in the new version
	First          bool          // there was no version before
}

// compare finds what is different between two generations; before may be nil.
func compare(before, after *Generation) Report {
	if before == nil {
		return Report{Triggers: after.Program.Triggers.Len(), First: true}
	}
	r := Compare(before.contents(), after.contents())
	r.Plugins = comparePlugins(before.Plugins.List(), after.Plugins.List())
	return r
}

// Compare finds what is different between two versions.
func Compare(before, after *Contents) Report {
	r := Report{
		Added: missing(after.topics, before.topics), Removed: missing(before.topics, after.topics),
		Changed: compareTriggers(before, after), Triggers: len(after.triggers),
		Macros: changes(before.macros, after.macros), Plugins: changes(before.plugins(), after.plugins()), Settings: changes(before.keys, after.keys),
	}
	for _, file := range slices.Sorted(maps.Keys(after.texts)) {
		old, had := before.texts[file]
		if had && old != after.texts[file] {
			r.Edited = append(r.Edited, file)
		}
		if beyond(old) != beyond(after.texts[file]) {
			r.Beyond = append(r.Beyond, file)
		}
	}
	for _, file := range missing(slices.Collect(maps.Keys(before.texts)), slices.Collect(maps.Keys(after.texts))) {
		if beyond(before.texts[file]) != "" {
			r.Beyond = append(r.Beyond, file)
		}
	}
	if len(r.Settings) > 0 || (before.keys == nil) != (after.keys == nil) {
		r.Edited = append(r.Edited, SettingsFile)
	}
	for _, c := range changes(before.imprint, after.imprint) {
		switch {
		case material(c.Name):
			r.Material = append(r.Material, c)
		case !played(c.Name):
			r.Backstage = append(r.Backstage, c)
		}
	}
	return r
}

// changes tells which values came, went or are others, by name.
func changes(before, after map[string]string) []Change {
	var list []Change
	for name, value := range after {
		switch old, had := before[name]; {
		case !had:
			list = append(list, Change{State: Added, Name: name})
		case old != value:
			list = append(list, Change{State: Changed, Name: name})
		}
	}
	for name := range before {
		if _, stays := after[name]; !stays {
			list = append(list, Change{State: Removed, Name: name})
		}
	}
	slices.SortFunc(list, func(a, b Change) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// comparePlugins is changes of plug-ins, and in what they are others.
func comparePlugins(before, after []*direction.Plugin) []Change {
	var list []Change
	was := map[string]*direction.Plugin{}
	for _, p := range before {
		was[p.Name] = p
	}
	for _, p := range after {
		old := was[p.Name]
		delete(was, p.Name)
		switch {
		case old == nil:
			list = append(list, Change{Added, p.Name, ""})
		case old.Manifest.Version != p.Manifest.Version:
			list = append(list, Change{Changed, p.Name, old.Manifest.Version + " → " + p.Manifest.Version})
		case !reflect.DeepEqual(old.Manifest, p.Manifest):
			list = append(list, Change{Changed, p.Name, "(manifest)"})
		case old.Sum != p.Sum:
			list = append(list, Change{Changed, p.Name, ""})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		list = append(list, Change{Removed, name, ""})
	}
	return list
}

// missing are those that others lack, by name.
func missing(names, others []string) []string {
	var list []string
	for _, name := range names {
		if !slices.Contains(others, name) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

// beyond is what a document says beside its triggers and macros: its definitions and the begin block, without blank
// lines and comments, and without what only says where a topic begins and ends.
func beyond(text string) string {
	var out strings.Builder
	trigger, inside := false, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		words := append(strings.Fields(strings.TrimLeft(line, "><")), "")
		switch {
		case line == "" || strings.HasPrefix(line, "//"):
			continue
		case inside != "":
			object := inside == "object"
			if line[0] == '<' && words[0] == inside {
				inside = ""
			}
			if object {
				continue
			}
		case line[0] == '>' && (words[0] == "object" || words[0] == "begin"):
			trigger, inside = false, words[0]
		case line[0] == '<' || line[0] == '>' && len(words) == 3: // "> topic shop", which includes and inherits nothing
			trigger = false
			continue
		case line[0] == '>' || line[0] == '!':
			trigger = false
		case line[0] == '+':
			trigger = true
		}
		if !trigger && inside != "object" {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}

// Quiet tells whether people would notice none of what is different.
func (r Report) Quiet() bool {
	return len(r.Added)+len(r.Removed)+len(r.Changed)+len(r.Beyond)+len(r.Macros)+len(r.Plugins)+len(r.Settings)+len(r.Material) == 0
}

// Lines are the report, a line for each topic, document with other definitions, macro, plug-in,
// setting and file beside the scripts: "+ topic shop".
func (r Report) Lines() []string {
	var words []string
	for _, part := range []struct {
		state  State
		topics []string
	}{{Added, r.Added}, {Removed, r.Removed}} {
		for _, topic := range part.topics {
			words = append(words, part.state.Sign()+" topic "+topic)
		}
	}
	for _, topic := range r.Changed {
		words = append(words, topic.String())
	}
	for _, file := range r.Beyond {
		words = append(words, Changed.Sign()+" "+file+" (definitions)")
	}
	for _, part := range []struct {
		kind string
		list []Change
	}{{"macro ", r.Macros}, {"plug-in ", r.Plugins}, {"setting ", r.Settings}, {"", r.Material}} {
		for _, c := range part.list {
			words = append(words, strings.TrimSpace(c.State.Sign()+" "+part.kind+c.Name+" "+c.Detail))
		}
	}
	return words
}

// String is the report in one line: "+ topic shop  ~ topic quiz (+2 ~1 triggers)  ~ plug-in weather", or the
// files that were edited when all triggers are as they were. Of the first version it is how many triggers there are.
func (r Report) String() string {
	words := r.Lines()
	if len(words) == 0 {
		for _, file := range r.Edited {
			words = append(words, Changed.Sign()+" "+file)
		}
	}
	switch {
	case len(words) > 0:
		return strings.Join(words, "  ")
	case r.First:
		return fmt.Sprintf("%d triggers", r.Triggers)
	}
	return "nothing is different"
}
