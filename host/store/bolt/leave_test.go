package bolt_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/store"
)

// Whoever goes away in the middle of a write is answered at once, and what the write makes of it is nobody's any more: the race
// detector sees who touches it all the same.
func TestCallersWhoGoAway(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "state.db"))
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	shelf := store.Shelf{Page: "1", Plugin: "tea"}
	for name, do := range map[string]func(ctx context.Context, k store.Key) bool{
		"accept": func(ctx context.Context, k store.Key) bool {
			events, claimed, err := s.Accept(ctx, now, []store.Event{{ID: "a", Key: k, At: now}, {ID: "b", Key: k, At: now}}, time.Minute, 1)
			return err == nil || len(events)+len(claimed) == 0
		},
		"lease": func(ctx context.Context, k store.Key) bool {
			l, ok, err := s.Lease(ctx, now, k, time.Minute)
			return err == nil || !ok && l == store.Lease{}
		},
		"erase": func(ctx context.Context, k store.Key) bool {
			done, err := s.EraseIdle(ctx, k, now.Add(48*time.Hour))
			return err == nil || !done
		},
		"value": func(ctx context.Context, k store.Key) bool {
			done, err := s.SetValue(ctx, shelf, k.Person, []byte("x"), nil)
			return err == nil || !done
		},
		"paper": func(ctx context.Context, k store.Key) bool {
			revision, done, err := s.SetPaper(ctx, store.Paper{Name: "p/" + k.Person, Body: []byte("x")})
			return err == nil || !done && revision == 0
		},
	} {
		t.Run(name, func(t *testing.T) {
			var all sync.WaitGroup
			for n := range 50 {
				ctx, leave := context.WithCancel(t.Context())
				all.Go(func() {
					if !do(ctx, store.Key{Page: "1", Person: fmt.Sprint(name, n)}) {
						t.Error("an error comes with what was done")
					}
				})
				all.Go(leave)
			}
			all.Wait()
		})
	}
}

// leaving is a context that ends after some looks at it.
type leaving struct {
	context.Context
	looks int
}

func (l *leaving) Err() error {
	if l.looks--; l.looks < 0 {
		return context.Canceled
	}
	return nil
}

// No lease is lost with a caller who goes away: it comes back from the call, or it was not given.
func TestNoLeaseIsLost(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "state.db"))
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	event := func(k store.Key) []store.Event { return []store.Event{{ID: "a", Key: k, At: now}} }
	for name, take := range map[string]func(ctx context.Context, k store.Key) ([]store.Claimed, error){
		"accept": func(ctx context.Context, k store.Key) ([]store.Claimed, error) {
			_, claimed, err := s.Accept(ctx, now, event(k), time.Minute, 1)
			return claimed, err
		},
		"claim": func(ctx context.Context, k store.Key) ([]store.Claimed, error) {
			if _, _, err := s.Accept(t.Context(), now, event(k), 0, 0); err != nil {
				t.Fatal(err)
			}
			return s.Claim(ctx, now, time.Minute, 1)
		},
	} {
		t.Run(name, func(t *testing.T) {
			for looks := range 6 {
				k := store.Key{Page: name, Person: fmt.Sprint(looks)}
				claimed, err := take(&leaving{t.Context(), looks}, k)
				if len(claimed) > 0 {
					if claimed[0].Key != k || claimed[0].Conversation == nil || len(claimed[0].Conversation.Events) != 1 {
						t.Errorf("after %d looks: %+v", looks, claimed)
					}
					continue
				}
				if _, free, leased := s.Lease(t.Context(), now, k, time.Minute); !free || leased != nil {
					t.Errorf("after %d looks: %v, and somebody nobody knows has the conversation (%v)", looks, err, leased)
				}
			}
		})
	}
}
