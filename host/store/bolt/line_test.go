package bolt

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
)

// What a turn costs the store does not grow with what the person has written meanwhile: of all that waits a commit under a
// lease looks at the first that is due, and at no other. So it does not notice that the others cannot be read.
func TestCommitLooksAtTheFirstThatWaits(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s, err := Open(Options{Path: filepath.Join(t.TempDir(), "state.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	k := store.Key{Page: "1", Person: "2"}
	var burst []store.Event
	for i := range 100 {
		burst = append(burst, store.Event{ID: fmt.Sprintf("m%02d", i), Key: k, At: noon, Body: []byte("x")})
	}
	if _, _, err := s.Accept(t.Context(), noon, burst, 0, 0); err != nil {
		t.Fatal(err)
	}
	l, ok, err := s.Lease(t.Context(), noon, k, time.Minute)
	if err != nil || !ok {
		t.Fatalf("lease: %t, %v", ok, err)
	}
	err = s.db.Update(func(tx *bbolt.Tx) error {
		for _, e := range burst[2:] {
			if err := tx.Bucket(convBucket).Put(item(k, eventKind, e.ID), numbered(9, []byte("no record"))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	turn := store.Change{Session: []byte("s"), Consumed: []string{"m00"}, Sends: []store.Send{{ID: "a", Due: noon, Body: []byte("y")}}}
	if err := s.Commit(t.Context(), l, turn, false); err != nil {
		t.Errorf("the turn: %v", err)
	}
	if err := s.Commit(t.Context(), l, store.Change{Settled: []string{"a"}}, false); err != nil {
		t.Errorf("its message: %v", err)
	}
	if _, err := s.Extend(t.Context(), l, noon.Add(time.Hour), store.Counted); err != nil {
		t.Errorf("the lease: %v", err)
	}
	if err := s.Release(t.Context(), l); err == nil {
		t.Error("given back although nobody knows when what waits is due")
	}
}
