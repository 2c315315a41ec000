package syntax_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// sound checks what holds for every document: spans stay inside the file, and
// every diagnostic has a code of the registry and a message.
func sound(t interface{ Fatalf(string, ...any) }, content []byte) {
	file := source.New("default.topic", content)
	doc, found := syntax.Parse(file)
	inside := func(s source.Span) {
		if s.File != file || s.Start < 0 || s.Start > s.End || s.End > len(file.Text) {
			t.Fatalf("span %d to %d of %d", s.Start, s.End, len(file.Text))
		}
	}
	for _, d := range found {
		inside(d.Span)
		if _, known := diag.Lookup(string(d.Code)); !known || d.Message == "" {
			t.Fatalf("diagnostic %q says %q", d.Code, d.Message)
		}
		if d.Suggestion != nil {
			inside(d.Suggestion.Span)
		}
	}
	var template func(*syntax.Template)
	nodes := func(list []syntax.Node) {
		for _, n := range list {
			inside(n.Span)
			for _, ts := range [][]*syntax.Template{n.Args, n.Blocks} {
				for _, sub := range ts {
					template(sub)
				}
			}
		}
	}
	template = func(tm *syntax.Template) {
		if tm != nil {
			inside(tm.Span)
			nodes(tm.Nodes)
		}
	}
	for _, b := range doc.Blocks {
		for _, trigger := range append(b.Triggers, doc.Broken...) {
			inside(trigger.Span)
			template(trigger.Alias)
			for _, r := range trigger.Replies {
				template(r.Template)
			}
			for _, c := range trigger.Conditions {
				template(c.Left)
				template(c.Right)
				template(c.Reply)
			}
			elements(trigger.Pattern.Elements, inside)
		}
	}
}

func elements(list []syntax.Element, inside func(source.Span)) {
	for _, e := range list {
		inside(e.Span)
		for _, a := range e.Alternatives {
			elements(a, inside)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for chunk := range strings.SplitSeq(string(content), "\n=== ") {
			f.Add([]byte(chunk))
		}
	}
	f.Fuzz(func(t *testing.T, content []byte) { sound(t, content) })
}

// TestAnyPiecesParse puts documents together from what the grammar is made of.
func TestAnyPiecesParse(t *testing.T) {
	pieces := []string{
		"\n+ ", "\n- ", "\n* ", "\n% ", "\n@ ", "\n$ GET ", "\n^ ", "\n^buttons(", "\n> topic a ", "\n< topic", "\n> begin", "\n! array x = ",
		"\n// allow W105 ", "\n/* ", "*/", " // ", "a", " ", "b c", "é", "🍵", "(", ")", "[", "]", "|", "*", "#", "_", "@x", "(@x)", "\\", "\\s", "\\n",
		"<get ", "<set x=", ">", "<star>", "{random}", "{/random}", "{formal}", "{/formal}", "{topic=", "}", "{@ ", "<call>", "</call>", "<raw>", "</raw>",
		"<x y='", "'", "\"", "^template({", "^image(", ",", "${{", "}}", " == ", " => ", "{weight=3}", "{weight=", "<delay seconds=", "<b>", "</b>", "\xff",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 40).Draw(t, "pieces") {
			text += p
		}
		sound(t, []byte(text))
	})
}
