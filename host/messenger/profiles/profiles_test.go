package profiles

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/messenger"
)

var opening = time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)

// In these tests time is synctest's: the real clock moves when everybody waits.
func profilesOf(t *testing.T, fetch func(ctx context.Context, page, psid string) (messenger.Profile, error)) *Cache {
	t.Helper()
	p, err := New(Config{Fetch: fetch, Clock: clock.Real{}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLookupRemembersForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		p := profilesOf(t, func(_ context.Context, page, psid string) (messenger.Profile, error) {
			calls++
			return messenger.Profile{FirstName: fmt.Sprint(page, psid, calls)}, nil
		})
		defer p.Close()
		lookup := func(want string, n int) {
			t.Helper()
			if got := p.Lookup(t.Context(), "9", "7")["_userFirstName"]; got != want || calls != n {
				t.Errorf("name %q after %d calls, want %q after %d", got, calls, want, n)
			}
			synctest.Wait()
		}
		lookup("971", 1)
		lookup("971", 1)
		time.Sleep(Life - time.Second)
		lookup("971", 1)
		time.Sleep(time.Second) // old: serves once more while the new one is fetched
		if got := p.Lookup(t.Context(), "9", "7")["_userFirstName"]; got != "971" {
			t.Errorf("old name: %q", got)
		}
		synctest.Wait()
		lookup("972", 2)
		time.Sleep(Stale) // too old to serve: waits
		lookup("973", 3)
		p.Forget("9", "7")
		lookup("974", 4)
	})
}

// L-NS-2: a turn never waits longer than a second, and runs without names.
func TestLookupWaitsNoLongerThanTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := profilesOf(t, func(ctx context.Context, _, _ string) (messenger.Profile, error) {
			return messenger.Profile{FirstName: "Ann"}, clock.Sleep(ctx, clock.Real{}, 5*time.Second)
		})
		defer p.Close()
		begun := time.Now()
		if got := p.Lookup(t.Context(), "9", "7"); len(got) != 0 || time.Since(begun) != Budget {
			t.Errorf("%v after %v", got, time.Since(begun))
		}
		time.Sleep(5 * time.Second)
		if got := p.Lookup(t.Context(), "9", "7"); got["_userFirstName"] != "Ann" {
			t.Errorf("the answer that came late is lost: %v", got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		begun = time.Now()
		if p.Lookup(ctx, "9", "8"); time.Since(begun) != 0 {
			t.Error("an ended context was waited with")
		}
	})
}

func TestLookupAsksAgainAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		p := profilesOf(t, func(context.Context, string, string) (messenger.Profile, error) {
			if calls++; calls == 1 {
				return messenger.Profile{}, errors.New("no profile")
			}
			return messenger.Profile{FirstName: "Ann"}, nil
		})
		defer p.Close()
		for range 3 {
			if got := p.Lookup(t.Context(), "9", "7"); len(got) != 0 || calls != 1 {
				t.Errorf("%v after %d calls", got, calls)
			}
		}
		time.Sleep(Retry)
		if got := p.Lookup(t.Context(), "9", "7"); got["_userFirstName"] != "Ann" {
			t.Errorf("%v after %d calls", got, calls)
		}
	})
}

// Many who ask for one person make one call; many people make MaxCalls at a time.
func TestLookupBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls, most, now atomic.Int64
		p := profilesOf(t, func(ctx context.Context, _, _ string) (messenger.Profile, error) {
			calls.Add(1)
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			return messenger.Profile{FirstName: "Ann"}, clock.Sleep(ctx, clock.Real{}, 10*time.Millisecond)
		})
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() { p.Lookup(t.Context(), "9", "7") })
		}
		wg.Wait()
		if calls.Load() != 1 {
			t.Errorf("%d calls for one person", calls.Load())
		}
		for i := range 100 {
			wg.Go(func() { p.Lookup(t.Context(), "9", fmt.Sprint(i)) })
		}
		wg.Wait()
		if most.Load() != MaxCalls {
			t.Errorf("%d calls at a time", most.Load())
		}
		p.Close()
		before := calls.Load()
		if p.Lookup(t.Context(), "9", "new"); calls.Load() != before {
			t.Error("a call after Close")
		}
	})
}

func TestProfilesMemoryIsBounded(t *testing.T) {
	v := clock.NewVirtual(opening)
	p, err := New(Config{Clock: v, Fetch: func(context.Context, string, string) (messenger.Profile, error) { return messenger.Profile{}, nil }})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for i := range MaxPeople + 100 {
		p.Lookup(t.Context(), "9", fmt.Sprint(i))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.people); n > MaxPeople {
		t.Errorf("%d people", n)
	}
}

func TestCloseEndsFetches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := profilesOf(t, func(ctx context.Context, _, _ string) (messenger.Profile, error) {
			<-ctx.Done()
			return messenger.Profile{}, ctx.Err()
		})
		p.Lookup(t.Context(), "9", "7")
		p.Close()
	})
}

func TestNewProfilesNeedsItsParts(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("no error")
	}
}
