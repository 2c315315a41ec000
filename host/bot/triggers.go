package bot

import (
	"crypto/sha256"
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
	topic, text string
	sum         [sha256.Size]byte
}

// blocks are the triggers of a generation in their order.
func (g *Generation) blocks() []block {
	lines := map[string][]string{}
	list := make([]block, 0, g.Program.Triggers.Len())
	for _, t := range g.Program.Triggers.All() {
		if t.Topic < 0 || t.Topic >= len(g.Program.Topics) {
			continue // of the begin block
		}
		file := g.Program.Files[t.Loc.File]
		text, split := lines[file]
		if !split {
			text = strings.Split(g.files[file], "\n")
			lines[file] = text
		}
		list = append(list, block{g.Program.Topics[t.Topic], t.Text, sumOf(text, t.Loc.Line)})
	}
	return list
}

// sumOf is a hash of a trigger's lines: from the one it stands on to the next that begins something
// else, without blank lines and comments.
func sumOf(lines []string, from int) [sha256.Size]byte {
	sum := sha256.New()
	for i := from - 1; i >= 0 && i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if i >= from && line != "" && strings.IndexByte("+><!", line[0]) >= 0 {
			break
		}
		if line != "" && !strings.HasPrefix(line, "//") {
			_, _ = sum.Write([]byte(line + "\n")) // a hash takes everything
		}
	}
	return [sha256.Size]byte(sum.Sum(nil))
}

// compareTriggers finds what became of the triggers of topics that both versions have. Of several with
// the same text in one topic, the first is compared with the first.
func compareTriggers(before, after *Generation) []TopicChange {
	type name struct{ topic, text string }
	was := map[name][]block{}
	old := before.blocks()
	for _, b := range old {
		was[name{b.topic, b.text}] = append(was[name{b.topic, b.text}], b)
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
	for _, b := range after.blocks() {
		same := was[name{b.topic, b.text}]
		if len(same) == 0 {
			of(b.topic).Added.add(b.text)
			continue
		}
		if same[0].sum != b.sum {
			of(b.topic).Changed.add(b.text)
		}
		was[name{b.topic, b.text}] = same[1:]
	}
	for _, b := range old {
		if rest := was[name{b.topic, b.text}]; len(rest) > 0 {
			of(b.topic).Removed.add(b.text)
			was[name{b.topic, b.text}] = rest[1:]
		}
	}
	var list []TopicChange
	for _, topic := range slices.Sorted(maps.Keys(found)) {
		if slices.Contains(before.Program.Topics, topic) && slices.Contains(after.Program.Topics, topic) {
			list = append(list, *found[topic])
		}
	}
	return list
}
