package diag_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/footlight-bots/footlight/host/script/diag"
	"github.com/footlight-bots/footlight/host/script/source"
)

// at is a diagnostic at the first place of what in line n of a file.
func at(f *source.File, code diag.Code, n int, what string) diag.Diagnostic {
	line := f.LineSpan(n)
	start := line.Start + strings.Index(line.Text(), what)
	return diag.Diagnostic{Code: code, Message: "a message", Span: f.Span(start, start+len(what))}
}

func text(t *testing.T, o diag.TextOptions, ds ...diag.Diagnostic) string {
	t.Helper()
	var b bytes.Buffer
	if err := diag.WriteText(&b, ds, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func compare(t *testing.T, got string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(strings.Join(want, "\n"), strings.TrimSuffix(got, "\n")); diff != "" {
		t.Errorf("%s\n%s", diff, got)
	}
}

// TestText draws the two frames of the specification (authoring.md §4).
func TestText(t *testing.T) {
	quiz := source.New("quiz/start.topic", []byte(strings.Repeat("\n", 13)+"- Ready? Here we go. {topic=quizz}\n"))
	topic := source.New("quiz/quiz.topic", []byte("+ *\n"))
	menu := source.New("menu.topic", []byte(strings.Repeat("\n", 7)+"+ i want *\n"+strings.Repeat("\n", 13)+"+ i want [a] coffee\n"))
	undefined := at(quiz, "E021", 14, "quizz")
	undefined.Message = `topic "quizz" does not exist`
	undefined.Label = diag.DidYouMean("quiz")
	undefined.AddNote(`topic "quiz" begins`, topic.LineSpan(1))
	undefined.Help = `users who reach this line would stay in topic "default".`
	never := at(menu, "W104", 22, "i want [a] coffee")
	never.Message = "this trigger can never match"
	never.AddNote(`"+ i want *" matches everything this one does; it stands`, menu.LineSpan(8))
	compare(t, text(t, diag.TextOptions{Folder: "scripts", Files: 3, Took: 18 * time.Millisecond}, undefined, never),
		`error[E021]: topic "quizz" does not exist`,
		`   ╭─ scripts/quiz/start.topic:14:29`,
		`14 │ - Ready? Here we go. {topic=quizz}`,
		`   │                             ~~~~~ did you mean "quiz"?`,
		`   ╰─ topic "quiz" begins at scripts/quiz/quiz.topic:1`,
		`   help: users who reach this line would stay in topic "default".   footlight explain E021`,
		``,
		`warning[W104]: this trigger can never match                        [unreachable-trigger]`,
		`   ╭─ scripts/menu.topic:22:3`,
		`22 │ + i want [a] coffee`,
		`   │   ~~~~~~~~~~~~~~~~~`,
		`   ╰─ "+ i want *" matches everything this one does; it stands at scripts/menu.topic:8`,
		``,
		`1 error, 1 warning in 3 files (18 ms)`,
	)
}

// TestMarkerLinesUp: tabs, wide characters and emoji do not move the marker.
func TestMarkerLinesUp(t *testing.T) {
	f := source.New("a.topic", []byte("\t+\tx here\n日本 here\n👩‍👩‍👧🍵 here\nhere日本\ncafe\u0301 here\n\x1b[31m here\n"))
	var ds []diag.Diagnostic
	for n := 1; n <= 6; n++ {
		ds = append(ds, at(f, "E001", n, "here"))
	}
	ds = append(ds, at(f, "E002", 4, "日本"), at(f, "E003", 2, ""))
	got := text(t, diag.TextOptions{}, ds...)
	var lines []string
	for _, line := range strings.Split(got, "\n") {
		if _, shown, found := strings.Cut(line, " │ "); found {
			lines = append(lines, shown)
		}
	}
	compare(t, strings.Join(lines, "\n"),
		"    +   x here", "          ~~~~",
		"日本 here", "     ~~~~",
		"👩‍👩‍👧🍵 here", "     ~~~~",
		"here日本", "~~~~",
		"café here", "     ~~~~",
		"·[31m here", "      ~~~~",
		"here日本", "    ~~~~",
		"日本 here", "~",
	)
}

// TestLongLines: of a long line the part around the marker is shown, and no
// line is wider than asked.
func TestLongLines(t *testing.T) {
	f := source.New("a.topic", []byte("start "+strings.Repeat("日本 ", 30)+"middle "+strings.Repeat("x", 60)+" end\nshort\n"))
	start, middle, end := at(f, "E001", 1, "start"), at(f, "E001", 1, "middle"), at(f, "E001", 1, "end")
	whole := f.Span(0, len(f.Text))
	all := diag.Diagnostic{Code: "W105", Message: "a message", Span: whole, Label: "a label that does not fit beside a marker"}
	got := text(t, diag.TextOptions{Width: 50}, start, middle, end, all)
	for _, line := range strings.Split(got, "\n") {
		if n := source.Cells(line); n > 50 {
			t.Errorf("%d cells: %s", n, line)
		}
	}
	compare(t, got,
		"error[E001]: a message",
		"  ╭─ a.topic:1:1",
		"1 │ start 日本 日本 日本 日本 日本 日本 日本 日…",
		"  │ ~~~~~",
		"  ╵",
		"",
		"error[E001]: a message",
		"  ╭─ a.topic:1:97",
		"1 │ …日本 日本 日本 middle xxxxxxxxxxxxxxxxxxxxxx…",
		"  │                 ~~~~~~",
		"  ╵",
		"",
		"error[E001]: a message",
		"  ╭─ a.topic:1:165",
		"1 │ …xxxxxxxxxxxxxx end",
		"  │                 ~~~",
		"  ╵",
		"",
		"warning[W105]: a message     [capitals-in-trigger]",
		"  ╭─ a.topic:1:1",
		"1 │ start 日本 日本 日本 日本 日本 日本 日本 日…",
		"  │ ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",
		"  │ a label that does not fit beside a marker",
		"  ╵",
		"",
		"3 errors, 1 warning in 0 files (0 ms)",
	)
}

func TestManyFrames(t *testing.T) {
	f := source.New("a.topic", []byte("x\n"))
	ds := make([]diag.Diagnostic, diag.MaxFrames+14)
	for i := range ds {
		ds[i] = at(f, "W001", 1, "x")
	}
	got := text(t, diag.TextOptions{Files: 1}, ds...)
	if n := strings.Count(got, "╭─"); n != diag.MaxFrames {
		t.Errorf("%d frames are shown", n)
	}
	if !strings.HasSuffix(got, "\nand 14 more\n\n34 warnings in 1 file (0 ms)\n") {
		t.Errorf("it ends with %q", got[len(got)-60:])
	}
}

func TestTextWithoutPlace(t *testing.T) {
	compare(t, text(t, diag.TextOptions{Files: 2}), "no errors in 2 files (0 ms)")
	d := diag.Diagnostic{Code: "E001", Message: "nowhere", Help: "why"}
	compare(t, text(t, diag.TextOptions{}, d), "error[E001]: nowhere", "   help: why   footlight explain E001", "", "1 error in 0 files (0 ms)")
}

func TestColour(t *testing.T) {
	f := source.New("a.topic", []byte("x\n"))
	d := at(f, "E001", 1, "x")
	got := text(t, diag.TextOptions{Color: true}, d)
	if !strings.Contains(got, "\x1b[1;31merror[E001]\x1b[0m") {
		t.Errorf("no colour in %q", got)
	}
	bare := got
	for _, code := range []string{"\x1b[1;31m", "\x1b[36m", "\x1b[1m", "\x1b[0m"} {
		bare = strings.ReplaceAll(bare, code, "")
	}
	if plain := text(t, diag.TextOptions{}, d); plain != bare {
		t.Errorf("colour changes the text: %q, %q", bare, plain)
	}
}

func TestJSON(t *testing.T) {
	f := source.New("quiz/a.topic", []byte("+ 日本 <x>\n"))
	d := at(f, "W105", 1, "日本")
	d.Label, d.Help = "label", "help"
	d.Suggestion = &diag.Suggestion{Text: "y", Span: d.Span}
	d.AddNote("note", f.LineSpan(1))
	d.AddNote("nowhere", source.Span{})
	var b bytes.Buffer
	if err := diag.WriteJSON(&b, []diag.Diagnostic{d, {Code: "E001", Message: "m"}}, 2, 1500*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	const place = `{"start":{"line":1,"column":3},"end":{"line":1,"column":5}}`
	compare(t, b.String(),
		`{"code":"W105","name":"capitals-in-trigger","severity":"warning","message":"a message","file":"quiz/a.topic","range":`+place+
			`,"label":"label","suggestion":{"text":"y","range":`+place+`},"notes":[{"text":"note","file":"quiz/a.topic","range":{"start":{"line":1,"column":1},"end":{"line":1,"column":9}}},{"text":"nowhere"}],"help":"help"}`,
		`{"code":"E001","name":"unknown-command","severity":"error","message":"m"}`,
		`{"summary":{"errors":1,"warnings":1,"files":2,"milliseconds":1500}}`,
	)
	for line := range strings.Lines(b.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("%q is no JSON", line)
		}
	}
}

func TestGitHub(t *testing.T) {
	f := source.New("a,b:c.topic", []byte("+ x\n"))
	d := at(f, "E010", 1, "x")
	d.Message = "100%\nbad"
	var b bytes.Buffer
	if err := diag.WriteGitHub(&b, []diag.Diagnostic{d, {Code: "W122", Message: "m"}}, "bots/tea"); err != nil {
		t.Fatal(err)
	}
	compare(t, b.String(),
		"::error file=bots/tea/a%2Cb%3Ac.topic,line=1,col=3,endLine=1,endColumn=4,title=E010::100%25%0Abad",
		"::warning title=W122::m",
	)
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.ErrUnsupported }

func TestWritersPassErrorsOn(t *testing.T) {
	ds := []diag.Diagnostic{{Code: "E001", Message: "m"}}
	for name, err := range map[string]error{
		"text":   diag.WriteText(fullDisk{}, ds, diag.TextOptions{}),
		"JSON":   diag.WriteJSON(fullDisk{}, ds, 1, 0),
		"GitHub": diag.WriteGitHub(fullDisk{}, ds, ""),
	} {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestList(t *testing.T) {
	a, b := source.New("a.topic", []byte("x y\nz\n")), source.New("b.topic", []byte("x\n"))
	var l diag.List
	if l.Len() != 0 || l.HasErrors() {
		t.Error("an empty list is not empty")
	}
	again := at(a, "W001", 1, "x")
	again.Message = "the same cause again"
	l.Add(at(b, "E001", 1, "x"), at(a, "E002", 2, "z"), at(a, "W001", 1, "x"), again, at(a, "E001", 1, "x"), at(a, "E001", 1, "y"))
	var got []string
	for _, d := range l.All() {
		p := d.Span.File.Position(d.Span.Start)
		got = append(got, d.Span.File.Path[:1]+string(rune('0'+p.Line))+string(rune('0'+p.Column))+string(d.Code)+d.Message[:5])
	}
	if want := "a11E001a mes a11W001a mes a13E001a mes a21E002a mes b11E001a mes"; strings.Join(got, " ") != want {
		t.Errorf("the list is %s", strings.Join(got, " "))
	}
	if e, w := l.Counts(); e != 4 || w != 1 || !l.HasErrors() {
		t.Errorf("it counts %d errors, %d warnings", e, w)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"quiz", "default", "naming", "weather"}
	for written, want := range map[string]string{
		"quizz": "quiz", "qiuz": "quiz", "quz": "quiz", "defautl": "default", "deafults": "default", "whether": "weather",
		"quartz": "", "xx": "", "q": "", "": "", "naming": "", "name": "", "quoz": "quiz", "näming": "naming",
	} {
		if got := diag.Nearest(written, names); got != want {
			t.Errorf("near %q is %q, want %q", written, got, want)
		}
	}
	if got := diag.Nearest("abcdefg", []string{"abcdexx", "abcdefx"}); got != "abcdefx" {
		t.Errorf("the nearest is %q", got)
	}
}
