package cli

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/footlight-bots/footlight/host/bot"
	"github.com/footlight-bots/footlight/host/cli/shell"
	"github.com/footlight-bots/footlight/host/script/diag"
)

// TestColour: only a terminal is painted, and only without NO_COLOR.
func TestColour(t *testing.T) {
	for _, row := range []struct {
		name     string
		terminal bool
		noColor  string
		want     bool
	}{
		{"a pipe", false, "", false},
		{"a terminal", true, "", true},
		{"a terminal with NO_COLOR", true, "1", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out bytes.Buffer
			env := shell.Environment{Out: &out, Err: &out, Terminal: row.terminal, Getenv: environment(map[string]string{"NO_COLOR": row.noColor})}
			list := []diag.Diagnostic{{Code: "E021", Message: "x"}}
			shell.WriteDiagnostics(env, "bot", list, 1, time.Second)
			s := screen{env: env, out: &out}
			s.trouble(bot.Status{Broken: true, Fault: "bot.toml: x"})
			shell.NewLogger(env, &out, slog.LevelWarn).Warn("x")
			if got := strings.Contains(out.String(), "\x1b"); got != row.want {
				t.Errorf("painted: %v\n%q", got, out.String())
			}
		})
	}
}

// TestWidth: a frame fits the terminal, its help included, whoever writes it.
func TestWidth(t *testing.T) {
	for _, row := range []struct {
		name     string
		terminal bool
		width    func() int
		want     int
	}{
		{"a pipe", false, func() int { return 80 }, 0},
		{"a terminal", true, func() int { return 80 }, 78},
		{"a terminal that does not tell", true, func() int { return 0 }, 0},
		{"nobody to ask", true, nil, 0},
	} {
		env := shell.Environment{Out: io.Discard, Terminal: row.terminal, Width: row.width}
		if got := env.Cells(); got != row.want {
			t.Errorf("%s: %d cells, want %d", row.name, got, row.want)
		}
	}
}

// TestTrouble: what stays on stage, and what is wrong, in one line each.
func TestTrouble(t *testing.T) {
	at := time.Date(2026, 7, 1, 14, 2, 0, 0, time.UTC)
	for _, row := range []struct {
		name   string
		status bot.Status
		want   string
	}{
		{"all is well", bot.Status{Generation: &bot.Generation{Number: 1}}, ""},
		{"nothing on stage", bot.Status{Broken: true, Fault: "no script"}, "error: no script\nwaiting for a version that compiles: 1 error in current files\n"},
		{
			"the last good version",
			bot.Status{Broken: true, Generation: &bot.Generation{Number: 41, BuiltAt: at}, Problems: []diag.Diagnostic{{Code: "E021", Message: "x"}, {Code: "E010", Message: "y"}}, Files: map[string]string{"a": ""}, BuildTime: 5 * time.Millisecond},
			"error[E021]: x\n\nerror[E010]: y\n\n2 errors in 1 file (5 ms)\nserving generation 41 (saved 14:02), 2 errors in current files\n",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out bytes.Buffer
			s := screen{env: shell.Environment{Getenv: environment(nil)}, out: &out, dir: "bot"}
			s.trouble(row.status)
			if out.String() != row.want {
				t.Errorf("%q, want %q", out.String(), row.want)
			}
		})
	}
}

// TestKeyboardNeedsTerminal: without a terminal on both ends keys are left alone,
// and a prompt reads lines as they are.
func TestKeyboardNeedsTerminal(t *testing.T) {
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for _, env := range []shell.Environment{
		{In: file, Keyboard: true},
		{In: file, Terminal: true},
		{In: strings.NewReader(""), Keyboard: true, Terminal: true},
	} {
		keys, out, err := openKeyboard(env)
		if err != nil || keys.on || out != env.Out {
			t.Errorf("keyboard is on: %v, %v", keys.on, err)
		}
		keys.close()
	}
	env := shell.Environment{In: strings.NewReader("one\ntwo")}
	p, err := openPrompt(&env)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	for _, want := range []string{"one", "two"} {
		if line, err := p.read(); err != nil || line != want {
			t.Errorf("read %q, %v", line, err)
		}
	}
	if _, err := p.read(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
	env.In = strings.NewReader(strings.Repeat("x", maxLine+1))
	if p, err = openPrompt(&env); err != nil {
		t.Fatal(err)
	}
	if _, err := p.read(); err == nil || err.Error() != "a line has more than 65536 bytes" {
		t.Errorf("too long a line: %v", err)
	}
}

// TestRawLines: in raw mode lines return the carriage too.
func TestRawLines(t *testing.T) {
	var out bytes.Buffer
	if n, err := (crlf{&out}).Write([]byte("a\nb\n")); n != 4 || err != nil || out.String() != "a\r\nb\r\n" {
		t.Errorf("%d, %v, %q", n, err, out.String())
	}
}

// TestHelp: every command says what it does and shows an example, in lines that
// fit a terminal.
func TestHelp(t *testing.T) {
	var out bytes.Buffer
	root := newRoot(shell.Environment{In: strings.NewReader(""), Out: &out, Err: &out, Getenv: environment(nil)})
	for _, cmd := range append([]*cobra.Command{root}, root.Commands()...) {
		if cmd != root && (cmd.Short == "" || !strings.HasPrefix(cmd.Example, "  footlight "+cmd.Name())) {
			t.Errorf("%s has no short text or no example", cmd.Name())
		}
		out.Reset()
		if err := cmd.Help(); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if len([]rune(line)) > 100 {
				t.Errorf("%s --help is too wide: %s", cmd.Name(), line)
			}
		}
	}
}

// TestExitCodes: 0 fine, 1 findings, 2 it could not run; the reason is the last line.
func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"good/default.topic": "+ *\n- x\n", "bad/default.topic": "+ *\n- x {topic=nowhere}\n"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		name string
		args []string
		want int
		last string
	}{
		{"fine", []string{"check", filepath.Join(dir, "good")}, exitFine, ""},
		{"findings", []string{"check", filepath.Join(dir, "bad")}, exitFindings, "1 error, 0 warnings"},
		{"no folder", []string{"check", filepath.Join(dir, "none")}, exitFailed, "bot folder: there is no "},
		{"no command", []string{"perform"}, exitFailed, `there is no command "perform"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			got := Main(row.args, shell.Environment{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: environment(nil)})
			lines := strings.Split(strings.TrimSuffix(errs.String(), "\n"), "\n")
			if got != row.want || !strings.Contains(lines[len(lines)-1], row.last) {
				t.Errorf("code %d, errors %q", got, errs.String())
			}
		})
	}
}
