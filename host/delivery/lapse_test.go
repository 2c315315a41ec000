package delivery

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/footlight-bots/footlight/host/delivery/pace"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// How long people wait for whom a host held a lease that it does not use.

// slowly is a store whose answers to Accept take their time; who goes away before does not hear them.
type slowly struct {
	store.Store
	took time.Duration
}

func (s slowly) Accept(
	ctx context.Context, now time.Time, events []store.Event, lease time.Duration, limit int,
) ([]store.Event, []store.Claimed, error) {
	fresh, claimed, err := s.Store.Accept(ctx, now, events, lease, limit)
	answer := time.NewTimer(s.took) // of the bubble's clock
	defer answer.Stop()
	select {
	case <-answer.C:
		return fresh, claimed, err
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// Whoever accepts an event takes its turn, also when the POST was given up while the store worked: a lease of
// which nobody hears would keep the person waiting until it has run out.
func TestAcceptOutlastsItsCaller(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host(func(c *Config) { c.Store = slowly{s.store, 2 * time.Second} })
		ctx, cancel := context.WithTimeout(s.t.Context(), time.Second)
		defer cancel()
		if err := h.Accept(ctx, []messenger.Event{s.message(ann, "a")}); err != nil {
			t.Errorf("what was kept is reported as an error: %v", err)
		}
		s.pass(time.Second)
		s.saw(ann, "a@2")
	})
}

// A host that is cut off at its end does not wait for the store.
func TestAcceptEndsWithItsHost(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host(func(c *Config) { c.Store = slowly{s.store, time.Hour} })
		ended := make(chan error, 1)
		go func() { ended <- h.Accept(context.Background(), []messenger.Event{s.message(ann, "a")}) }()
		synctest.Wait()
		h.stop()
		if took := time.Since(s.start); took != DrainTime {
			t.Errorf("the host has ended after %s, want %s", took, DrainTime)
		}
		if err := <-ended; err == nil {
			t.Error("an answer that nobody has heard counts as one")
		}
	})
}

// Some of a batch may have been leased although it failed as a whole: their turns are taken at once.
func TestAcceptUsesWhatItHasOfAFailure(t *testing.T) {
	onStage(t, func(s *stage) {
		f := &faulty{Store: s.store, after: func(op string, _ store.Change) error {
			if op == "accept" {
				return errCut
			}
			return nil
		}}
		h := s.host(func(c *Config) { c.Store = f })
		if err := h.Accept(s.t.Context(), []messenger.Event{s.message(ann, "a")}); err == nil {
			t.Error("no error: the platform would not repeat the rest")
		}
		s.pass(time.Second)
		s.saw(ann, "a")
	})
}

// limits is a store that notes how many leases it is asked for along with events.
type limits struct {
	store.Store
	asked []int
}

func (l *limits) Accept(
	ctx context.Context, now time.Time, events []store.Event, lease time.Duration, limit int,
) ([]store.Event, []store.Claimed, error) {
	l.asked = append(l.asked, limit)
	return l.Store.Accept(ctx, now, events, lease, limit)
}

// Messages of a burst ask for no lease while a worker has the conversation; those of others do, and what was not asked for is taken all the same, at once.
func TestBurstAsksForNoLease(t *testing.T) {
	onStage(t, func(s *stage) {
		l := &limits{Store: s.store}
		h := s.host(func(c *Config) { c.Store = l })
		s.bot.act = func(context.Context, turn.Input) error { time.Sleep(time.Second); return nil }
		for range 4 {
			s.say(h, ann, "a")
		}
		s.accept(h, s.message(ann, "a"), s.message(bea, "b"))
		s.pass(10 * time.Second)
		s.say(h, ann, "c")
		if want := []int{1, 0, 0, 0, 2, 1}; !slices.Equal(l.asked, want) {
			t.Errorf("leases asked for %v, want %v", l.asked, want)
		}
		s.pass(time.Second)
		s.saw(bea, "b@1")
		s.heard(ann, "a", "a", "a", "a", "a", "c")
		s.empty(ann)
	})
}

// A host that dies while messages to many are on their way makes each of them wait for as long as a lease lasts and
// no longer, where the platform tells of what it has sent; where it does not, their conversations are
// read back, as many a second as it allows.
func TestHostDiesAmidMany(t *testing.T) {
	const people = 40
	for _, row := range []struct {
		name         string
		sent, echoes bool
		want         time.Duration
	}{
		{"echoes come", true, true, LeaseFor},
		{"no echo comes", true, false, LeaseFor + time.Duration(math.Ceil(people/(pace.MaxReadsPerSecond*(1-pace.Slack))))*time.Second},
		{"none has gone out", false, false, LeaseFor + time.Duration(math.Ceil(people/(pace.MaxReadsPerSecond*(1-pace.Slack))))*time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				crowded := func(c *Config) { c.Workers = 2 * people }
				f := s.dying()
				if !row.sent { // none gets through before the host is gone
					s.phone.refuse = func(int, outgoing) error {
						if time.Since(s.start) > time.Second {
							return nil
						}
						return &messenger.TransportError{Op: "send", NotSent: true, Err: errCut}
					}
					f = s.dyingAt(func(op string, c store.Change) bool { return op == "commit" && len(c.Retried) > 0 })
				}
				first := s.host(crowded, func(c *Config) { c.Store = f })
				var batch []messenger.Event
				for i := range people {
					batch = append(batch, s.message(fmt.Sprint(3000+i), "a|b"))
				}
				s.phone.took = 500 * time.Millisecond
				s.accept(first, batch...)
				second := s.host(crowded)
				s.pass(time.Second)
				if row.echoes {
					for _, m := range slices.Clone(s.phone.out) {
						s.accept(second, s.echo(m))
					}
				}
				s.pass(time.Minute)
				longest := time.Duration(0)
				for i := range people {
					person := fmt.Sprint(3000 + i)
					s.empty(person)
					if got := s.phone.texts(person); !slices.Equal(got, []string{"a", "b"}) {
						t.Fatalf("%s saw %q", person, got)
					}
				}
				for _, m := range s.phone.out {
					longest = max(longest, m.at)
				}
				if most := row.want + time.Second; longest < LeaseFor || longest > most {
					t.Errorf("somebody waited for %s, want %s to %s", longest, LeaseFor, most)
				}
				if row.echoes && s.phone.reads > 0 {
					t.Errorf("%d conversations were read back although their echoes had come", s.phone.reads)
				}
			})
		})
	}
}
