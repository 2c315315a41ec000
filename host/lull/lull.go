// Package lull lets whoever lends something to a piece of work know when the work does not
// use it: while it waits for others, such as for a request to somewhere else, and now and then while it
// computes, so that others can go first. It travels with the context of the work, as the lender is far
// from where that happens. It knows nothing of either. No API of the host is promised.
package lull

import (
	"context"
	"time"
)

// Lender is who lends. Its methods may be called by several at the same time.
type Lender interface {
	// Lull is told that the work waits from now on, until end is called.
	Lull() (end func())
	// Breathe lets others go first, if there are any, and tells how long that took.
	Breathe() time.Duration
}

// key finds the lender.
type key struct{}

// With returns a context for work that uses what l lends.
func With(ctx context.Context, l Lender) context.Context { return context.WithValue(ctx, key{}, l) }

// Begin tells that the work of ctx waits from now on, until end is called.
func Begin(ctx context.Context) (end func()) {
	if l, ok := ctx.Value(key{}).(Lender); ok {
		return l.Lull()
	}
	return func() {}
}

// Breathe is called every few milliseconds by work that computes. It tells how long others went first: that is no
// time of the work's own.
func Breathe(ctx context.Context) time.Duration {
	if l, ok := ctx.Value(key{}).(Lender); ok {
		return l.Breathe()
	}
	return 0
}
