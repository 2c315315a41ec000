package lull

import (
	"context"
	"slices"
	"testing"
	"time"
)

// lender notes what it is told.
type lender struct{ heard []string }

func (l *lender) Lull() (end func()) {
	l.heard = append(l.heard, "waits")
	return func() { l.heard = append(l.heard, "goes on") }
}

func (l *lender) Breathe() time.Duration {
	l.heard = append(l.heard, "breathes")
	return time.Second
}

// TestLull: whoever lends hears of each lull from beginning to end, and of each breath; work that uses nothing lent
// tells nobody, and waits for nobody.
func TestLull(t *testing.T) {
	Begin(t.Context())()
	if rested := Breathe(t.Context()); rested != 0 {
		t.Errorf("rested for %s", rested)
	}
	var l lender
	ctx, stop := context.WithCancel(With(t.Context(), &l))
	defer stop()
	end := Begin(ctx)
	l.heard = append(l.heard, "asks")
	end()
	if rested := Breathe(ctx); rested != time.Second {
		t.Errorf("rested for %s", rested)
	}
	if want := []string{"waits", "asks", "goes on", "breathes"}; !slices.Equal(l.heard, want) {
		t.Errorf("%q, want %q", l.heard, want)
	}
}
