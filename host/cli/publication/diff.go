package publication

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/cli/rehearsal"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/dialogue/chat"
	"github.com/footlight-bots/footlight/host/release"
)

// NewDiff is footlight diff.
func NewDiff(env shell.Environment) *cobra.Command {
	p := newPublisher(env)
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "what two versions differ in: files, and what the bot says",
		Long: `A and B are published versions, by number or the beginning of their id, or folders. Shows
the lines of files that differ, and plays the conversation tests of B on both to show
where the bot answers something else.`,
		Example: "  footlight diff 11 12\n  footlight diff 12 scripts/tea",
		Args:    shell.ExactlyTwo,
	}
	p.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c := comparison{press: p}
		defer c.close()
		for i, arg := range args {
			if err := c.open(cmd.Context(), i, arg); err != nil {
				return fmt.Errorf("diff: %w", err)
			}
		}
		if err := c.files(); err != nil {
			return fmt.Errorf("diff: %w", err)
		}
		if err := c.talks(cmd.Context()); err != nil {
			return fmt.Errorf("diff: %w", err)
		}
		if asJSON {
			return json.NewEncoder(env.Out).Encode(c.found)
		}
		c.write()
		return nil
	}
	return cmd
}

// comparison is two versions of a bot side by side.
type comparison struct {
	press *publisher
	dirs  [2]fs.FS
	names [2]string
	found differences
}

// differences is what a comparison finds.
type differences struct {
	Changes []string         `json:"changes"` // in names that authors use
	Files   []fileDifference `json:"files"`
	Talks   []talkDifference `json:"talks"`
	Tests   int              `json:"tests"` // talks that were played on both
}

type fileDifference struct {
	Path  string `json:"path"`
	State string `json:"state"`          // added, removed, changed
	Diff  string `json:"diff,omitempty"` // of texts, unified
}

type talkDifference struct {
	Test string   `json:"test"`
	Line int      `json:"line"`
	Said string   `json:"said"`
	A    []string `json:"a"`
	B    []string `json:"b"`
}

// open finds a version: a folder, or one that is published.
func (c *comparison) open(ctx context.Context, i int, arg string) error {
	c.names[i] = arg
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		c.dirs[i], err = bot.Folder(arg)
		return err
	}
	p := c.press
	if p.papers == nil {
		if err := p.open(ctx, ""); err != nil {
			return err
		}
	}
	v, err := p.ledger.Find(ctx, arg)
	if err != nil {
		return fmt.Errorf("%w; and there is no folder %s", err, arg)
	}
	// Nothing of it is put on stage here: who has signed it is told, and not judged.
	b, err := p.ledger.Bundle(ctx, v.ID, release.Publishers{v.Key})
	if err != nil {
		return err
	}
	c.dirs[i], c.names[i] = b.Dir, fmt.Sprintf("version %d", v.Number)
	return nil
}

func (c *comparison) close() {
	if c.press.papers != nil {
		_ = c.press.papers.Close() // nothing was written
	}
}

// files compares the files of both.
func (c *comparison) files() error {
	var lists [2]map[string]string
	var contents [2]*bot.Contents
	for i, dir := range c.dirs {
		var err error
		if contents[i], err = new(bot.Reader).Read(dir, c.press.clock.Now()); err != nil {
			return err
		}
		m, err := release.Pack("", dir, c.press.clock.Now(), "")
		if err != nil {
			return err
		}
		lists[i] = map[string]string{}
		for _, f := range m.Files {
			lists[i][f.Path] = f.Sum
		}
	}
	c.found.Changes = bot.Compare(contents[0], contents[1]).Lines()
	paths := map[string]bool{}
	for _, list := range lists {
		for path := range list {
			paths[path] = true
		}
	}
	for _, path := range sorted(paths) {
		a, inA := lists[0][path]
		b, inB := lists[1][path]
		if a == b {
			continue
		}
		d := fileDifference{Path: path, State: "changed"}
		switch {
		case !inA:
			d.State = "added"
		case !inB:
			d.State = "removed"
		}
		var texts [2][]byte
		for i, dir := range c.dirs {
			if _, there := lists[i][path]; there {
				var err error
				if texts[i], err = fs.ReadFile(dir, path); err != nil {
					return err
				}
			}
		}
		if utf8.Valid(texts[0]) && utf8.Valid(texts[1]) {
			d.Diff = string(diff.Diff("a/"+path, texts[0], "b/"+path, texts[1]))
		}
		c.found.Files = append(c.found.Files, d)
	}
	return nil
}

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for item := range set {
		list = append(list, item)
	}
	slices.Sort(list)
	return list
}

// talks plays the tests of the second version on both.
func (c *comparison) talks(ctx context.Context) error {
	files, mistakes, err := rehearsal.ReadChats(c.dirs[1])
	if err != nil {
		return err
	}
	if len(mistakes) > 0 {
		return shell.Finding(fmt.Sprintf("%s: %s of tests cannot be read", c.names[1], shell.Count(len(mistakes), "line")))
	}
	if len(files) == 0 {
		return nil
	}
	t, end, err := rehearsal.NewTester(ctx, c.press.env, rehearsal.TestOptions{}, regexp.MustCompile(""))
	if err != nil {
		return err
	}
	defer end()
	var stages [2]chat.Stage
	for i, dir := range c.dirs {
		settings, err := bot.ReadSettings(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", c.names[i], err)
		}
		stage, end, err := t.Rig(ctx, dir, settings)
		if err != nil {
			return fmt.Errorf("%s: %w", c.names[i], err)
		}
		defer func() { _ = end() }()
		stage.Folder = c.dirs[1] // what tests name lies beside them
		stages[i] = stage
	}
	for i := range files {
		for j := range files[i].Tests {
			if err := c.talk(ctx, &stages, &files[i], &files[i].Tests[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

// talk plays one test on both.
func (c *comparison) talk(ctx context.Context, stages *[2]chat.Stage, file *chat.File, test *chat.Test) error {
	var talks [2][]chat.Exchange
	for i := range stages {
		var err error
		if talks[i], err = stages[i].Transcript(ctx, file, test); err != nil {
			return err
		}
	}
	c.found.Tests++
	for i := range max(len(talks[0]), len(talks[1])) {
		var both [2]chat.Exchange
		for n := range talks {
			if i < len(talks[n]) {
				both[n] = talks[n][i]
			}
		}
		if slices.Equal(both[0].Got, both[1].Got) {
			continue
		}
		said := both[0]
		if said.Said == "" {
			said = both[1]
		}
		c.found.Talks = append(c.found.Talks, talkDifference{
			Test: file.Path + "  " + test.Name, Line: said.Line, Said: said.Said, A: both[0].Got, B: both[1].Got,
		})
	}
	return nil
}

// write shows what was found to people.
func (c *comparison) write() {
	out := c.press.env.Out
	for _, line := range c.found.Changes {
		_, _ = fmt.Fprintln(out, shell.Harmless(line))
	}
	if len(c.found.Changes) > 0 {
		_, _ = fmt.Fprintln(out)
	}
	for _, f := range c.found.Files {
		_, _ = fmt.Fprintf(out, "%s %s\n", f.State, f.Path)
		for _, line := range strings.Split(strings.TrimSuffix(f.Diff, "\n"), "\n") {
			if line != "" && !strings.HasPrefix(line, "diff ") && !strings.HasPrefix(line, "--- ") && !strings.HasPrefix(line, "+++ ") {
				_, _ = fmt.Fprintf(out, "    %s\n", shell.Harmless(line))
			}
		}
	}
	if len(c.found.Files) == 0 {
		_, _ = fmt.Fprintf(out, "%s and %s have the same files\n", c.names[0], c.names[1])
	}
	last := ""
	for _, t := range c.found.Talks {
		if t.Test != last {
			_, _ = fmt.Fprintf(out, "\n%s\n", shell.Harmless(t.Test))
			last = t.Test
		}
		_, _ = fmt.Fprintf(out, "  line %d: %s\n", t.Line, shell.Harmless(t.Said))
		for i, list := range [2][]string{t.A, t.B} {
			if len(list) == 0 {
				list = []string{"(nothing)"}
			}
			for _, text := range list {
				_, _ = fmt.Fprintf(out, "    %c %s\n", "-+"[i], shell.Harmless(text))
			}
		}
	}
	_, _ = fmt.Fprintf(out, "\n%s, %s in %s\n", shell.Count(len(c.found.Files), "file")+" different",
		shell.Count(len(c.found.Talks), "answer")+" different", shell.Count(c.found.Tests, "conversation"))
}
