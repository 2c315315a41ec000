package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestImport(t *testing.T) {
	old := folder(t, map[string]string{
		"brain.rs": "+ hello\n- Hi!\n+ *\n- Go on.\n",
		"talk.txt": "You> hello\nBot> Hi!\n",
		"tool.py":  "print(1)",
	})
	target := filepath.Join(t.TempDir(), "brain")
	got := run("import", old, target)
	want := "taken over\n  brain.rs → brain.rive\n  talk.txt → talk.chat\n\nleft out\n  tool.py: code; what scripts call is written in JavaScript, in > object blocks\n\nno errors in 1 file (N ms)\n2 triggers and 1 test in " + target + "\n"
	got.out = regexp.MustCompile(`\d+ ms`).ReplaceAllString(got.out, "N ms")
	if got != (ran{out: want}) {
		t.Errorf("got %+v", got)
	}
	if got := read(t, filepath.Join(target, "bot.toml")); got != "name = \"brain\"\ndialect = \"rivescript\"\n" {
		t.Errorf("bot.toml holds %q", got)
	}
	if got := run("test", target); got.code != exitFine {
		t.Errorf("the talk fails on the new bot: %+v", got)
	}
	before := read(t, filepath.Join(target, "brain.rive"))
	if got := run("import", old, target); got.code != exitFailed || !strings.Contains(got.err, "not empty; nothing was written") {
		t.Errorf("the second time: %+v", got)
	}
	if after := read(t, filepath.Join(target, "brain.rive")); after != before {
		t.Error("it was overwritten")
	}
}

// What cannot be carried over is shown with its frame, and the exit code says so.
func TestImportWithErrors(t *testing.T) {
	old := folder(t, map[string]string{"brain.rive": "> object now perl\n  time\n< object\n+ time\n- <call>now</call>\n+ *\n- x\n"})
	target := t.TempDir() // empty, so it may be used
	got := run("import", "--name", "Old one", old, target)
	if got.code != exitFindings || !strings.Contains(got.out, "error[E008]") || !strings.Contains(got.out, filepath.ToSlash(target)+"/brain.rive:1:14") {
		t.Errorf("got %+v", got)
	}
	if got := read(t, filepath.Join(target, "bot.toml")); !strings.HasPrefix(got, "name = \"Old one\"\n") {
		t.Errorf("bot.toml holds %q", got)
	}
}

func TestImportRefuses(t *testing.T) {
	old := folder(t, map[string]string{"notes.txt": "buy milk\n"})
	file := filepath.Join(old, "notes.txt")
	for name, args := range map[string][]string{
		"there is no script":      {old, filepath.Join(old, "new")},
		"bot folder: there is no": {filepath.Join(old, "x"), filepath.Join(old, "new")},
		"is a file":               {file, filepath.Join(old, "new")},
		"there already, and is":   {old, file},
	} {
		if got := run(append([]string{"import"}, args...)...); got.code != exitFailed || !strings.Contains(got.err, name) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if entries, err := os.ReadDir(old); err != nil || len(entries) != 1 {
		t.Errorf("something was written: %v (%v)", entries, err)
	}
}
