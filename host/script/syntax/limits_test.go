package syntax_test

import (
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

func parse(text string) (*syntax.Document, []diag.Diagnostic) {
	return syntax.Parse(source.New("default.topic", []byte(text)))
}

func codes(found []diag.Diagnostic) string {
	var out []string
	for _, d := range found {
		out = append(out, string(d.Code))
	}
	return strings.Join(out, " ")
}

// TestLimits covers the table of section 28 as far as reading is concerned (L-LIM-1).
func TestLimits(t *testing.T) {
	nested := func(open, close string, depth int) string {
		return strings.Repeat(open, depth) + "x" + strings.Repeat(close, depth)
	}
	tests := []struct{ name, text, want string }{
		{"a pattern of the full length", "+ " + strings.Repeat("ä", syntax.MaxPattern) + "\n- x\n", ""},
		{"a pattern too long", "+ " + strings.Repeat("ä", syntax.MaxPattern) + "\n^ b\n- x\n", "E010"},
		{"groups at the limit", "+ " + nested("(", ")", syntax.MaxNesting) + "\n- x\n", ""},
		{"groups too deep", "+ " + nested("[", "]", syntax.MaxNesting+1) + "\n- x\n", "E010"},
		{"blocks at the limit", "+ a\n- " + nested("{formal}", "{/formal}", syntax.MaxNesting) + "\n", ""},
		{"tags at the limit", "+ a\n- " + nested("<get ", ">", syntax.MaxNesting) + "\n", ""},
		{"tags too deep", "+ a\n- " + nested("<get ", ">", syntax.MaxNesting+1) + "\n", "E012"},
		{"the highest weight", "+ a{weight=2147483647}\n- x{weight=2147483647}\n", ""},
		{"weights too high", "+ a{weight=2147483648}\n- x{weight=99999999999999999999}\n", "E011 E011"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, found := parse(tt.text); codes(found) != tt.want {
				t.Errorf("found %q, want %q", codes(found), tt.want)
			}
		})
	}
}

// TestOpenTagsCostLittle: what is left open is read again by what stands around
// it, but never at a cost that doubles with each (section 28).
func TestOpenTagsCostLittle(t *testing.T) {
	const many = 800
	for _, open := range []string{
		"<get ", "<set x=", "{random}", "{formal}", "{topic=", "{@ ", "<call>", "<raw>", "<delay seconds=", "${{", "(@",
		"^buttons(", "^buttons(\"", "^template({\"", "<a b=", "<foo>", "<foo x='", "{random}<get {formal}<call>", "<foo>{random}(",
		"{weight=", "<div x=", "<sub ",
	} {
		t.Run(open, func(t *testing.T) {
			begin := time.Now()
			doc, _ := parse("+ a\n- " + strings.Repeat(open, many) + "\n+ b\n- fine\n")
			if took := time.Since(begin); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
			if triggers := doc.Blocks[0].Triggers; len(triggers) != 2 || len(triggers[0].Replies) != 1 {
				t.Error("what follows is lost")
			}
		})
	}
}

// TestEncoding covers E025: once a line, and the rest of the line is kept.
func TestEncoding(t *testing.T) {
	doc, found := parse("+ a\n- caf\xe9 and \xff\n- \xfe\n")
	if codes(found) != "E025 E025" || found[0].Span.Line() != 2 || found[1].Span.Line() != 3 {
		t.Errorf("found %s", codes(found))
	}
	if text, _ := doc.Blocks[0].Triggers[0].Replies[0].Template.Literal(); text != "caf\uFFFD and \uFFFD" {
		t.Errorf("the reply is %q", text)
	}
}

// TestSpans: tags point at what they are made of, whatever the width of the
// characters before them, and over lines.
func TestSpans(t *testing.T) {
	doc, _ := parse("+ a\n-\t日本🍵 <set x\n^ =1>é <get x>\n")
	nodes := doc.Blocks[0].Triggers[0].Replies[0].Template.Nodes
	var got []string
	for _, n := range nodes {
		p := n.Span.File.Position(n.Span.Start)
		got = append(got, n.Span.Text()+"@"+string(rune('0'+p.Line))+":"+string(rune('0'+p.Column)))
	}
	if want := "日本🍵 @2:3|<set x\n^ =1>@2:7|é @3:6|<get x>@3:8"; strings.Join(got, "|") != want {
		t.Errorf("the spans are %q, want %q", strings.Join(got, "|"), want)
	}
}

// TestTopicOfDocument covers L-BOT-4 and L-BOT-5.
func TestTopicOfDocument(t *testing.T) {
	for path, want := range map[string]string{"Quiz.topic": "quiz", "a/b.topic": "b", "a.rive": "", "my quiz.topic": "my quiz"} {
		if doc, _ := syntax.Parse(source.New(path, nil)); doc.Topic != want {
			t.Errorf("%s belongs to %q, want %q", path, doc.Topic, want)
		}
	}
	for name, want := range map[string]bool{"a-b_0": true, "": false, "__x": false, "dex-x": false, "dexter": true, "ü": false, "a b": false} {
		if got := syntax.ValidTopic(name); got != want {
			t.Errorf("ValidTopic(%q) is %t", name, got)
		}
	}
}

// TestReserved: what is reserved is never left for plug-ins by the parser (L-EXT-2).
func TestReserved(t *testing.T) {
	for _, name := range append(syntax.TagNames(), "b", "div", "img", "star3", "h1") {
		if !syntax.Reserved(name) {
			t.Errorf("<%s> is not reserved", name)
		}
		doc, _ := parse("+ a\n- <" + name + "> <" + name + " x=1>\n")
		for _, n := range doc.Blocks[0].Triggers[0].Replies[0].Template.Nodes {
			if n.Kind == syntax.DirectionNode {
				t.Errorf("<%s> is read as a direction", name)
			}
		}
	}
	if syntax.Reserved("weather") || syntax.Reserved("") {
		t.Error("too much is reserved")
	}
}
