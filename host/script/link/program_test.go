package link_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/script/link"
	"github.com/footlight-bots/footlight/host/script/syntax"
)

// TestProgram covers how documents are put together: the outline of the program.
func TestProgram(t *testing.T) {
	tests := []struct {
		name     string
		settings link.Settings
		text     string
		want     []string
	}{
		{
			"L-DIA-1 plain documents are rivescript",
			link.Settings{},
			"-- a.rive --\n+ a\n- b\n",
			[]string{"rivescript", "topic random includes [] inherits []: 0(a)"},
		},
		{
			"L-DIA-1 the setting decides",
			link.Settings{Dialect: link.Dexter},
			"-- a.rive --\n+ a\n- b\n",
			[]string{"dexter", "topic default includes [] inherits []: 0(a)"},
		},
		{
			"L-BOT-2 L-BOT-3 topics merge in the order of documents",
			link.Settings{},
			"-- z.topic --\n+ z1\n- x\n> topic a inherits z nope z\n+ a1\n- x\n> begin\n+ request\n- {ok}\n-- default.topic --\n+ d\n- x\n> topic a includes default\n+ a2\n- x\n" +
				"-- lib/w.rive --\n+ lib\n- x\n> begin\n+ other\n- x\n< begin\n+ lib2\n- x\n",
			[]string{
				"dexter", "topic default includes [] inherits []: 0(d) 2(lib) 4(lib2)", "topic a includes [default] inherits [z z]: 1(a2) 6(a1)",
				"topic z includes [] inherits []: 5(z1)", "topic begin includes [] inherits []: 3(other) 7(request)",
			},
		},
		{
			"L-DIA-2 the root topic of dexter has two names",
			link.Settings{},
			"-- default.topic --\n+ a\n- x\n> topic random\n+ b\n- x\n> topic t includes random\n-- random.topic --\n+ c\n- x\n",
			[]string{"dexter", "topic default includes [] inherits []: 0(a) 1(b) 2(c)", "topic t includes [default] inherits []:"},
		},
		{
			"L-DIA-2 in rivescript default is an ordinary name",
			link.Settings{},
			"-- a.rive --\n+ a\n- x\n> topic default\n+ b\n- x\n",
			[]string{"rivescript", "topic random includes [] inherits []: 0(a)", "topic default includes [] inherits []: 1(b)"},
		},
		{
			"L-DEF-2 the later wins, in its own place, and <undef> removes",
			link.Settings{},
			"! var a = 1\n! var b = 2\n! var a = 3\n! var c = 4\n! var c = <undef>\n! sub I'm = I AM\n! sub i’m = i was\n! sub x = y\n! sub X = <undef>\n! person I Am = You Are\n! global g = <undef>\n! global h = <get x>\n",
			[]string{
				"dexter", `var b = "2"`, `var a = "3"`, `env h = "<get x>"`, `sub i'm = "i was"`, `person i am = "You Are"`,
				"topic default includes [] inherits []:",
			},
		},
		{
			"L-DEF-5 L-DEF-6 arrays",
			link.Settings{},
			"! array c = red blue\n^ dark  green|pale\\sgrey ||\n^ teal\n! array all = @C x @later\n! array later = y\n! array c = @c z\n! array gone = a\n! array gone = <undef>\n+ @nope\n- x\n",
			[]string{
				"dexter", `array all ["z" "x" "y"]`, `array c ["z"]`, `array later ["y"]`, `array nope []`,
				"topic default includes [] inherits []: 0(@nope)",
			},
		},
		{
			"L-BLK-4 the later object of a name wins, foreign ones stay known",
			link.Settings{},
			"> object a\n1\n< object\n> object b perl\n< object\n> object a js\n2\n< object\n",
			[]string{"dexter", "object b perl", "object a javascript", "topic default includes [] inherits []:"},
		},
		{
			"L-BOT-4 E010 broken documents and triggers are left out",
			link.Settings{},
			"+ (a\n- x\n+ b\n- x\n-- my.quiz.topic --\n+ c\n- x\n",
			[]string{"dexter", "topic default includes [] inherits []: 0(b)"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, _ := build(documents(tt.text), tt.settings)
			if diff := cmp.Diff(tt.want, strings.Split(strings.TrimSuffix(dumpProgram(p), "\n"), "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// plainText writes what stays of a template for the compiler: texts as they
// are, everything else as its kind.
func plainText(t *syntax.Template) string {
	var b strings.Builder
	for _, n := range t.Nodes {
		switch n.Kind {
		case syntax.TextNode:
			b.WriteString(n.Text)
		case syntax.GetNode:
			b.WriteString("‹get›")
		case syntax.ArrayNode:
			b.WriteString("‹array " + n.Text + "›")
		case syntax.DirectionNode:
			b.WriteString("‹" + n.Name)
			for _, block := range n.Blocks {
				b.WriteString(":" + plainText(block))
			}
			b.WriteString("›")
		case syntax.TopicNode:
			b.WriteString("‹topic " + plainText(n.Args[0]) + "›")
		default:
			b.WriteString("‹?›")
		}
	}
	return b.String()
}

// TestNamesAreResolved: what names nothing is text for the compiler, and tags in it still count.
func TestNamesAreResolved(t *testing.T) {
	tests := []struct{ name, reply, want string }{
		{"L-EXT-3 an unknown direction", "a <wether city=<get x> y> b", "a <wether city=‹get› y> b"},
		{"L-EXT-3 an unknown block", "<foo>x <get y></FOO> <bar></bar>", "<foo>x ‹get›</FOO> <bar></bar>"},
		{"L-EXT-3 a known one with wrong attributes", "<weather> <weather city=<get c>>", "<weather> ‹weather›"},
		{"L-EXT-2 by the plug-in's name", "<tide> <sea:tide> <SKY:Weather city=x>", "<tide> ‹sea:tide› ‹sky:weather›"},
		{"a plain direction that looks like a block", "<cart add=1>x <get y></cart> z", "‹cart›x ‹get›</cart> z"},
		{"a block, and one without its end", "<shout>x <weather city=y></shout> <shout>", "‹shout:x ‹weather›› <shout>"},
		{"an unknown one inside a block", "<shout><foo></shout>", "‹shout:<foo>›"},
		{"L-TAG-7 arrays", "(@leaf) (@LEAF) (@nope) @leaf", "‹array leaf› ‹array leaf› (@nope) @leaf"},
		{"L-TOP-4 topics", "{topic=Quiz}{topic=nope}{topic=random}<set topic=quiz>", "‹topic quiz›‹topic default›‹topic default›‹topic quiz›"},
		{"L-EXT-2 core and HTML names are never those of plug-ins", "<b> <send/> <img src=x>", "<b> <send/> <img src=x>"},
	}
	directions := append(slices.Clone(installed), link.Direction{Plugin: "evil", Name: "b"}, link.Direction{Plugin: "evil", Name: "img"})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			contents := documents("! array leaf = green\n+ a\n- " + tt.reply + "\n> topic quiz\n+ b\n- c\n")
			p, _ := build(contents, link.Settings{}, directions...)
			if got := plainText(p.Topics[0].Triggers[0].Replies[0].Template); got != tt.want {
				t.Errorf("it reads %q, want %q", got, tt.want)
			}
		})
	}
}

// TestLinkChangesNoDocument: a document can be linked again after another one
// has changed, as reloading does (L-BOT-8).
func TestLinkChangesNoDocument(t *testing.T) {
	parse := func(text string) (docs []link.Parsed) {
		for _, f := range link.Files(documents(text)) {
			d, found := syntax.Parse(f)
			docs = append(docs, link.Parsed{Document: d, Diagnostics: found})
		}
		return docs
	}
	const text = "! array x = a @y\n! array y = b\n+ A (@x) [@z]\n* <get n> == 1 => {topic=NOPE} <foo>x</foo>\n- <wether x=(@q)> ^buttons(<bar>, {topic=X}) (@x)\n+ b\n@ {topic=Nope}c\n"
	docs := parse(text)
	first, list := link.Link(docs, link.Settings{}, installed)
	again, second := link.Link(docs, link.Settings{}, installed)
	fresh, _ := link.Link(parse(text), link.Settings{}, installed)
	if a, b := summary(list.All()), summary(second.All()); a != b {
		t.Errorf("the second time finds%s, the first%s", b, a)
	}
	for _, p := range []*link.Program{again, fresh} {
		if diff := cmp.Diff(dumpProgram(first), dumpProgram(p)); diff != "" {
			t.Error(diff)
		}
		for i := range first.Topics[0].Triggers {
			for j := range first.Topics[0].Triggers[i].Replies {
				a, b := first.Topics[0].Triggers[i].Replies[j], p.Topics[0].Triggers[i].Replies[j]
				if plainText(a.Template) != plainText(b.Template) {
					t.Errorf("reply %q became %q", plainText(a.Template), plainText(b.Template))
				}
			}
		}
	}
}

// TestRead covers L-BOT-1 and L-BOT-2.
func TestRead(t *testing.T) {
	fsys := fstest.MapFS{
		"z.topic": {}, "a.rive": {}, "lib/x.rive": {}, "lib-a/x.rive": {}, "B.topic": {}, "notes.txt": {}, "x.TOPIC": {}, "default.chat": {},
		".hidden.topic": {}, "_draft.topic": {}, ".git/x.topic": {}, "plugins/a/node_modules/b/c.topic": {}, "_old/x.topic": {}, "lib/_x/y.rive": {}, "a.topic.bak": {}, "ü.rive": {},
	}
	files, err := link.Read(fsys)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, f.Path)
	}
	if want := []string{"B.topic", "a.rive", "lib-a/x.rive", "lib/x.rive", "z.topic", "ü.rive"}; !slices.Equal(got, want) {
		t.Errorf("the documents are %q, want %q", got, want)
	}
	if link.IsDocument("_old/x.topic") || link.IsDocument("a/.b/x.rive") || link.IsDocument("plugins/a/node_modules/b/c.topic") || !link.IsDocument("node_modules/c.topic") || !link.IsDocument("a/b.rive") {
		t.Error("IsDocument and Read disagree")
	}
}

type brokenFS struct{ fstest.MapFS }

func (brokenFS) ReadFile(string) ([]byte, error) { return nil, fs.ErrPermission }

func TestBuild(t *testing.T) {
	good := fstest.MapFS{"a.topic": {Data: []byte("+ Hi\n- x\n")}}
	p, list, err := link.Build(good, link.Settings{Silenced: []string{"W106", "never-read"}}, nil)
	if err != nil || len(p.Files) != 1 || summary(list.All()) != " W105@a.topic:1" {
		t.Errorf("the bot is built with %v: %v", summary(list.All()), err)
	}
	if _, _, err := link.Build(brokenFS{good}, link.Settings{}, nil); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a document that cannot be read is %v", err)
	}
	if p, list, err := link.Build(fstest.MapFS{}, link.Settings{}, nil); err != nil || list.Len() != 0 || len(p.Topics) != 1 {
		t.Errorf("an empty folder is %d topics, %d diagnostics, %v", len(p.Topics), list.Len(), err)
	}
}
