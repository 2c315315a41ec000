package bolt

import (
	"context"
	"errors"
	"runtime"

	"go.etcd.io/bbolt"

	"github.com/footlight-bots/footlight/host/store"
)

// maxGroup is the most operations that share one transaction.
const maxGroup = 512

// An operation waits for its place in a transaction.
type operation struct {
	ctx context.Context
	// do may run more than once, in a fresh transaction each time; only the last run
	// counts. When it returns ErrFenced or ErrFull it has written nothing.
	do   func(tx *bbolt.Tx) error
	done chan error // takes one answer without waiting
}

// write runs do in a transaction it may share with others and waits until that is on disk. When
// ctx ends meanwhile, write returns its error and do may still come to pass: after an error nothing that do writes
// to may be touched, results with a name included.
func (s *Store) write(ctx context.Context, do func(tx *bbolt.Tx) error) error {
	op := &operation{ctx: ctx, do: do, done: make(chan error, 1)}
	select {
	case <-s.stop:
		return store.ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	case s.ops <- op:
	}
	select {
	case err := <-op.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run is the one goroutine that writes: it takes who waits now into one
// transaction; who comes while that is written to disk shares the next.
func (s *Store) run() {
	for {
		select {
		case <-s.stop:
			return
		case op := <-s.ops:
			s.commit(s.gather([]*operation{op}))
		}
	}
}

// gather adds to the group whoever waits, without waiting for anyone.
func (s *Store) gather(group []*operation) []*operation {
	yielded := false
	for len(group) < maxGroup {
		select {
		case op := <-s.ops:
			group = append(group, op)
			yielded = false
		default:
			if yielded {
				return group
			}
			// The callers of the group before have just been answered: let them run, or
			// the first to return would have a transaction for itself.
			runtime.Gosched()
			yielded = true
		}
	}
	return group
}

// commit runs a group in one transaction and answers everyone in it. An
// operation that fails is taken out and the rest begins anew, because
// a transaction cannot be undone in part.
func (s *Store) commit(group []*operation) {
	for len(group) > 0 {
		failed, answers, err := s.attempt(group)
		if failed < 0 {
			for i, op := range group {
				op.done <- errors.Join(answers[i], err)
			}
			return
		}
		group[failed].done <- err
		group = append(group[:failed:failed], group[failed+1:]...)
	}
}

// attempt tries a group. failed is the index of an operation that may have left half of its work in
// the transaction, which was therefore given up, or -1.
func (s *Store) attempt(group []*operation) (failed int, answers []error, err error) {
	tx, err := s.db.Begin(true)
	if err != nil {
		return -1, make([]error, len(group)), err
	}
	answers = make([]error, len(group))
	writes := false
	for i, op := range group {
		err := op.ctx.Err()
		if err == nil {
			err = op.do(tx)
			if err != nil && !errors.Is(err, store.ErrFenced) && !errors.Is(err, store.ErrFull) {
				return i, nil, errors.Join(err, tx.Rollback())
			}
		}
		answers[i] = err
		writes = writes || err == nil
	}
	if !writes {
		return -1, answers, tx.Rollback()
	}
	return -1, answers, tx.Commit()
}
