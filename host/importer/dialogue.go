package importer

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// dialogue is a talk that somebody kept.
type dialogue struct {
	path  string
	turns []turn
}

// turn is what was said in a talk.
type turn struct {
	bot  bool
	text string
}

// speaker is the beginning of a line of a talk: "You> hello", "Bot: Hi!".
var speaker = regexp.MustCompile(`(?i)^\s*(you|user|human|me|person|bot|robot)\s*[>:]\s*(.*)$`)

// readDialogue reads a text in which nobody speaks but a person and a bot.
func readDialogue(p string, lines []string) (dialogue, bool) {
	d := dialogue{path: p}
	answers := 0
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		m := speaker.FindStringSubmatch(line)
		if m == nil {
			return d, false
		}
		who := strings.ToLower(m[1])
		t := turn{who == "bot" || who == "robot", strings.TrimSpace(m[2])}
		if t.text == "" {
			continue
		}
		if t.bot {
			answers++
		}
		d.turns = append(d.turns, t)
	}
	return d, answers > 0 && answers < len(d.turns)
}

// talks writes the dialogues as tests.
func (im *importer) talks() {
	for _, d := range im.dialogues {
		name := strings.TrimSuffix(path.Base(d.path), path.Ext(d.path))
		var b strings.Builder
		fmt.Fprintf(&b, "test %q\n", name)
		for _, t := range d.turns {
			sign := ">= "
			if t.bot {
				sign = "<= "
			}
			b.WriteString("  " + sign + strings.ReplaceAll(t.text, `\`, `\\`) + "\n")
		}
		target := visible(path.Dir(d.path)+"/") + strings.TrimLeft(name, "_.") + ".chat"
		target = path.Clean(target)
		if _, taken := im.result.Files[target]; taken {
			im.leave(d.path, "a dialogue, but "+target+" is there already")
			continue
		}
		im.take(d.path, target, []byte(b.String()))
		im.result.Tests++
	}
}
