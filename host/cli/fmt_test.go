package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/footlight-bots/footlight/host/cli/shell"
)

// ran is what a command said and how it ended.
type ran struct {
	out, err string
	code     int
}

func run(args ...string) ran {
	var out, err bytes.Buffer
	code := Main(args, shell.Environment{In: strings.NewReader(""), Out: &out, Err: &err, Getenv: func(string) string { return "" }})
	return ran{out.String(), err.String(), code}
}

// folder writes files below a new folder.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const untidy, tidy = "+hi\n-Hello!\n", "+ hi\n- Hello!\n"

func TestFmtWrites(t *testing.T) {
	dir := folder(t, map[string]string{"default.topic": untidy, "lib/a.rive": tidy, "notes.txt": untidy, "_old/b.rive": untidy})
	name := filepath.Join(dir, "default.topic")
	if got := run("fmt", dir); got != (ran{out: name + "\n"}) {
		t.Errorf("got %+v", got)
	}
	if got := read(t, name); got != tidy {
		t.Errorf("the file holds %q", got)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its permissions are %v (%v)", info.Mode(), err)
	}
	for _, other := range []string{"notes.txt", "_old/b.rive"} {
		if got := read(t, filepath.Join(dir, other)); got != untidy {
			t.Errorf("%s is no script of the bot, and became %q", other, got)
		}
	}
	if got := run("fmt", dir); got != (ran{}) {
		t.Errorf("the second time: %+v", got)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 4 {
		t.Errorf("something was left behind: %v (%v)", entries, err)
	}
}

func TestFmtOnlyLooks(t *testing.T) {
	dir := folder(t, map[string]string{"default.topic": untidy})
	name := filepath.Join(dir, "default.topic")
	const reason = "1 file not in the house style; footlight fmt mends that\n"
	if got := run("fmt", "--check", dir); got != (ran{name + "\n", reason, exitFindings}) {
		t.Errorf("--check: %+v", got)
	}
	want := "diff " + name + " " + name + " (formatted)\n--- " + name + "\n+++ " + name + " (formatted)\n@@ -1,2 +1,2 @@\n-+hi\n--Hello!\n++ hi\n+- Hello!\n"
	if got := run("fmt", "--diff", name); got != (ran{want, reason, exitFindings}) {
		t.Errorf("--diff: %+v", got)
	}
	if got := read(t, name); got != untidy {
		t.Errorf("the file was written: %q", got)
	}
}

func TestFmtRefuses(t *testing.T) {
	dir := folder(t, map[string]string{"latin.topic": "+caf\xe9\n-x\n", "notes.txt": "x"})
	latin := filepath.Join(dir, "latin.topic")
	for _, tt := range []struct {
		name, arg, err string
		code           int
	}{
		{"what is not UTF-8", latin, latin + ": not UTF-8, left alone; save it as UTF-8\n", exitFindings},
		{"what is not there", filepath.Join(dir, "x.topic"), "footlight: fmt: there is no file or folder " + filepath.Join(dir, "x.topic") + "\n", exitFailed},
		{"what is no script", filepath.Join(dir, "notes.txt"), "footlight: fmt: " + filepath.Join(dir, "notes.txt") + " is no script; scripts end in .topic or .rive\n", exitFailed},
	} {
		if got := run("fmt", tt.arg); got != (ran{"", tt.err, tt.code}) {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}
