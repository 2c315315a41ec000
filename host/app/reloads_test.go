package app

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// lines is a log that tells when something is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	news chan struct{}
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.news <- struct{}{}:
	default:
	}
	return l.text.Write(p)
}

func (l *lines) await(t *testing.T, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		l.mu.Lock()
		text := l.text.String()
		l.mu.Unlock()
		if strings.Contains(text, want) {
			return
		}
		select {
		case <-l.news:
		case <-ctx.Done():
			t.Fatalf("waited for %q:\n%s", want, text)
		}
	}
}

// TestReloadsAreLogged: who serves a folder reads in the log what went on stage, with what it changed, and
// what did not, with the reason.
func TestReloadsAreLogged(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "default.topic", cafe)
	write(t, dir, "table.topic", table)
	log := &lines{news: make(chan struct{}, 1)}
	c := serviceConfig(t, dir)
	c.Log = slog.New(slog.NewTextHandler(log, nil))
	h, err := New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- h.Run(ctx) }()
	write(t, dir, "default.topic", cafe+"\n+ cake\n- Cake!\n")
	log.await(t, `msg="on stage" bot=`)
	log.await(t, `generation=2 changes="~ topic default (+ cake)" build_ms=`)
	write(t, dir, "default.topic", cafe+"\n+ (cake\n- Cake!\n")
	log.await(t, `msg="the current files cannot be put on stage; what is there stays"`)
	log.await(t, `generation=2 why="default.topic:10: E010 `)
	if n := h.Bot().Status().Failures; n == 0 {
		t.Error("the failure is not counted")
	}
	if err := os.Remove(filepath.Join(dir, "table.topic")); err != nil {
		t.Fatal(err)
	}
	write(t, dir, "default.topic", "+ *\n- Closed.\n")
	log.await(t, "topics=[table]")
	if s := h.Bot().Status(); s.Failures == 0 || s.FailedAt.IsZero() {
		t.Errorf("after a good version the failures are forgotten: %d, %v", s.Failures, s.FailedAt)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := h.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
