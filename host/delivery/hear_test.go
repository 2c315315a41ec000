package delivery

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// An event whose turn always fails is set aside after some tries, and does not stand
// in the way of what comes after it, nor of other people.
func TestPoisonEvent(t *testing.T) {
	fail := map[string]func() error{
		"error": func() error { return errors.New("no such table") },
		"panic": func() error { panic("index out of range") },
	}
	for name, fail := range fail {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.bot.act = func(_ context.Context, in turn.Input) error {
					if in.Event.Text == "poison" {
						return fail()
					}
					return nil
				}
				h := s.host()
				s.say(h, ann, "poison")
				s.say(h, ann, "a")
				s.say(h, bea, "b")
				s.saw(bea, "b")
				s.pass(time.Minute)
				s.saw(ann, "a@20") // after 1, 4 and 15 s
				s.heard(ann, "a")
				var aside []bool
				for _, taken := range s.book.taken {
					if taken.Err != nil {
						aside = append(aside, taken.Aside)
					}
				}
				if !slices.Equal(aside, []bool{false, false, false, true}) {
					t.Errorf("set aside: %v", aside)
				}
				c, state := s.conversation(ann)
				if len(c.Letters) != 1 || c.Letters[0].Kind != LetterEvent || LookAtLetter(c.Letters[0]).Text != "poison" {
					t.Errorf("letters %+v", c.Letters)
				}
				if len(s.book.letters) != 1 || len(state.Trials) > 0 {
					t.Errorf("the observer was told of %+v, the session remembers %+v", s.book.letters, state.Trials)
				}
			})
		})
	}
}

func TestTurnFailsOnce(t *testing.T) {
	onStage(t, func(s *stage) {
		var seeds []uint64
		s.bot.act = func(_ context.Context, in turn.Input) error {
			seeds = append(seeds, in.Seed)
			if len(seeds) == 1 {
				return errors.New("out of instances")
			}
			return nil
		}
		s.say(s.host(), ann, "a")
		s.pass(time.Minute)
		s.saw(ann, "a@1")
		if len(seeds) != 2 || seeds[0] != seeds[1] {
			t.Errorf("seeds %v: a turn that is taken again must draw alike", seeds)
		}
	})
}

func TestTurnTimesOut(t *testing.T) {
	onStage(t, func(s *stage) {
		s.bot.act = func(ctx context.Context, in turn.Input) error {
			if in.Event.Text == "loop" {
				<-ctx.Done()
				return context.Cause(ctx)
			}
			return nil
		}
		h := s.host()
		s.say(h, ann, "loop")
		s.say(h, ann, "a")
		s.pass(5 * time.Minute)
		s.saw(ann, "a@120") // four tries of 25 s, and 20 s of pauses
		if !errors.Is(s.book.taken[0].Err, context.DeadlineExceeded) {
			t.Errorf("error %v", s.book.taken[0].Err)
		}
	})
}

// Events of a Page wait for its bot's first generation, and for its credentials.
func TestNotReady(t *testing.T) {
	tests := []struct {
		name string
		gate func(b *actor, open *atomic.Bool)
	}{
		{"no bot", func(b *actor, open *atomic.Bool) { b.ready = open.Load }},
		{"no generation", func(b *actor, open *atomic.Bool) {
			b.act = func(context.Context, turn.Input) error {
				if !open.Load() {
					return ErrNotReady
				}
				return nil
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				var open atomic.Bool
				tt.gate(s.bot, &open)
				h := s.host(rarely)
				s.say(h, ann, "a")
				s.pass(time.Minute + time.Millisecond)
				s.saw(ann)
				open.Store(true)
				s.pass(time.Minute)
				s.saw(ann, "a@61")
			})
		})
		t.Run(tt.name+" for a day", func(t *testing.T) {
			onStage(t, func(s *stage) {
				tt.gate(s.bot, new(atomic.Bool))
				e := s.message(ann, "a")
				e.At = e.At.Add(-BotWait)
				h := s.host(rarely)
				s.accept(h, e)
				s.pass(2 * time.Second)
				s.empty(ann)
				if n := len(s.book.taken); n != 1 || !s.book.taken[0].Aside || !errors.Is(s.book.taken[0].Err, ErrNotReady) {
					t.Errorf("observer was told %+v", s.book.taken)
				}
			})
		})
	}
	t.Run("no credentials", func(t *testing.T) {
		onStage(t, func(s *stage) {
			var has atomic.Bool
			h := s.host(func(c *Config) { c.Clients = func(string) (Client, bool) { return s.phone, has.Load() } })
			s.say(h, ann, "a")
			s.pass(10*time.Second + time.Millisecond)
			s.saw(ann)
			s.heard(ann, "a")
			has.Store(true)
			s.pass(time.Minute)
			s.saw(ann, "a@11")
		})
	})
}

// A host that is told to stop finishes the step in hand and gives its leases back.
func TestShutdownFinishesTheTurn(t *testing.T) {
	onStage(t, func(s *stage) {
		s.bot.act = func(context.Context, turn.Input) error {
			time.Sleep(10 * time.Second) // of the bubble's clock
			return nil
		}
		h := s.host()
		s.say(h, ann, "a|b")
		s.pass(time.Second)
		h.stop()
		s.heard(ann, "a|b")
		if waited := time.Since(s.start); waited != 10*time.Second {
			t.Errorf("stopped after %s, want 10s", waited)
		}
		s.host() // without waiting for a lease to run out
		s.saw(ann, "a@10", "b@10")
	})
}

// Only the step in hand is finished, not all that is due.
func TestShutdownFinishesOneSend(t *testing.T) {
	onStage(t, func(s *stage) {
		s.phone.took = 2 * time.Second
		h := s.host()
		s.say(h, ann, "a|b|c")
		s.pass(time.Second)
		h.stop()
		s.saw(ann, "a@2")
		s.host()
		s.pass(time.Minute)
		s.saw(ann, "a@2", "b@4", "c@6")
	})
}

// A send that is cut off in flight keeps its lease, so that its echo can come.
func TestShutdownCutsASend(t *testing.T) {
	onStage(t, func(s *stage) {
		s.phone.took = time.Hour
		h := s.host()
		s.say(h, ann, "a|b")
		s.pass(time.Second)
		h.stop()
		s.phone.took = 0
		second := s.host()
		s.pass(5 * time.Second)
		s.accept(second, s.echo(s.phone.out[0]))
		s.pass(time.Minute)
		s.saw(ann, "a@26", "b@40") // the lease was last renewed at 25 s
	})
}

// What does not finish in time is cut off; nothing of it is kept.
func TestShutdownCutsWhatHangs(t *testing.T) {
	onStage(t, func(s *stage) {
		var freed atomic.Bool
		s.bot.act = func(ctx context.Context, _ turn.Input) error {
			if !freed.Load() {
				<-ctx.Done()
				return context.Cause(ctx)
			}
			return nil
		}
		h := s.host()
		s.pass(time.Second)
		s.say(h, ann, "a")
		h.stop()
		if waited := time.Since(s.start); waited != DrainTime+time.Second {
			t.Errorf("stopped after %s, want %s", waited, DrainTime+time.Second)
		}
		s.heard(ann)
		freed.Store(true)
		s.host()
		s.pass(time.Minute)
		s.heard(ann, "a")
	})
}

func TestRunOnlyOnce(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host()
		if err := h.Run(s.t.Context()); err == nil {
			t.Error("a second Run was not refused")
		}
	})
}

// L-EV-6: an event that starts no turn changes the session, but cancels nothing.
func TestEventWithoutTurn(t *testing.T) {
	onStage(t, func(s *stage) {
		s.bot.alter = func(in turn.Input, r turn.Result) turn.Result {
			if in.Event.Kind == turn.Referral {
				return turn.Result{Session: r.Session}
			}
			return r
		}
		h := s.host()
		s.say(h, ann, "a|10:b")
		s.accept(h, messenger.Event{
			Kind: messenger.KindReferral, Page: page, Person: ann, ID: "r", At: time.Now(), Referral: &messenger.Referral{Ref: "R"},
		})
		s.pass(time.Minute)
		s.saw(ann, "a", "b@10")
		s.heard(ann, "a|10:b", "")
	})
}

// A part becomes as many calls as Messenger needs; they share the part's delay.
func TestPartsOfManyCalls(t *testing.T) {
	onStage(t, func(s *stage) {
		long := strings.Repeat("word ", 600) // of 3,000 characters: two messages
		s.bot.parts = func(turn.Input) []reply.Part {
			return []reply.Part{
				{Text: "a", Shortcodes: []reply.Call{{Name: "typing"}}},
				{Text: long, Delay: 5 * time.Second},
				{Text: "bye", Shortcodes: []reply.Call{{Name: "handover", Args: []reply.Arg{{Text: "263902037430900"}}}}},
			}
		}
		s.say(s.host(), ann, "x")
		s.pass(time.Minute)
		if len(s.phone.out) != 4 {
			t.Fatalf("%d messages: %q", len(s.phone.out), s.phone.seen(ann))
		}
		for i, want := range []time.Duration{0, 5 * time.Second, 5 * time.Second, 5 * time.Second} {
			if s.phone.out[i].at != want {
				t.Errorf("message %d at %s, want %s", i, s.phone.out[i].at, want)
			}
		}
		if !slices.Equal(s.phone.handed, []string{ann + " to 263902037430900"}) {
			t.Errorf("handed over: %q", s.phone.handed)
		}
		if n := s.book.taken[0].Sends; n != 6 {
			t.Errorf("%d calls, want 6", n)
		}
		s.empty(ann)
	})
}

// At the bound of the queue messages are dropped loudly, and the state goes on.
func TestQueueIsBounded(t *testing.T) {
	var log strings.Builder
	onStage(t, func(s *stage) {
		if err := s.store.Pause(s.t.Context(), store.Pause{Page: page}); err != nil {
			t.Fatal(err)
		}
		h := s.host(func(c *Config) { c.Logger = textLogger(&log) })
		twenty := "a" + strings.Repeat("|a", 19)
		for range MaxQueued/20 + 2 {
			s.say(h, ann, twenty)
		}
		c, state := s.conversation(ann)
		if len(c.Sends) != MaxQueued {
			t.Errorf("%d sends wait, want %d", len(c.Sends), MaxQueued)
		}
		if want := uint64(MaxQueued/20 + 2); state.Turns != want {
			t.Errorf("%d turns, want %d", state.Turns, want)
		}
	})
	if n := strings.Count(log.String(), "queue of the person is full"); n != 2 {
		t.Errorf("logged %d times, want 2", n)
	}
}

// lookup is a source of profiles.
type lookup map[string]string

func (l lookup) Lookup(_ context.Context, _, psid string) map[string]string {
	return map[string]string{"_userFirstName": l[psid]}
}

func TestInputOfTurns(t *testing.T) {
	onStage(t, func(s *stage) {
		var in turn.Input
		s.bot.act = func(_ context.Context, got turn.Input) error { in = got; return nil }
		h := s.host(func(c *Config) { c.Profiles = lookup{ann: "Ann"} })
		s.say(h, ann, "hello")
		if in.Person.ID != ann || in.Person.PageID != page || in.Person.Platform != "facebook" || in.Person.Profile["_userFirstName"] != "Ann" {
			t.Errorf("person %+v", in.Person)
		}
		if in.Event.Kind != turn.Text || in.Event.Text != "hello" || !in.Now.Equal(s.start) || in.Seed == 0 {
			t.Errorf("input %+v", in)
		}
	})
}
