package link_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/link"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The golden files hold chunks: a title behind "=== ", the documents of a bot
// ("-- path --" begins one), "---", and what authors are told of it.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no golden files", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { golden(t, file) })
	}
}

func golden(t *testing.T, file string) {
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, chunk := range strings.Split("\n"+string(content), "\n=== ")[1:] {
		title, rest, _ := strings.Cut(chunk, "\n")
		input, want, _ := strings.Cut(rest, "\n---\n")
		want = strings.TrimRight(want, "\n")
		got := told(t, title, input+"\n")
		fmt.Fprintf(&out, "=== %s\n%s\n---\n%s\n\n", title, input, got)
		t.Run(title, func(t *testing.T) {
			if got != want && !*update {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.TrimRight(out.String(), "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// told is what authors are told of a bot; that a bot of a few lines lacks an
// answer to everything goes without saying.
func told(t *testing.T, title, text string) string {
	contents := documents(text)
	s := link.Settings{Silenced: []string{"no-catch-all"}}
	if strings.Contains(title, "W106") {
		s.Silenced = nil
	}
	_, found := build(contents, s, installed...)
	var b strings.Builder
	if err := diag.WriteText(&b, found, diag.TextOptions{Files: len(contents)}); err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(b.String(), "\n")
}

// installed are the directions that the bots of the tests have.
var installed = []link.Direction{
	{Plugin: "shop", Name: "cart", Parameters: []link.Parameter{
		{Name: "add", Kind: "integer", Min: number(1), Max: number(9)},
		{Name: "colour", Kind: "choice", Choices: []string{"red", "blue"}},
		{Name: "fast", Kind: "boolean"},
		{Name: "link", Kind: "url"},
		{Name: "price", Kind: "number"},
	}},
	{Plugin: "shop", Name: "shout", Block: true},
	{Plugin: "sky", Name: "weather", Parameters: []link.Parameter{{Name: "city", Kind: "text", Required: true}}},
	{Plugin: "sea", Name: "tide"},
	{Plugin: "moon", Name: "tide"},
}

func number(n float64) *float64 { return &n }

// dumpProgram writes the outline of a program.
func dumpProgram(p *link.Program) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", p.Dialect)
	pairs := func(kind string, list []link.Pair) {
		for _, pair := range list {
			fmt.Fprintf(&b, "%s %s = %q\n", kind, pair.Name, pair.Value)
		}
	}
	pairs("var", p.BotVars)
	pairs("env", p.Env)
	pairs("sub", p.Subs)
	pairs("person", p.Person)
	var names []string
	for name := range p.Arrays {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&b, "array %s %q\n", name, p.Arrays[name].Entries)
	}
	for _, o := range p.Objects {
		fmt.Fprintf(&b, "object %s %s\n", o.Name, o.Language)
	}
	topics := p.Topics
	if p.Begin != nil {
		topics = append(topics[:len(topics):len(topics)], p.Begin)
	}
	for _, t := range topics {
		fmt.Fprintf(&b, "topic %s includes %v inherits %v:", t.Name, t.Includes, t.Inherits)
		for _, trigger := range t.Triggers {
			fmt.Fprintf(&b, " %d(%s)", trigger.Order, trigger.Text)
		}
		b.WriteString("\n")
	}
	return b.String()
}
