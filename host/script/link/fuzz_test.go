package link_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// wellFormed checks what the compiler relies on: every name in a program is
// resolved, whatever the documents held.
func wellFormed(t interface{ Fatalf(string, ...any) }, p *link.Program) {
	topics := map[string]bool{}
	for _, topic := range p.Topics {
		topics[topic.Name] = true
	}
	order := map[int]bool{}
	all := p.Topics
	if p.Begin != nil {
		all = append(all[:len(all):len(all)], p.Begin)
	}
	for _, topic := range all {
		for _, name := range append(append([]string(nil), topic.Includes...), topic.Inherits...) {
			if !topics[name] {
				t.Fatalf("topic %q leads to %q, which does not exist", topic.Name, name)
			}
		}
		for _, trigger := range topic.Triggers {
			if order[trigger.Order] {
				t.Fatalf("two triggers have the order %d", trigger.Order)
			}
			order[trigger.Order] = true
			if trigger.Alias != nil && len(trigger.Replies)+len(trigger.Conditions) > 0 {
				t.Fatalf("%q has answers beside its alias", trigger.Text)
			}
			checkElements(t, p, trigger.Pattern.Elements)
			checkTemplate(t, p, topics, trigger.Alias)
			for _, r := range trigger.Replies {
				if r.Weight == 0 {
					t.Fatalf("a reply of %q has no weight", trigger.Text)
				}
				checkTemplate(t, p, topics, r.Template)
			}
			for _, c := range trigger.Conditions {
				checkTemplate(t, p, topics, c.Left)
				checkTemplate(t, p, topics, c.Right)
				checkTemplate(t, p, topics, c.Reply)
			}
		}
	}
	for name, a := range p.Arrays {
		if len(a.Entries) != len(a.Templates) {
			t.Fatalf("array %s has %d entries and %d templates", name, len(a.Entries), len(a.Templates))
		}
		for _, template := range a.Templates {
			checkTemplate(t, p, topics, template)
		}
	}
}

func checkElements(t interface{ Fatalf(string, ...any) }, p *link.Program, list []syntax.Element) {
	if len(list) == 0 {
		t.Fatalf("a pattern or alternative is empty")
	}
	for _, e := range list {
		if e.Kind == syntax.ArrayRef && p.Arrays[e.Text] == nil {
			t.Fatalf("a pattern names array %q, which does not exist", e.Text)
		}
		for _, a := range e.Alternatives {
			checkElements(t, p, a)
		}
	}
}

func checkTemplate(t interface{ Fatalf(string, ...any) }, p *link.Program, topics map[string]bool, template *syntax.Template) {
	if template == nil {
		return
	}
	for i, n := range template.Nodes {
		switch n.Kind {
		case syntax.TextNode:
			if i > 0 && template.Nodes[i-1].Kind == syntax.TextNode {
				t.Fatalf("two texts stand side by side: %q, %q", template.Nodes[i-1].Text, n.Text)
			}
		case syntax.TopicNode:
			if name, literal := n.Args[0].Literal(); literal && !topics[name] {
				t.Fatalf("a reply switches to topic %q, which does not exist", name)
			}
		case syntax.ArrayNode:
			if p.Arrays[n.Text] == nil {
				t.Fatalf("a reply names array %q, which does not exist", n.Text)
			}
		case syntax.DirectionNode:
			if !strings.HasSuffix(n.Name, "cart") && !strings.HasSuffix(n.Name, "shout") && !strings.HasSuffix(n.Name, "weather") && !strings.HasSuffix(n.Name, "tide") {
				t.Fatalf("nobody offers <%s>", n.Name)
			}
		case syntax.GetNode:
			if len(n.Args) != 1 || len(n.Args[0].Nodes) == 0 {
				t.Fatalf("a tag reads no variable")
			}
		case syntax.SetNode, syntax.MathNode:
			if len(n.Args) != 2 {
				t.Fatalf("a tag sets %d things", len(n.Args))
			}
		case syntax.RandomNode, syntax.FormatNode:
			if len(n.Blocks) == 0 {
				t.Fatalf("a block has no content")
			}
		}
		for _, list := range [][]*syntax.Template{n.Args, n.Blocks} {
			for _, sub := range list {
				checkTemplate(t, p, topics, sub)
			}
		}
	}
}

func FuzzLink(f *testing.F) {
	for _, pattern := range []string{"testdata/*.txt", "../syntax/testdata/*.txt"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			for chunk := range strings.SplitSeq(string(content), "\n=== ") {
				f.Add(chunk, true)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string, dexter bool) {
		s := link.Settings{Dialect: link.RiveScript}
		if dexter {
			s.Dialect = link.Dexter
		}
		p, found := build(documents(text), s, installed...)
		wellFormed(t, p)
		for _, d := range found {
			if d.Message == "" || d.Span.IsZero() {
				t.Fatalf("%s says %q nowhere", d.Code, d.Message)
			}
		}
	})
}

// TestAnyBotIsWellFormed links bots put together from lines that lead to each other.
func TestAnyBotIsWellFormed(t *testing.T) {
	lines := []string{
		"+ a", "+ b (@x|@q)", "+ *", "+ a", "% a", "- {topic=t} {@ a}", "- (@x) (@nope) <wether x=(@x)>", "* <get n> == 1 => {topic=gone}<tide>",
		"@ b", "@ nowhere", "! array x = a @y @z", "! array y = b @x", "! array x = <undef>", "> topic t includes u", "> topic u inherits t default",
		"< topic", "> begin", "< begin", "- {ok}", "+ request", "> topic __bad", "- <shout>{topic=u}</shout> <cart add=x>z</cart>", "- <set topic=U><add x=1>",
		"-- quiz.topic --", "-- lib.rive --", "-- no name.topic --", "- ^buttons({topic=t}, (@nope), <foo>)", "- ^metadata({\"a\":\"{topic=nope}\"})",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(lines), 0, 30).Draw(t, "lines"), "\n") + "\n"
		p, _ := build(documents(text), link.Settings{}, installed...)
		wellFormed(t, p)
	})
}

// TestLargeBot: the checks that look at everything stay quick for a bot of
// many thousand triggers that lead to each other.
func TestLargeBot(t *testing.T) {
	const triggers = 6000
	var b strings.Builder
	for i := range triggers {
		fmt.Fprintf(&b, "+ [*] word%d (now|later) [*]\n- x {@ exact %d} <get v%d>\n+ exact %d\n@ so word%d now\n", i, i, i%50, i, i+1)
	}
	began := time.Now()
	_, found := build(documents(b.String()), link.Settings{})
	t.Logf("%d triggers, %d diagnostics: %v", 2*triggers, len(found), time.Since(began))
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}

func BenchmarkBuild(b *testing.B) {
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, "+ [*] word%d (now|later) [*]\n- Hello <get name>, {random}a|b{/random} number %d. <send> ^buttons(Yes, No) {topic=default}\n", i, i)
	}
	files := link.Files(documents(text.String()))
	b.ReportAllocs()
	for b.Loop() {
		link.BuildFiles(files, link.Settings{}, nil)
	}
}
