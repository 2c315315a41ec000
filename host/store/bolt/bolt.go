// Package bolt keeps the store in one file, with bbolt. It serves one process at
// a time. Writes of many callers are gathered into one transaction while the
// one before is being written to disk (group commit), so that an fsync serves many.
//
// Invariants: what a call acknowledged is on disk (fsync is never turned off); an
// operation that is refused has written nothing; a conversation's entry in the due
// index is never later than the time it has work. No API of the host is promised.
package bolt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
)

var _ store.Store = (*Store)(nil)

// Options say how a file is opened.
type Options struct {
	Path string        // the file; it and its folder are made when missing, for the owner only
	Wait time.Duration // how long to wait for another process to let go of the file; zero: DefaultWait
	Log  *slog.Logger  // what happens to the file is told here; nil: nowhere
}

// DefaultWait is how long Open waits for the lock of the file unless told otherwise:
// enough for a predecessor that is just closing.
const DefaultWait = 2 * time.Second

// Store is an open file.
type Store struct {
	db   *bbolt.DB
	ops  chan *operation
	stop chan struct{}
	once sync.Once
	loop sync.WaitGroup
	err  error // of closing
}

// Open opens the file, makes it when it is missing, and compacts it when more than
// half of it is empty. Leases of a process that died end, but for those under which something may have been on
// its way out. Close must be called.
func Open(o Options) (*Store, error) {
	db, err := openFile(o)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := db.Update(inherit); err != nil {
		return nil, fmt.Errorf("open store: %w", errors.Join(err, db.Close()))
	}
	s := &Store{db: db, ops: make(chan *operation), stop: make(chan struct{})}
	s.loop.Go(s.run)
	return s, nil
}

// Close implements store.Store. It waits for the writes under way.
func (s *Store) Close() error {
	s.once.Do(func() {
		close(s.stop)
		s.loop.Wait()
		if err := s.db.Close(); err != nil {
			s.err = fmt.Errorf("close store: %w", err)
		}
	})
	return s.err
}

// Check implements store.Store: it writes, and waits for the disk.
func (s *Store) Check(ctx context.Context) error {
	err := s.write(ctx, func(tx *bbolt.Tx) error {
		return tx.Bucket(metaBucket).Put(checkKey, nil)
	})
	if err != nil {
		return fmt.Errorf("check store: %w", err)
	}
	return nil
}

// read runs do in a transaction that sees the last state on disk.
func (s *Store) read(ctx context.Context, do func(tx *bbolt.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := s.db.View(do)
	if isClosed(err) {
		return store.ErrClosed
	}
	return err
}
