package direction

import (
	"testing"
	"time"
)

// TestBreakerAbandoned: a call after the rest whose turn was given up says nothing, and the next one is tried in its place.
func TestBreakerAbandoned(t *testing.T) {
	b, now := &breaker{}, time.Unix(1_000_000, 0)
	for range maxFailures {
		b.report(now, true)
	}
	later := now.Add(restTime)
	if !b.allows(later) || b.allows(later) {
		t.Fatal("not one call is tried after the rest")
	}
	b.abandon()
	if !b.allows(later) {
		t.Error("it rests for ever")
	}
}
