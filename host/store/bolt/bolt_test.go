package bolt_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func open(t testing.TB, path string) *bolt.Store {
	t.Helper()
	s, err := bolt.Open(bolt.Options{Path: path, Wait: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestFileAndFolderAreMadeForTheOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "down", "state.db")
	open(t, path)
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
}

func TestSecondOpenSaysWhoHoldsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	open(t, path)
	_, err := bolt.Open(bolt.Options{Path: path, Wait: 20 * time.Millisecond})
	if err == nil {
		t.Fatal("the file was opened twice")
	}
	for _, want := range []string{path, "held by another process", "fuser -v"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
}

func TestFilesOfOthersAreLeftAlone(t *testing.T) {
	write := func(bucket, key, value string) func(tx *bbolt.Tx) error {
		return func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucket([]byte(bucket))
			if err != nil {
				return err
			}
			return b.Put([]byte(key), []byte(value))
		}
	}
	for _, c := range []struct {
		name string
		fill func(tx *bbolt.Tx) error
		want string
	}{
		{"another program's", write("wine", "red", "1"), "database of another program"},
		{"a later format", write("meta", "format", "footlight-store-9"), `format "footlight-store-9"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "other.db")
			db, err := bbolt.Open(path, 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Update(c.fill); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := bolt.Open(bolt.Options{Path: path}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want one that says %q", err, c.want)
			}
		})
	}
}

func TestNotADatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := bolt.Open(bolt.Options{Path: path}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error is %v, want one that names the file", err)
	}
}

func TestWhatWasCommittedIsThereAfterReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	s := open(t, path)
	k := store.Key{Page: "1", Person: "2"}
	if _, _, err := s.Accept(t.Context(), start, []store.Event{{ID: "m", Key: k, At: start, Body: []byte("hello")}}, 0, 0); err != nil {
		t.Fatal(err)
	}
	leases, err := s.Claim(t.Context(), start, time.Minute, 1)
	if err != nil || len(leases) != 1 {
		t.Fatalf("claimed %v, %v", leases, err)
	}
	change := store.Change{Session: []byte("tea"), Consumed: []string{"m"}, Sends: []store.Send{{ID: "a", Due: start, Body: []byte("hi")}}}
	if err := s.Commit(t.Context(), leases[0].Lease, change, true); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	c, err := s.Read(t.Context(), k)
	if err != nil {
		t.Fatal(err)
	}
	if string(c.Session) != "tea" || len(c.Events) != 0 || len(c.Sends) != 1 || string(c.Sends[0].Body) != "hi" {
		t.Errorf("read %+v", c)
	}
}
