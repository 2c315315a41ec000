package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/cli/rehearsal"
	"github.com/footlight-bots/footlight/host/cli/shell"
)

const (
	cafe  = "+ hello\n- Welcome!\n"
	greet = "test \"greets\"\n  > hello\n  < Hello!\n"
)

// asked runs footlight test with somebody at the keyboard.
func asked(answer string, args ...string) ran {
	var out, err bytes.Buffer
	code := Main(append([]string{"test"}, args...), shell.Environment{
		In: strings.NewReader(answer), Out: &out, Err: &err, Keyboard: true,
		Getenv: func(string) string { return "" },
	})
	return ran{out.String(), err.String(), code}
}

// --update shows the difference and asks before it writes.
func TestUpdateAsks(t *testing.T) {
	for answer, written := range map[string]bool{"y\n": true, "YES\n": true, "n\n": false, "": false, "maybe\n": false} {
		dir := folder(t, map[string]string{"default.topic": cafe, "a.chat": greet})
		got := asked(answer, dir, "--update")
		if !strings.Contains(got.out, "  - < Hello!\n  + < Welcome!\n") || !strings.Contains(got.out, "write 1 change to 1 file? [y/N] ") {
			t.Errorf("%q: shown was %q", answer, got.out)
		}
		text := read(t, filepath.Join(dir, "a.chat"))
		if strings.Contains(text, "Welcome!") != written {
			t.Errorf("%q: the file holds %q", answer, text)
		}
		if want := map[bool]int{true: exitFine, false: exitFindings}[written]; got.code != want {
			t.Errorf("%q: exit %d, want %d: %s", answer, got.code, want, got.err)
		}
	}
}

func TestUpdateRefusesOldLineEnds(t *testing.T) {
	dir := folder(t, map[string]string{"default.topic": cafe, "a.chat": strings.ReplaceAll(greet, "\n", "\r")})
	if got := asked("y\n", dir, "--update"); got.code != exitFailed || !strings.Contains(got.err, "one kind of line ends") {
		t.Errorf("%+v", got)
	}
}

// log is output that is read while it is written.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
	grew chan struct{} // holds a signal after a write
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.grew <- struct{}{}:
	default:
	}
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *log) count(text string) int { return strings.Count(l.String(), text) }

// --watch runs all tests again after every save, whatever was wrong before, until it
// is told to end.
func TestWatch(t *testing.T) {
	dir := folder(t, map[string]string{"default.topic": cafe, "a.chat": greet})
	out := &log{grew: make(chan struct{}, 1)}
	env := shell.Environment{In: strings.NewReader(""), Out: out, Err: out, Getenv: func(string) string { return "" }}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- rehearsal.RunTests(ctx, env, rehearsal.TestOptions{Format: "text", Watch: true}, []string{dir})
	}()
	until := func(text string, times int) {
		t.Helper()
		late := time.After(20 * time.Second) // the file system tells of changes when it likes
		for out.count(text) < times {
			select {
			case <-out.grew:
			case <-late:
				t.Fatalf("%q did not come %d times; the output is\n%s", text, times, out)
			}
		}
	}
	save := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	until("0 passed, 1 failed", 1)
	save("default.topic", "+ hello\n- Hello! {topic=nowhere}\n")
	until("error[E021]", 1)
	save("default.topic", "+ hello\n- Hello!\n")
	until("1 passed, 0 failed", 1)
	save("a.chat", "test \"greets\"\n  > hello\n  < Hello!\n  :(\n")
	until("error[E040]", 1)
	save("a.chat", "test \"greets\"\n  > hello\n  < Hello!\n\ntest \"again\"\n  > hello\n  < *\n")
	until("2 passed, 0 failed", 1)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// The cases of the rules pass as a user runs them.
func TestCasesOfTheRules(t *testing.T) {
	cases := filepath.Join("..", "dialogue", "testdata", "rules.jsonl")
	for _, engine := range [][]string{nil, {"--interp"}} {
		got := asked("", append([]string{"--cases", cases}, engine...)...)
		if got.code != exitFine || !strings.Contains(got.out, " passed, 0 failed\n") {
			t.Errorf("%v: exit %d\n%s%s", engine, got.code, got.out, got.err)
		}
	}
}
