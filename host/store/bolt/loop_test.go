package bolt

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
)

// put is an operation that writes a key and then returns err.
func put(ctx context.Context, key string, err error) *operation {
	return &operation{ctx: ctx, done: make(chan error, 1), do: func(tx *bbolt.Tx) error {
		return errors.Join(tx.Bucket(metaBucket).Put([]byte(key), []byte{1}), err)
	}}
}

// refuse is an operation that is refused.
func refuse(ctx context.Context) *operation {
	return &operation{ctx: ctx, done: make(chan error, 1), do: func(*bbolt.Tx) error { return store.ErrFenced }}
}

// full is an operation for which there is no room.
func full(ctx context.Context) *operation {
	return &operation{ctx: ctx, done: make(chan error, 1), do: func(*bbolt.Tx) error { return store.ErrFull }}
}

func TestOneFailureLeavesTheRestOfTheGroup(t *testing.T) {
	s, err := Open(Options{Path: filepath.Join(t.TempDir(), "state.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	broken := errors.New("broken")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name  string
		group []*operation
		want  []error
		kept  []string
	}{
		{"all well", []*operation{put(t.Context(), "a1", nil), put(t.Context(), "a2", nil)}, []error{nil, nil}, []string{"a1", "a2"}},
		{"one refused", []*operation{put(t.Context(), "b1", nil), refuse(t.Context()), put(t.Context(), "b2", nil)}, []error{nil, store.ErrFenced, nil}, []string{"b1", "b2"}},
		{"one without room", []*operation{put(t.Context(), "f1", nil), full(t.Context())}, []error{nil, store.ErrFull}, []string{"f1"}},
		{"one broken half-way", []*operation{put(t.Context(), "c1", nil), put(t.Context(), "bad", broken), put(t.Context(), "c2", nil)}, []error{nil, broken, nil}, []string{"c1", "c2"}},
		{"two broken", []*operation{put(t.Context(), "bad", broken), put(t.Context(), "d1", nil), put(t.Context(), "bad", broken)}, []error{broken, nil, broken}, []string{"d1"}},
		{"all broken", []*operation{put(t.Context(), "bad", broken)}, []error{broken}, nil},
		{"one given up", []*operation{put(gone, "bad", nil), put(t.Context(), "e1", nil)}, []error{context.Canceled, nil}, []string{"e1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			group := append([]*operation(nil), c.group...)
			s.commit(c.group)
			for i, op := range group {
				if err := <-op.done; !errors.Is(err, c.want[i]) || (err != nil) != (c.want[i] != nil) {
					t.Errorf("operation %d: error is %v, want %v", i, err, c.want[i])
				}
			}
			err := s.db.View(func(tx *bbolt.Tx) error {
				meta := tx.Bucket(metaBucket)
				for _, key := range c.kept {
					if meta.Get([]byte(key)) == nil {
						t.Errorf("%s is not kept", key)
					}
				}
				if meta.Get([]byte("bad")) != nil {
					t.Error("what a failed operation wrote is kept")
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestAGroupIsOneTransaction(t *testing.T) {
	s, err := Open(Options{Path: filepath.Join(t.TempDir(), "state.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	seen := map[int]bool{}
	var group []*operation
	for range 20 {
		group = append(group, &operation{ctx: t.Context(), done: make(chan error, 1), do: func(tx *bbolt.Tx) error {
			seen[tx.ID()] = true
			return tx.Bucket(metaBucket).Put([]byte("x"), nil)
		}})
	}
	s.commit(group)
	if len(seen) != 1 {
		t.Errorf("20 operations took %d transactions", len(seen))
	}
}

func TestWritesOfAnEndedContextAreNotMade(t *testing.T) {
	s, err := Open(Options{Path: filepath.Join(t.TempDir(), "state.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Check(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want %v", err, context.Canceled)
	}
}
