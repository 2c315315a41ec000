// Package bell lets many watch one thing for changes. Whoever changes something
// rings; whoever watches hears of it, several rings in a row perhaps as one. Ringing
// never waits. No API of the host is promised.
package bell

import "sync"

// Bell is rung at every change. The zero Bell is ready. It is safe for concurrent use.
type Bell struct {
	mu       sync.Mutex
	watchers map[chan struct{}]struct{}
}

// Watch returns a channel that receives after something changed, one value for
// all changes that were not seen yet, and a function that ends the watching, which
// must be called. The channel is never closed.
func (b *Bell) Watch() (changes <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.watchers == nil {
		b.watchers = map[chan struct{}]struct{}{}
	}
	b.watchers[c] = struct{}{}
	return c, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.watchers, c)
	}
}

// Ring tells everybody who watches that something changed.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.watchers {
		select {
		case c <- struct{}{}:
		default: // a change is waiting to be seen already
		}
	}
}
