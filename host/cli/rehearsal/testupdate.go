package rehearsal

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/dialogue/chat"
)

// rewritten is a file of tests as it would be.
type rewritten struct {
	path    string
	text    string
	changes []chat.Change
}

// update writes down what the bots say now: it shows the difference, asks, and then
// changes the files.
func (t *Tester) update(all []tested) error {
	var files []rewritten
	changes := 0
	for _, one := range all {
		list, err := rewrite(one)
		if err != nil {
			return err
		}
		for _, file := range list {
			changes += len(file.changes)
			t.show(file)
		}
		files = append(files, list...)
	}
	if changes == 0 {
		_, err := fmt.Fprintln(t.env.Out, "nothing to update: the bot says what the tests expect")
		return err
	}
	if !t.options.yes && !t.confirm(fmt.Sprintf("write %s to %s? [y/N] ", shell.Count(changes, "change"), shell.Count(len(files), "file"))) {
		return shell.Finding("nothing was written")
	}
	for _, file := range files {
		info, err := os.Stat(file.path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file.path, []byte(file.text), info.Mode().Perm()); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(t.env.Out, "%s written\n", shell.Count(changes, "change"))
	return err
}

// rewrite makes the edits of a bot's tests.
func rewrite(one tested) ([]rewritten, error) {
	edits := map[string][]chat.Edits{}
	var order []string
	for _, o := range one.outcomes {
		if len(o.Edits) == 0 {
			continue
		}
		if edits[o.File] == nil {
			order = append(order, o.File)
		}
		edits[o.File] = append(edits[o.File], o.Edits)
	}
	var files []rewritten
	for _, name := range order {
		path := filepath.Join(one.dir, filepath.FromSlash(name))
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		text := string(data)
		if strings.Count(text, "\r") != strings.Count(text, "\r\n") {
			return nil, fmt.Errorf("%s: some lines end in a bare carriage return; save the file with one kind of line ends first", path)
		}
		changed, changes := chat.Apply(text, edits[name]...)
		files = append(files, rewritten{path, changed, changes})
	}
	return files, nil
}

// show prints the difference.
func (t *Tester) show(file rewritten) {
	red, green, plain := "", "", ""
	if t.env.Colour() {
		red, green, plain = "\x1b[31m", "\x1b[32m", "\x1b[0m"
	}
	for _, c := range file.changes {
		_, _ = fmt.Fprintf(t.env.Out, "%s:%d\n", filepath.ToSlash(file.path), c.Line)
		for _, line := range c.Old {
			_, _ = fmt.Fprintf(t.env.Out, "  %s- %s%s\n", red, line, plain)
		}
		for _, line := range c.New {
			_, _ = fmt.Fprintf(t.env.Out, "  %s+ %s%s\n", green, line, plain)
		}
	}
}

// confirm asks a question at the keyboard.
func (t *Tester) confirm(question string) bool {
	_, _ = fmt.Fprint(t.env.Out, question)
	answer := bufio.NewScanner(t.env.In)
	if !answer.Scan() {
		return false
	}
	word := strings.ToLower(strings.TrimSpace(answer.Text()))
	return word == "y" || word == "yes"
}
