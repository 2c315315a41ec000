package bot

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// read is the contents of a folder.
func read(t *testing.T, dir folder) *Contents {
	t.Helper()
	c, err := new(Reader).Read(fstest.MapFS(dir), time.Unix(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func folderOf(files ...string) folder {
	dir := folder{}
	for i := 0; i < len(files); i += 2 {
		dir.write(files[i], files[i+1])
	}
	return dir
}

// TestCompare: what is different between two versions is told by what authors call it, and nothing else is.
func TestCompare(t *testing.T) {
	base := []string{
		"default.topic", "! array tea = green|black\n+ hello\n- Hi!\n", "shop.topic", "> topic shop\n+ tea\n- Tea.\n< topic\n",
		SettingsFile, "name = \"Tea\"\n[page]\nget_started = \"hello\"\n", "stage.png", "\x89PNG 1", "tea.chat", "test: x\n",
	}
	with := func(more ...string) *Contents {
		return read(t, folderOf(append(append([]string{}, base...), more...)...))
	}
	was := with()
	for _, row := range []struct {
		name string
		now  *Contents
		want Report
	}{
		{"nothing", with(), Report{}},
		{"comments and blanks", with("shop.topic", "// sweets\n\n> topic shop\n\n  + tea\n  - Tea.\n< topic\n", SettingsFile, "# new\nname='Tea'\npage.get_started = \"hello\""), Report{Edited: []string{"shop.topic"}}},
		{"a definition", with("default.topic", "! array tea = green|white\n+ hello\n- Hi!\n"), Report{Edited: []string{"default.topic"}, Beyond: []string{"default.topic"}}},
		{"a macro", with("default.topic", "! array tea = green|black\n+ hello\n- Hi!\n> object x javascript\n+ 1\n< object\n"), Report{Edited: []string{"default.topic"}, Macros: []Change{{Added, "x", ""}}}},
		{"what a topic inherits", with("shop.topic", "> topic shop inherits default\n+ tea\n- Tea.\n< topic\n"), Report{Edited: []string{"shop.topic"}, Beyond: []string{"shop.topic"}}},
		{"a script with an error", with("shop.topic", "> topic shop\n+ (tea\n- Tea.\n+ cake\n- Cake. {topic=nowhere}\n< topic\n"), Report{
			Edited: []string{"shop.topic"}, Changed: []TopicChange{{Topic: "shop", Added: Triggers{1, []string{"cake"}}, Removed: Triggers{1, []string{"tea"}}}},
		}},
		{"settings", with(SettingsFile, "name = \"Teas\"\n[page]\ngreeting = \"Hi\"\n"), Report{Edited: []string{SettingsFile}, Settings: []Change{
			{Changed, "name", ""}, {Removed, "page.get_started", ""}, {Added, "page.greeting", ""},
		}}},
		{"settings that nobody can read", with(SettingsFile, "name = "), Report{Edited: []string{SettingsFile}, Settings: []Change{{Removed, "name", ""}, {Removed, "page.get_started", ""}}}},
		{"a picture", with("stage.png", "\x89PNG 2"), Report{Material: []Change{{Changed, "stage.png", ""}}}},
		{"another picture", with("sub/more.png", "\x89PNG"), Report{Material: []Change{{Added, "sub/more.png", ""}}}},
		{"a test", with("tea.chat", "test: y\n"), Report{Backstage: []Change{{Changed, "tea.chat", ""}}}},
		{"a plug-in", with("plugins/dice/dice.wasm", "\x00asm", "plugins/dice/main.go", "package main"), Report{
			Plugins: []Change{{Added, "dice", ""}}, Backstage: []Change{{Added, "plugins/dice/main.go", ""}},
		}},
	} {
		got := Compare(was, row.now)
		got.Triggers = 0
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s: %s", row.name, diff)
		}
		if same := row.name == "nothing"; was.Same(row.now) != same {
			t.Errorf("%s: same %v", row.name, !same)
		}
	}
	one, two := "> object x javascript\nreturn 1;\n< object\n", "> object x javascript\nreturn 2;\n< object\n\n> object y javascript\nreturn 3;\n< object\n"
	if got, want := Compare(with("x.topic", one), with("x.topic", two)).String(), "~ macro x  + macro y"; got != want {
		t.Errorf("macros: %q, want %q", got, want)
	}
}

// TestContentsOfGeneration: what a folder is read as is what a generation of it is made of.
func TestContentsOfGeneration(t *testing.T) {
	dir := folder{}
	for _, name := range []string{"default.topic", "cup.topic", "order.topic", "human.topic", SettingsFile, "tea.chat"} {
		data, err := os.ReadFile(filepath.Join(sample, name))
		if err != nil {
			t.Fatal(err)
		}
		dir.write(name, string(data))
	}
	b := newBot(t, dir, &counting{})
	reload(t, b)
	if diff := cmp.Diff(Report{Triggers: b.Status().Report.Triggers}, Compare(read(t, dir), b.Status().Generation.contents())); diff != "" {
		t.Error(diff)
	}
}

// TestMaterial: another picture is another version, in the folder and among what comes from elsewhere, though nothing
// else has changed; a conversation test is none.
func TestMaterial(t *testing.T) {
	dir := folder{}
	dir.write("default.topic", says("Hi!"))
	dir.write("stage.png", "\x89PNG 1")
	b := newBot(t, dir, &counting{})
	for _, load := range map[string]func() (bool, error){
		"reload": func() (bool, error) { return b.Reload(t.Context()) },
		"load":   func() (bool, error) { return b.Load(t.Context(), fstest.MapFS(dir)) },
	} {
		for _, row := range []struct{ file, text, want string }{
			{"stage.png", "\x89PNG 0", ""},
			{"stage.png", "\x89PNG 2", "~ stage.png"},
			{"stage.png", "\x89PNG 2", ""},
			{"more.jpg", "\xff\xd8", "+ more.jpg"},
			{"tea.chat", "test: x\n", ""},
			{"more.jpg", "", "- more.jpg"},
		} {
			before := b.Status().Generation
			if dir.write(row.file, row.text); row.text == "" {
				delete(dir, row.file)
			}
			changed, err := load()
			if row.text == "\x89PNG 0" {
				continue // where the others begin
			}
			now := b.Status()
			if err != nil || changed != (row.want != "") || (now.Generation != before) != changed || changed && now.Report.String() != row.want {
				t.Errorf("%q in %s: changed %v, %v, report %q; want %q", row.text, row.file, changed, err, now.Report, row.want)
			}
		}
	}
}

// TestScout: a picture is read again when its size or time is another, or when its time was too fresh to tell.
func TestScout(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "stage.png")
	write := func(text string, at time.Time) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	var s scout
	now := time.Unix(1_000_000, 0)
	look := func() string {
		t.Helper()
		found, err := s.look(os.DirFS(dir), now)
		if err != nil {
			t.Fatal(err)
		}
		return found["stage.png"]
	}
	write("one", now)
	one := look()
	write("two", now)
	two := look()
	if one == two {
		t.Error("a picture that was changed twice within the grain of the clock is taken for the same")
	}
	now = now.Add(restless + time.Second)
	_ = look()
	write("six", now.Add(-restless-time.Second))
	if look() != two {
		t.Error("a picture whose size and time are the same was read again")
	}
	write("four", now.Add(-restless-time.Second))
	if look() == two {
		t.Error("a picture of another size is taken for the same")
	}
	if err := os.Symlink(dir, filepath.Join(dir, "round")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if got := look(); got != "" {
		t.Errorf("a picture that is gone: %q", got)
	}
}

// TestBeyond: definitions and the begin block are told from triggers and macros.
func TestBeyond(t *testing.T) {
	text := "// x\n! var name = Bo\n\n> begin\n+ request\n- {ok}\n< begin\n> topic a\n+ a\n- b\n^ c\n< topic\n> topic b includes a\n+ d\n< topic\n> object f javascript\n+ 1;\n< object\n+ e\n- f\n"
	want := "! var name = Bo|> begin|+ request|- {ok}|< begin|> topic b includes a"
	if got := strings.ReplaceAll(strings.TrimSpace(beyond(text)), "\n", "|"); got != want {
		t.Errorf("%q", got)
	}
}
