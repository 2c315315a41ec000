package sandbox

import (
	"context"
	"sync"
	"sync/atomic"
)

// bay is where one instance waits for a turn. People who talk at the same time use bays
// of their own, and never wait for each other's caches: the bay fills two lines of a
// processor's cache, as processors read lines in pairs.
type bay struct {
	mu       sync.Mutex
	instance *instance // nil: it is lent, or there is none
	running  int       // loans that are counted here
	closed   bool
	_        [128 - 32]byte
}

// take lends the instance that waits here, if there is one.
func (b *bay) take() (in *instance, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, ErrClosed
	}
	if in = b.instance; in != nil {
		b.instance = nil
		b.running++
	}
	return in, nil
}

// lend counts the loan of an instance that is still to be made.
func (b *bay) lend() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return ErrClosed
	}
	b.running++
	return nil
}

// keep lets an instance wait here, if there is room, and ends so many loans that are
// counted here.
func (b *bay) keep(in *instance, loans int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || b.instance != nil {
		return false
	}
	b.instance = in
	b.running -= loans
	return true
}

// leave ends a loan, and tells whether the bay has been closed.
func (b *bay) leave() (closed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running--
	return b.closed
}

// close ends the bay. The loans that are counted here are added to rest before any of them
// can end and find the bay closed.
func (b *bay) close(ctx context.Context, rest *atomic.Int64) (err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	rest.Add(int64(b.running))
	if b.instance != nil {
		err = b.instance.close(ctx)
		b.instance = nil
	}
	return err
}

// size is the memory of the instance that waits here in bytes, or 0 without one.
func (b *bay) size() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.instance == nil {
		return 0
	}
	return int(b.instance.memory.Size())
}
