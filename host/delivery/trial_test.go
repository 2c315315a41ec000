package delivery

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// An event whose turn takes the process with it is set aside by the hosts that come after: the
// count is durable. Nothing is counted against an event that waits for its bot.
func TestEventThatKills(t *testing.T) {
	onStage(t, func(s *stage) {
		deaths := 0
		for range 2 * MaxTurnTries {
			f := &faulty{Store: s.store}
			var dead atomic.Bool
			f.before = func(string, store.Change) error {
				if dead.Load() {
					return errCut
				}
				return nil
			}
			s.bot.act = func(ctx context.Context, in turn.Input) error {
				if in.Event.Text == "poison" {
					dead.Store(true)
					deaths++
					<-ctx.Done()
				}
				return nil
			}
			h := s.host(func(c *Config) { c.Store = f })
			if deaths == 0 {
				s.accept(h, s.message(ann, "poison"), s.message(ann, "a"))
			}
			s.pass(time.Minute)
			h.stop()
		}
		if deaths != MaxTurnTries+1 { // the first is not known to be its fault
			t.Errorf("%d hosts died, want %d", deaths, MaxTurnTries+1)
		}
		s.heard(ann, "a")
		if c, _ := s.conversation(ann); len(c.Letters) != 1 || LookAtLetter(c.Letters[0]).Text != "poison" {
			t.Errorf("letters %+v", c.Letters)
		}
	})
}

// Messenger.md section 9, rule 20: whoever gets no answer is told so within 30 s, once.
func TestFallback(t *testing.T) {
	tests := []struct {
		name string
		act  func(context.Context) error
		want []string
	}{
		{"over budget", func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) }, []string{"sorry@25"}},
		{"fails", func(context.Context) error { return errors.New("no such table") }, []string{"sorry@20"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.bot.act = func(ctx context.Context, in turn.Input) error {
					if in.Event.Text == "poison" {
						return tt.act(ctx)
					}
					return nil
				}
				h := s.host(func(c *Config) { c.Fallback = "sorry" })
				s.say(h, ann, "poison")
				s.pass(5 * time.Minute)
				s.saw(ann, tt.want...)
				s.say(h, ann, "a")
				if got := s.phone.seen(ann); !slices.Equal(got[1:], []string{"a@300"}) {
					t.Errorf("afterwards %s saw %q", ann, got)
				}
				s.empty(ann)
			})
		})
	}
}

// An earlier message that comes late is answered between the tries of one that fails. That
// starts nothing anew: neither the tries nor the excuse.
func TestLateMessageBetweenTries(t *testing.T) {
	onStage(t, func(s *stage) {
		begun := 0
		s.bot.act = func(_ context.Context, in turn.Input) error {
			if in.Event.Text == "poison" {
				begun++
				return errors.New("no such table")
			}
			return nil
		}
		h := s.host(func(c *Config) { c.Fallback = "sorry" })
		late := []messenger.Event{s.message(ann, "a"), s.message(ann, "b"), s.message(ann, "c")}
		s.pass(time.Second)
		s.say(h, ann, "poison")
		for _, e := range late {
			s.pass(8 * time.Second)
			s.accept(h, e)
		}
		s.pass(5 * time.Minute)
		if begun != MaxTurnTries {
			t.Errorf("the turn was begun %d times, want %d", begun, MaxTurnTries)
		}
		if got := s.phone.texts(ann); !slices.Equal(got, []string{"a", "b", "sorry", "c"}) {
			t.Errorf("saw %q", got)
		}
		s.empty(ann)
	})
}

// A message that kills whoever takes it takes nobody along: what others say at the same time is not set aside
// because it was there when the hosts died.
func TestNobodyDiesAlong(t *testing.T) {
	onStage(t, func(s *stage) {
		people := crowd(10)
		begun := map[string]int{}
		var mu sync.Mutex
		for i := range 3 * MaxTurnTries {
			f := &faulty{Store: s.store}
			var dead atomic.Bool
			f.before = func(string, store.Change) error {
				if dead.Load() {
					return errCut
				}
				return nil
			}
			s.bot.act = func(ctx context.Context, in turn.Input) error {
				mu.Lock()
				begun[in.Event.Text]++
				mu.Unlock()
				working := time.NewTimer(time.Second) // of the bubble's clock
				defer working.Stop()
				select {
				case <-working.C:
				case <-ctx.Done():
				}
				if in.Event.Text == "poison" {
					dead.Store(true)
					<-ctx.Done()
				}
				return nil
			}
			h := s.host(func(c *Config) { c.Store, c.Workers = f, 20 })
			if i == 0 {
				events := []messenger.Event{s.message(ann, "poison")}
				for _, p := range people {
					events = append(events, s.message(p, "a"))
				}
				s.accept(h, events...)
			}
			s.pass(time.Minute)
			h.stop()
		}
		for _, p := range people {
			if got := s.phone.texts(p); !slices.Equal(got, []string{"a"}) {
				t.Errorf("%s saw %q", p, got)
			}
			s.empty(p)
		}
		s.empty(ann)
		if n := begun["poison"]; n > MaxTurnTries+1 {
			t.Errorf("the poison was taken %d times", n)
		}
	})
}

// TestTrialsLeaveWorkers: conversations whose turns are taken one at a time, as many as there may be, do not keep
// others waiting, and each has its turn in the end.
func TestTrialsLeaveWorkers(t *testing.T) {
	onStage(t, func(s *stage) {
		const workers = 8
		people := crowd(2 * workers)
		var mu sync.Mutex
		came := map[string]int{}
		s.bot.act = func(_ context.Context, in turn.Input) error {
			mu.Lock()
			came[in.Person.ID]++
			n := came[in.Person.ID]
			mu.Unlock()
			switch {
			case in.Event.Text != "long":
			case n == 1:
				return errors.New("no luck yet")
			default:
				time.Sleep(10 * time.Second) // of the bubble's clock
			}
			return nil
		}
		h := s.host(func(c *Config) { c.Workers = workers })
		var events []messenger.Event
		for _, one := range people {
			events = append(events, s.message(one, "long"))
		}
		s.accept(h, events...)
		s.pass(15 * time.Second)
		s.say(h, bea, "b")
		s.pass(10 * time.Minute)
		s.saw(bea, "b@15")
		for _, one := range people {
			if got := s.phone.texts(one); !slices.Equal(got, []string{"long"}) {
				t.Errorf("%s saw %q", one, got)
			}
			s.empty(one)
		}
	})
}
