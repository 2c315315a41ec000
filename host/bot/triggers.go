package bot

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxNamed is how many triggers of a kind a report names in each topic; all are counted.
const maxNamed = 20

// Triggers are what became of some triggers of a topic in the same way.
type Triggers struct {
	Count int
	Named []string // at most maxNamed, in the order of the script
}

func (t *Triggers) add(text string) {
	if t.Count++; t.Count <= maxNamed {
		t.Named = append(t.Named, text)
	}
}

// TopicChange is a topic that both versions have, and its triggers that differ: by what they say
// or ask for, not by where they stand.
type TopicChange struct {
	Topic                   string
	Added, Removed, Changed Triggers
}

// String is "~ topic shop (+ cake)", or with counts when it is more than one trigger.
func (c TopicChange) String() string {
	var words []string
	for _, kind := range []struct {
		sign string
		list Triggers
	}{{"+", c.Added}, {"-", c.Removed}, {"~", c.Changed}} {
		switch {
		case kind.list.Count == 0:
		case c.Added.Count+c.Removed.Count+c.Changed.Count == 1:
			return fmt.Sprintf("~ topic %s (%s %s)", c.Topic, kind.sign, kind.list.Named[0])
		default:
			words = append(words, fmt.Sprintf("%s%d", kind.sign, kind.list.Count))
		}
	}
	return fmt.Sprintf("~ topic %s (%s triggers)", c.Topic, strings.Join(words, " "))
}

// block is a trigger with what it stands for: its conditions, replies and samples as written.
type block struct {
	name  blockName
	lines []string // of its file, from the one it stands on
}

// blockName is what a trigger is known by.
type blockName struct{ topic, text string }

// blocks are the triggers of contents in their order.
func (c *Contents) blocks() []block {
	files := map[string][]string{}
	list := make([]block, len(c.triggers))
	for i, t := range c.triggers {
		lines, split := files[t.file]
		if !split {
			lines = strings.Split(c.texts[t.file], "\n")
			files[t.file] = lines
		}
		list[i].name = t.blockName
		if t.line > 0 && t.line <= len(lines) {
			list[i].lines = lines[t.line-1:]
		}
	}
	return list
}

// says tells whether two triggers say the same: their lines up to the next that begins something
// else, without blank lines and comments.
func (b *block) says(o *block) bool {
	for i, j := 0, 0; ; i, j = i+1, j+1 {
		var one, other string
		one, i = saying(b.lines, i)
		other, j = saying(o.lines, j)
		if one != other {
			return false
		}
		if one == "" {
			return true
		}
	}
}

// saying is the first line that says something, from the i-th of a trigger's lines on, and its place;
// "" behind the last one.
func saying(lines []string, i int) (line string, at int) {
	for ; i < len(lines); i++ {
		line = strings.TrimSpace(lines[i])
		if i > 0 && line != "" && strings.IndexByte("+><!", line[0]) >= 0 {
			break
		}
		if line != "" && !strings.HasPrefix(line, "//") {
			return line, i
		}
	}
	return "", i
}

// compareTriggers finds what became of the triggers of topics that both versions have. Of several with
// the same text in one topic, the first is compared with the first.
func compareTriggers(before, after *Contents) []TopicChange {
	old := before.blocks()
	was := make(map[blockName]int, len(old)) // the first of a name among those that are left
	next := make([]int, len(old))            // the one behind it, or none
	const none = -1
	for i := len(old) - 1; i >= 0; i-- {
		next[i] = none
		if later, known := was[old[i].name]; known {
			next[i] = later
		}
		was[old[i].name] = i
	}
	found := map[string]*TopicChange{}
	of := func(topic string) *TopicChange {
		c := found[topic]
		if c == nil {
			c = &TopicChange{Topic: topic}
			found[topic] = c
		}
		return c
	}
	stays := make([]bool, len(old))
	for _, b := range after.blocks() {
		i, known := was[b.name]
		if !known || i == none {
			of(b.name.topic).Added.add(b.name.text)
			continue
		}
		if stays[i] = true; !old[i].says(&b) {
			of(b.name.topic).Changed.add(b.name.text)
		}
		was[b.name] = next[i]
	}
	for i, b := range old {
		if !stays[i] {
			of(b.name.topic).Removed.add(b.name.text)
		}
	}
	var list []TopicChange
	for _, topic := range slices.Sorted(maps.Keys(found)) {
		if slices.Contains(before.topics, topic) && slices.Contains(after.topics, topic) {
			list = append(list, *found[topic])
		}
	}
	return list
}
