package bolt_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestAFileThatIsMostlyEmptyIsCompactedAtStart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	s := open(t, path)
	var events []store.Event
	for i := range 12 {
		k := store.Key{Page: "1", Person: fmt.Sprint(i)}
		events = append(events, store.Event{ID: "big", Key: k, At: start, Body: make([]byte, store.MaxBody)})
	}
	if _, _, err := s.Accept(t.Context(), start, events, 0, 0); err != nil {
		t.Fatal(err)
	}
	for _, e := range events[1:] {
		if err := s.Erase(t.Context(), e.Key); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := size(t, path)
	var log bytes.Buffer
	s, err := bolt.Open(bolt.Options{Path: path, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if after := size(t, path); after > before/2 {
		t.Errorf("file has %d bytes, had %d", after, before)
	}
	if !bytes.Contains(log.Bytes(), []byte("store compacted")) {
		t.Errorf("log says %q", log.String())
	}
	if c, err := s.Read(t.Context(), events[0].Key); err != nil || len(c.Events) != 1 || len(c.Events[0].Body) != store.MaxBody {
		t.Errorf("read %d events, %v", len(c.Events), err)
	}
	if _, err := os.Stat(path + ".compact"); !os.IsNotExist(err) {
		t.Errorf("the temporary file is still there: %v", err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestAFileReplacedWhileWaitingIsOpenedAgain has one process compact the file, which replaces it,
// while another waits for the lock of the old one: the second must end up with the new.
func TestAFileReplacedWhileWaitingIsOpenedAgain(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("skipped: needs /proc to see who has opened the file")
	}
	dir := t.TempDir()
	path, fresh := filepath.Join(dir, "state.db"), filepath.Join(dir, "new.db")
	k := store.Key{Page: "1", Person: "2"}
	s := open(t, fresh)
	if _, _, err := s.Accept(t.Context(), start, []store.Event{{ID: "new", Key: k}}, 0, 0); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	old, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	result := make(chan error, 1)
	go func() {
		s, err := bolt.Open(bolt.Options{Path: path, Wait: time.Minute})
		if err == nil {
			c, readErr := s.Read(t.Context(), k)
			if err = readErr; err == nil && len(c.Events) != 1 {
				err = fmt.Errorf("the old file was opened: %v", c)
			}
			_ = s.Close()
		}
		result <- err
	}()
	for opened(path) < 2 {
		runtime.Gosched()
	}
	if err := os.Rename(fresh, path); err != nil {
		t.Fatal(err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-result; err != nil {
		t.Error(err)
	}
}

// opened counts how often this process has a file open.
func opened(path string) (n int) {
	fds, _ := os.ReadDir("/proc/self/fd")
	for _, fd := range fds {
		if to, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && to == path {
			n++
		}
	}
	return n
}

// TestGlance: a look at the papers of a file changes nothing of it, and is refused while somebody writes it.
func TestGlance(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	s, err := bolt.Open(bolt.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.SetPaper(t.Context(), store.Paper{Name: "a/b", Body: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	look := func() (got store.Paper, err error) {
		err = bolt.Glance(path, func(g *bolt.Glimpse) error {
			if _, _, err := g.SetPaper(t.Context(), store.Paper{Name: "a/b", Revision: 1}); err == nil {
				t.Error("a paper was written")
			}
			none, err := g.Paper(t.Context(), "a/c")
			if none.Revision != 0 || err != nil {
				t.Errorf("a paper that is not there: %v, %v", none, err)
			}
			got, err = g.Paper(t.Context(), "a/b")
			return err
		})
		return got, err
	}
	if _, err := look(); err == nil {
		t.Error("a file that is being written was looked at")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := look(); err != nil || got.Revision != 1 || string(got.Body) != "x" {
		t.Errorf("%v, %v", got, err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file has changed (%v)", err)
	}
	for _, other := range []string{filepath.Join(t.TempDir(), "none.db"), filepath.Join(filepath.Dir(path), "text")} {
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), "text"), []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := bolt.Glance(other, func(*bolt.Glimpse) error { return nil }); err == nil {
			t.Errorf("%s was looked at", other)
		}
	}
}

// A file that cannot be made smaller for good stays the one that is written to: what comes later is not lost with it.
func TestAFileInAFolderThatCannotBeRead(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "state.db")
	s := open(t, path)
	for i := range 60 {
		_, _, err := s.SetPaper(t.Context(), store.Paper{Name: fmt.Sprint("big/", i), Body: make([]byte, 100<<10)})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 60 {
		if _, _, err := s.SetPaper(t.Context(), store.Paper{Name: fmt.Sprint("big/", i), Revision: 1}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o300); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	for n := range uint64(2) {
		s := open(t, path)
		if p, err := s.Paper(t.Context(), "small"); err != nil || p.Revision != n {
			t.Errorf("revision %d at start %d, %v", p.Revision, n, err)
		}
		if _, _, err := s.SetPaper(t.Context(), store.Paper{Name: "small", Revision: n, Body: []byte("x")}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
