package shell

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/clock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pieces is where lines go; it notes what came in one write.
type pieces struct {
	mu   sync.Mutex
	got  []string
	fail error
}

func (p *pieces) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, string(b))
	return len(b), p.fail
}

func (p *pieces) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.got...)
}

func TestLines(t *testing.T) {
	wide := strings.Repeat("w", maxLines) + "\n"
	for _, row := range []struct {
		name string
		play func(l *Lines, log *slog.Logger)
		want []string // at the end of the play, before Close
		left []string // written by Close
	}{
		{"the first is written at once", func(l *Lines, _ *slog.Logger) { put(l, "a") }, []string{"a"}, nil},
		{"others wait for each other", func(l *Lines, _ *slog.Logger) { put(l, "a", "b", "c") }, []string{"a"}, []string{"bc"}},
		{"but no longer than the gap", func(l *Lines, _ *slog.Logger) {
			put(l, "a", "b", "c")
			pass(linesGap)
			put(l, "d", "e")
			pass(linesGap)
		}, []string{"a", "bc", "de"}, nil},
		{"after a pause one is written at once again", func(l *Lines, _ *slog.Logger) {
			put(l, "a", "b")
			pass(2 * linesGap)
			put(l, "c", "d")
		}, []string{"a", "b", "c"}, []string{"d"}},
		{"many do not wait", func(l *Lines, _ *slog.Logger) { put(l, "a", "b", wide, "c") }, []string{"a", "b" + wide}, []string{"c"}},
		{"a warning takes those before it along", func(l *Lines, log *slog.Logger) {
			put(l, "a", "b")
			log.With("page", "1").WithGroup("g").Warn("w", "n", 1)
			put(l, "c")
		}, []string{"a", "b" + `{"level":"WARN","msg":"w","page":"1","g":{"n":1}}` + "\n"}, []string{"c"}},
		{"what only tells does not", func(l *Lines, log *slog.Logger) {
			put(l, "a")
			log.Info("i")
		}, []string{"a"}, []string{`{"level":"INFO","msg":"i"}` + "\n"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out pieces
				l := NewLines(&out, clock.Real{})
				plain := slog.NewJSONHandler(l, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
					if len(groups) == 0 && a.Key == slog.TimeKey {
						return slog.Attr{}
					}
					return a
				}})
				row.play(l, slog.New(prompt{plain, l}))
				if got := out.all(); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", row.want) {
					t.Errorf("written %.200q, want %.200q", got, row.want)
				}
				if err := l.Close(); err != nil {
					t.Error(err)
				}
				if got := out.all()[len(row.want):]; fmt.Sprintf("%q", got) != fmt.Sprintf("%q", append([]string{}, row.left...)) {
					t.Errorf("Close wrote %.200q, want %.200q", got, row.left)
				}
				put(l, "late", "later")
				if got := out.all(); got[len(got)-2] != "late" || got[len(got)-1] != "later" {
					t.Errorf("after Close: %.200q", got)
				}
			})
		})
	}
}

func put(l *Lines, lines ...string) {
	for _, line := range lines {
		_, _ = l.Write([]byte(line))
	}
}

// pass lets time pass, and what is due then be done.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// TestLinesOfMany: whoever writes at the same time, each line is there once, whole, and in the order of its writer.
func TestLinesOfMany(t *testing.T) {
	const writers, each = 8, 500
	var out pieces
	l := NewLines(&out, clock.Real{})
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				put(l, fmt.Sprintf("%d %d\n", w, i))
				if i%100 == 0 {
					l.flush(false)
				}
			}
		})
	}
	all.Wait()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	next := [writers]int{}
	for line := range strings.Lines(strings.Join(out.all(), "")) {
		var w, i int
		if _, err := fmt.Sscanf(line, "%d %d\n", &w, &i); err != nil || i != next[w] {
			t.Fatalf("line %q, after %d of this writer (%v)", line, next[w], err)
		}
		next[w]++
	}
	for w, n := range next {
		if n != each {
			t.Errorf("writer %d: %d lines of %d", w, n, each)
		}
	}
}

// TestLinesThatCannotBeWritten: whoever writes next hears of it, and so does Close.
func TestLinesThatCannotBeWritten(t *testing.T) {
	full := errors.New("disk full")
	l := NewLines(&pieces{fail: full}, clock.Real{})
	put(l, "a")
	if _, err := l.Write([]byte("b")); !errors.Is(err, full) {
		t.Errorf("the next write: %v", err)
	}
	if err := l.Close(); !errors.Is(err, full) {
		t.Errorf("Close: %v", err)
	}
}

// TestLoggerWritesWhereItIsTold: on a terminal and elsewhere.
func TestLoggerWritesWhereItIsTold(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		var out, other bytes.Buffer
		env := Environment{Out: &other, Err: &other, Terminal: terminal, Getenv: func(string) string { return "" }}
		l := NewLines(&out, clock.Real{})
		l.Logger(env, slog.LevelInfo).Info("here")
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), "here") || other.Len() > 0 {
			t.Errorf("terminal %v: %q, elsewhere %q", terminal, out.String(), other.String())
		}
	}
}
