package importer

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/compile"
)

// project is a folder of files.
func project(files map[string]string) fstest.MapFS {
	dir := fstest.MapFS{}
	for name, text := range files {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return dir
}

func imported(t *testing.T, files map[string]string, o Options) *Result {
	t.Helper()
	r, err := Import(project(files), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// built builds the new folder, and lists the codes of what is wrong.
func built(t *testing.T, r *Result) (codes []string) {
	t.Helper()
	dir := fstest.MapFS{}
	for name, content := range r.Files {
		dir[name] = &fstest.MapFile{Data: content}
	}
	s, err := bot.ReadSettings(dir)
	if err != nil {
		t.Fatal(err)
	}
	b, err := compile.Front(dir, s.Link())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range b.Diagnostics {
		codes = append(codes, string(d.Code))
	}
	return codes
}

// Brains written for RiveScript become a bot of that dialect.
func TestBrain(t *testing.T) {
	r := imported(t, map[string]string{
		"brain/begin.rive":   "! version = 2.0\n! sub what's = what is\n",
		"brain/eliza.rs":     "+ hello\n- Hi.\n+ *\n- Go on.\n",
		"brain/_extra.txt":   "+ bye\n- Bye.\n",
		"brain/tool.rs":      "fn main() {}\n",
		"brain/notes.txt":    "buy milk\n",
		"brain/perl.pl":      "print 1",
		".git/config":        "+ a\n- b\n",
		"node_modules/x.txt": "+ a\n- b\n",
		"talk.txt":           "You> hello\nBot> Hi.\n\nyou> what \\n\nbot> Go on.\n",
	}, Options{Name: `An "old" brain`})
	want := []string{"bot.toml", "brain/begin.rive", "brain/eliza.rive", "brain/extra.rive", "talk.chat"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(r.Files))); diff != "" {
		t.Error(diff)
	}
	if got, want := string(r.Files["bot.toml"]), "name = \"An \\\"old\\\" brain\"\ndialect = \"rivescript\"\n"; got != want {
		t.Errorf("bot.toml holds %q, want %q", got, want)
	}
	if got, want := string(r.Files["talk.chat"]), "test \"talk\"\n  >= hello\n  <= Hi.\n  >= what \\\\n\n  <= Go on.\n"; got != want {
		t.Errorf("talk.chat holds %q, want %q", got, want)
	}
	var report bytes.Buffer
	if err := r.WriteReport(&report); err != nil {
		t.Fatal(err)
	}
	const told = `taken over
  brain/_extra.txt → brain/extra.rive
  brain/begin.rive
  brain/eliza.rs → brain/eliza.rive
  talk.txt → talk.chat

left out
  brain/notes.txt: no script: it has no line that begins with + or ! and could be one
  brain/perl.pl: code; what scripts call is written in JavaScript, in > object blocks
  brain/tool.rs: no script: it has no line that begins with + or ! and could be one

`
	if diff := cmp.Diff(told, report.String()); diff != "" {
		t.Error(diff)
	}
	if r.Triggers != 3 || r.Tests != 1 {
		t.Errorf("%d triggers, %d tests", r.Triggers, r.Tests)
	}
	if codes := built(t, r); codes != nil {
		t.Errorf("the new bot has %v", codes)
	}
}

// Documents of a Dexter bot become topics.
func TestDexter(t *testing.T) {
	r := imported(t, map[string]string{
		"default.txt":    "+ play\n- Go! {topic=Quiz Night} {topic=quiz}\n+ *\n- <set topic = quiz night>Sorry?\n",
		"Quiz Night.txt": "+ *\n- Wrong! {topic=default}\n",
		"Quiz.rive":      "+ *\n- No! {topic=default}\n",
		"words.rive":     "> topic words\n+ a\n- b\n< topic\n",
	}, Options{Dexter: true})
	want := []string{"Quiz.topic", "bot.toml", "default.topic", "quiz_night.topic", "words.rive"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(r.Files))); diff != "" {
		t.Error(diff)
	}
	if got, want := string(r.Files["default.topic"]), "+ play\n- Go! {topic=quiz_night} {topic=quiz}\n+ *\n- <set topic =quiz_night>Sorry?\n"; got != want {
		t.Errorf("default.topic holds %q, want %q", got, want)
	}
	wantChanges := []Change{
		{"default.txt", 2, `topic "Quiz Night" is called "quiz_night" now`},
		{"default.txt", 4, `topic "quiz night" is called "quiz_night" now`},
	}
	if diff := cmp.Diff(wantChanges, r.Changes); diff != "" {
		t.Error(diff)
	}
	if codes := built(t, r); !slices.Equal(codes, []string{"W121"}) { // topic "words" is never gone to
		t.Errorf("the new bot has %v", codes)
	}
}

func TestRewritten(t *testing.T) {
	for _, tt := range []struct{ name, old, want string }{
		{"nothing", "+ a\n- b {!c}\n", "+ a\n- b {!c}\n"},
		{"definitions at run time", "+ a\n- {!var mood = <star>}x{!GLOBAL depth=9}\n", "+ a\n- <bot mood=<star>>x<env depth=9>\n"},
		{
			"old requests become lines of their trigger",
			"+ weather *\n% in *\n// note\n- ^httpGetJSONValue(\"https://w.example/<star>\", \"$.days[0].sky\") or ^httpGetJSONValue('https://w.example/<star>', temp)\n- ^httpGetJSONValue(https://v.example/now, a.b)!\n+ next\n- ^httpGetJSONValue(https://v.example/now, c)\n",
			"+ weather *\n% in *\n// note\n$ GET:answer1 https://w.example/<star>\n$ GET:answer2 https://v.example/now\n- ${{answer1.days.0.sky}} or ${{answer1.temp}}\n- ${{answer2.a.b}}!\n+ next\n$ GET:answer1 https://v.example/now\n- ${{answer1.c}}\n",
		},
		{"but not those that cannot be read", "+ a\n- ^httpGetJSONValue(<get url>, a) ^httpGetJSONValue(https://a.example)\n", "+ a\n- ^httpGetJSONValue(<get url>, a) ^httpGetJSONValue(https://a.example)\n"},
		{"macros and comments stay", "> object a javascript\n- {!var a=b}\n  < object\n/* {!var a=b}\n- {!var a=b} */\n# {!var a=b}\n+ a\n- {!var a=b}\n", "> object a javascript\n- {!var a=b}\n  < object\n/* {!var a=b}\n- {!var a=b} */\n# {!var a=b}\n+ a\n- <bot a=b>\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := imported(t, map[string]string{"a.rive": tt.old}, Options{})
			if diff := cmp.Diff(tt.want, string(r.Files["a.rive"])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whom requests go to is written down, but granted by people only (L-HTTP-9).
func TestHosts(t *testing.T) {
	r := imported(t, map[string]string{"a.rive": "+ a\n$ GET https://a.example/x?<star> {}\n- b\n+ c\n$ POST:x http://b.example:80/\n- ^httpGetJSONValue(https://a.example/y, z)\n+ d\n$ GET https://<get host>/\n- e\n"}, Options{})
	got := string(r.Files["bot.toml"])
	if !strings.Contains(got, "\n# hosts = [\"a.example\", \"b.example\"]\n") || strings.Contains(got, "\nhosts") {
		t.Errorf("bot.toml holds\n%s", got)
	}
	for _, code := range built(t, r) {
		if code[0] == 'E' {
			t.Errorf("the new bot has %s", code)
		}
	}
}

// Letters beyond a to z need utf8 = true (L-NORM-4).
func TestOtherLetters(t *testing.T) {
	r := imported(t, map[string]string{"a.rive": "+ grüß gott\n- Grüß Gott!\n+ *\n- Wie?\n"}, Options{})
	if got := string(r.Files["bot.toml"]); !strings.Contains(got, "utf8 = true\n") {
		t.Errorf("bot.toml holds %q", got)
	}
	if codes := built(t, r); codes != nil {
		t.Errorf("the new bot has %v", codes)
	}
	if r = imported(t, map[string]string{"a.rive": "+ hi\n- Grüß Gott!\n"}, Options{}); strings.Contains(string(r.Files["bot.toml"]), "utf8") {
		t.Error("what only the bot says needs no UTF-8 mode")
	}
}

func TestEncodings(t *testing.T) {
	const want = "+ hi\n- Café – “so”\n"
	for _, tt := range []struct{ name, content, told string }{
		{"UTF-8", want, ""},
		{"UTF-8 with a mark and other line ends", "\ufeff+ hi\r\n- Café – “so”\r", ""},
		{"Windows-1252", "+ hi\n- Caf\xe9 \x96 \x93so\x94\n", "was written in Windows-1252 and is UTF-8 now"},
		{"UTF-16", "\xff\xfe+\x00 \x00h\x00i\x00\n\x00-\x00 \x00C\x00a\x00f\x00\xe9\x00 \x00\x13\x20 \x00\x1c\x20s\x00o\x00\x1d\x20\n\x00", "was written in UTF-16 and is UTF-8 now"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := imported(t, map[string]string{"a.rive": tt.content}, Options{})
			if got := string(r.Files["a.rive"]); got != want {
				t.Errorf("got %q", got)
			}
			var told string
			for _, c := range r.Changes {
				told += c.Text
			}
			if told != tt.told {
				t.Errorf("told %q", told)
			}
		})
	}
	r := imported(t, map[string]string{"a.rive": want, "b.rive": "+ a\x00\n- b\n"}, Options{})
	if diff := cmp.Diff([]Left{{"b.rive", "no text"}}, r.Left); diff != "" {
		t.Error(diff)
	}
}

// A folder that is a bot already is taken as it is.
func TestBotFolder(t *testing.T) {
	files := map[string]string{"bot.toml": "dialect = \"dexter\"\n", "default.topic": "+ *\n- b\n", "default.chat": "test \"a\"\n  > b\n  < b\n"}
	r := imported(t, files, Options{Name: "x"})
	for name, text := range files {
		if got := string(r.Files[name]); got != text {
			t.Errorf("%s became %q", name, got)
		}
	}
	if len(r.Files) != len(files) || r.Changes != nil || r.Left != nil {
		t.Errorf("%+v", r)
	}
}

func TestNothingToImport(t *testing.T) {
	if _, err := Import(project(map[string]string{"a.txt": "hello\n"}), Options{}); err == nil || !strings.Contains(err.Error(), "there is no script") {
		t.Errorf("error is %v", err)
	}
}

// Two documents of one name do not overwrite each other.
func TestNamesMeet(t *testing.T) {
	r := imported(t, map[string]string{"a.rs": "+ a\n- b\n", "a.txt": "+ c\n- d\n", "_a.rive": "+ e\n- f\n"}, Options{})
	if diff := cmp.Diff([]string{"a-2.rive", "a-3.rive", "a.rive", "bot.toml"}, slices.Sorted(maps.Keys(r.Files))); diff != "" {
		t.Error(diff)
	}
}

// Whatever is in a folder, the new one can be built.
func FuzzImport(f *testing.F) {
	f.Add([]byte("+ a\n- b\n"), "a.rive", false)
	f.Add([]byte("You> a\nBot> b\n"), "x y.txt", true)
	f.Add([]byte("+ a\n- ^httpGetJSONValue(http://a, b[0])\n"), "Ä.rs", true)
	f.Fuzz(func(t *testing.T, content []byte, name string, dexter bool) {
		r, err := Import(fstest.MapFS{"default.rive": {Data: []byte("+ *\n- x\n")}, "x/" + strings.Trim(strings.ToValidUTF8(strings.ReplaceAll(name, "/", ""), ""), ".") + ".txt": {Data: content}}, Options{Name: name, Dexter: dexter})
		if err != nil {
			return
		}
		for path := range r.Files {
			if path == "" || strings.HasPrefix(path, "/") || strings.Contains(path, "..") && !strings.Contains(name, "..") {
				t.Errorf("a file would go to %q", path)
			}
		}
		built(t, r)
	})
}
