package delivery

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

func TestReply(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host()
		s.say(h, ann, "hello")
		s.saw(ann, "hello") // at once: no time has passed
		s.heard(ann, "hello")
		s.empty(ann)
		s.pass(SeenGap)
		if got := strings.Join(s.phone.actions("mark_seen"), " "); got != ann+"@0.02" {
			t.Errorf("mark_seen went to %q", got)
		}
		if n := len(s.book.taken); n != 1 || s.book.taken[0].Sends != 1 || s.book.taken[0].Err != nil {
			t.Errorf("observer was told %+v", s.book.taken)
		}
		if n := len(s.book.sent); n != 1 || s.book.sent[0].Outcome != Delivered || s.book.sent[0].Message == "" ||
			replyOf(s.book.sent[0].ID) != s.book.taken[0].ID {
			t.Errorf("observer was told %+v", s.book.sent)
		}
	})
}

func TestNewRefusesHalfAConfig(t *testing.T) {
	onStage(t, func(s *stage) {
		whole := Config{Store: s.store, Bots: s.bot, Clients: func(string) (Client, bool) { return s.phone, true }}
		tests := []struct {
			name, want string
			change     func(*Config)
		}{
			{"store", "Store is missing", func(c *Config) { c.Store = nil }},
			{"bots", "Bots is missing", func(c *Config) { c.Bots = nil }},
			{"clients", "Clients is missing", func(c *Config) { c.Clients = nil }},
			{"workers", "-1 workers", func(c *Config) { c.Workers = -1 }},
			{"poll", "-1s", func(c *Config) { c.Poll = -time.Second }},
		}
		for _, tt := range tests {
			c := whole
			tt.change(&c)
			if _, err := New(c); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: error %v, want one about %q", tt.name, err, tt.want)
			}
		}
		d, err := New(whole)
		if err != nil || cap(d.crew.places) != DefaultWorkers || d.poll != DefaultPoll {
			t.Errorf("defaults: %d workers, poll %s, error %v", cap(d.crew.places), d.poll, err)
		}
	})
}

// L-DELAY-1, L-DELAY-3: a delay is counted from what went out before.
func TestDelays(t *testing.T) {
	tests := []struct {
		name, script string
		took         time.Duration
		want         []string
	}{
		{"none", "a|b|c", 0, []string{"a", "b", "c"}},
		{"one", "a|3:b", 0, []string{"a", "b@3"}},
		{"first", "2:a|b", 0, []string{"a@2", "b@2"}},
		{"fraction", "a|0.25:b", 0, []string{"a", "b@0.25"}},
		{"chain", "a|3:b|c|120:d", 0, []string{"a", "b@3", "c@3", "d@123"}},
		{"slow sends push on", "a|3:b|c|2:d", time.Second, []string{"a@1", "b@5", "c@6", "d@9"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.phone.took = tt.took
				h := s.host()
				s.say(h, ann, tt.script)
				s.pass(3 * time.Minute)
				s.saw(ann, tt.want...)
				s.empty(ann)
			})
		})
	}
}

// L-DELAY-4: while parts wait, the turn is over: the next one is taken at once, of anybody.
func TestDelaysBlockNobody(t *testing.T) {
	onStage(t, func(s *stage) {
		s.bot.keep = true
		h := s.host()
		s.say(h, ann, "a|60:b")
		s.pass(time.Second)
		s.say(h, bea, "x")
		s.say(h, ann, "c")
		s.saw(bea, "x@1")
		s.saw(ann, "a", "c@1")
		s.heard(ann, "a|60:b", "c")
		s.pass(time.Minute)
		s.saw(ann, "a", "c@1", "b@60")
	})
}

// L-DELAY-5: a new message cancels what waits, but for what is to stay.
func TestNewMessageCancelsDelays(t *testing.T) {
	tests := []struct {
		name, first string
		second      string // said after 5 seconds
		keep        bool
		want        []string
	}{
		{"cancelled", "a|10:b", "x", false, []string{"a", "x@5"}},
		{"all behind it too", "a|10:b|c|3:d", "x|y", false, []string{"a", "x@5", "y@5"}},
		{"nocancel stays", "a|!10:b", "x|y", false, []string{"a", "x@5", "y@5", "b@10"}},
		{"among new delays", "a|!10:b", "x|7:y", false, []string{"a", "x@5", "b@10", "y@12"}},
		{"some stay", "a|10:b|!2:c|3:d", "x", false, []string{"a", "x@5", "c@12"}},
		{"kept by the bot", "a|10:b", "x", true, []string{"a", "x@5", "b@10"}},
		{"came before", "a|4:b|10:c", "x", false, []string{"a", "b@4", "x@5"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.bot.keep = tt.keep
				h := s.host()
				s.say(h, ann, tt.first)
				s.pass(5 * time.Second)
				s.say(h, ann, tt.second)
				s.pass(time.Minute)
				s.saw(ann, tt.want...)
				s.empty(ann)
			})
		})
	}
}

// What stands without a pause is only on its way: a second message does not take
// the answer to the first away, however fast it comes.
func TestFastMessagesAreAllAnswered(t *testing.T) {
	onStage(t, func(s *stage) {
		s.phone.took = time.Second
		h := s.host()
		s.accept(h, s.message(ann, "a|b|c"), s.message(ann, "x"), s.message(ann, "y|5:z"))
		s.pass(time.Minute)
		s.saw(ann, "a@1", "b@2", "c@3", "x@4", "y@5", "z@11")
		s.heard(ann, "a|b|c", "x", "y|5:z")
	})
}

// The answer to one message does not wait for the turn of the next.
func TestAnswerGoesBeforeTheNextTurn(t *testing.T) {
	onStage(t, func(s *stage) {
		s.bot.act = func(_ context.Context, in turn.Input) error {
			if in.Event.Text == "slow" {
				time.Sleep(10 * time.Second) // of the bubble's clock
			}
			return nil
		}
		s.accept(s.host(), s.message(ann, "a|b"), s.message(ann, "slow"))
		s.pass(time.Minute)
		s.saw(ann, "a", "b", "slow@10")
	})
}

// A delayed message knows which one went out before it: whoever does not know whether it arrived looks behind that.
func TestDelayKnowsWhatCameBefore(t *testing.T) {
	onStage(t, func(s *stage) {
		s.phone.took = 10 * time.Millisecond
		s.say(s.host(), ann, "a|3:b")
		s.pass(time.Second)
		c, _ := s.conversation(ann)
		s.phone.mu.Lock()
		out := slices.Clone(s.phone.out)
		s.phone.mu.Unlock()
		if len(c.Sends) != 1 || len(out) != 1 {
			t.Fatalf("%d sends wait, %d are out", len(c.Sends), len(out))
		}
		if b, err := unload(c.Sends[0].Body); err != nil || b.Behind != out[0].mid {
			t.Errorf("it is behind %q, want %q (%v)", b.Behind, out[0].mid, err)
		}
		s.pass(time.Minute)
		s.saw(ann, "a@0.01", "b@3.02")
	})
}

// A message is not taken for an equal one that went out before it, whatever the echo of that has come for: what it settled
// went out last, and what was settled already tells nothing new.
func TestEchoTellsWhatCameBefore(t *testing.T) {
	lost := &messenger.TransportError{Op: "send", Err: errCut}
	for _, row := range []struct {
		name    string
		settles bool     // the echo; false: it comes while the answer of the send is on its way
		second  string   // reply
		want    []string // seen
	}{
		{"the echo comes before the answer", false, "no|x", []string{"x", "x@6"}},
		{"the echo comes instead of the answer", true, "x", []string{"x", "x@7"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				var h *host
				s.phone.swallow = func(try int, m outgoing) error {
					switch {
					case try > 1:
						return nil
					case row.settles:
						return lost
					}
					return h.Accept(s.t.Context(), []messenger.Event{s.echo(m)})
				}
				tried := map[string]bool{}
				s.phone.refuse = func(try int, m outgoing) error {
					switch {
					case m.text == "no":
						return refusal(100, 2018109)
					case try > 1 && !tried[m.intent]:
						tried[m.intent] = true
						return lost
					}
					return nil
				}
				h = s.host()
				s.accept(h, s.message(ann, "x"), s.message(ann, row.second))
				s.pass(time.Second)
				if row.settles {
					s.phone.mu.Lock()
					first := s.phone.out[0]
					s.phone.mu.Unlock()
					s.accept(h, s.echo(first))
				}
				s.pass(time.Minute)
				s.saw(ann, row.want...)
				s.empty(ann)
			})
		})
	}
}

// A message that is refused for good tells the next one which went out before it, also under another lease.
func TestRefusedMessageTellsWhatCameBefore(t *testing.T) {
	onStage(t, func(s *stage) {
		s.phone.refuse = func(try int, m outgoing) error {
			switch {
			case try == 1: // so that both turns are taken before anything goes out
				return refusal(1200, 0)
			case m.text == "no":
				return refusal(100, 2018109)
			case try == 4:
				return &messenger.TransportError{Op: "send", Err: errCut}
			}
			return nil
		}
		s.accept(s.host(), s.message(ann, "x"), s.message(ann, "6:no|x"))
		s.pass(time.Minute)
		s.saw(ann, "x@5", "x@12")
		s.empty(ann)
	})
}

// Between two sends the worker looks for new events: a delay that was running when the
// person wrote is cut, though it is over before the worker is free.
func TestMessageDuringASendCutsTheDelay(t *testing.T) {
	onStage(t, func(s *stage) {
		s.bot.alter = func(in turn.Input, r turn.Result) turn.Result {
			r.Cancel = in.Event.Text == "y"
			return r
		}
		s.phone.took = 3 * time.Second
		h := s.host()
		s.say(h, ann, "p|5.5:q") // q is due at 8.5
		s.pass(6 * time.Second)
		s.say(h, ann, "x") // goes out at 9
		s.pass(2 * time.Second)
		s.say(h, ann, "y") // before q is due
		s.pass(time.Minute)
		s.saw(ann, "p@3", "x@9", "y@12")
	})
}

// Times of the store are whole milliseconds; nothing waits for the next one.
func TestFractionsOfMilliseconds(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host()
		s.pass(1234567 * time.Nanosecond)
		s.say(h, ann, "a|b")
		s.saw(ann, "a@0.001234567", "b@0.001234567")
	})
}

// A message is loaded as it is claimed, and costs two commits; the second gives the lease back.
func TestCallsOfTheStore(t *testing.T) {
	onStage(t, func(s *stage) {
		calls := map[string]int{}
		f := &faulty{Store: s.store, before: func(op string, _ store.Change) error { calls[op]++; return nil }}
		s.say(s.host(func(c *Config) { c.Store = f }), ann, "a")
		s.saw(ann, "a")
		if calls["accept"] != 1 || calls["load"] != 0 || calls["commit"] != 2 || calls["release"] != 0 || calls["claim"] > 3 {
			t.Errorf("calls of the store: %v", calls)
		}
	})
}

func TestDelaySurvivesRestart(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host()
		s.say(h, ann, "a|30:b|5:c")
		s.pass(10 * time.Second)
		h.stop()
		s.pass(30 * time.Second)
		s.saw(ann, "a")
		s.host()
		s.pass(time.Minute)
		s.saw(ann, "a", "b@40", "c@45") // c is counted from when b really went out
	})
}

// A message that came while no host worked cuts the delays that ran then, though
// they are over when one does.
func TestMessageDuringDowntimeCutsTheDelay(t *testing.T) {
	for _, stay := range []bool{false, true} {
		onStage(t, func(s *stage) {
			h, script, want := s.host(), "a|30:b", []string{"a", "x@60"}
			if stay {
				script, want = "a|!30:b", []string{"a", "x@60", "b@60.001"}
			}
			s.say(h, ann, script)
			h.stop()
			s.pass(20 * time.Second)
			s.say(h, ann, "x") // taken in, but nobody works
			s.pass(40 * time.Second)
			s.host()
			s.pass(time.Minute)
			s.saw(ann, want...)
		})
	}
}

func TestTypingDuringDelays(t *testing.T) {
	tests := []struct {
		name, script string
		want         string
	}{
		{"short", "a|3:b", "2001"},
		{"renewed before it goes out", "a|40:b", "2001 2001@15 2001@30"},
		{"not shortly before the end", "a|16:b", "2001"},
		{"no delay", "a|b", ""},
		{"two delays", "a|3:b|4:c", "2001 2001@3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.say(s.host(), ann, tt.script)
				s.pass(2 * time.Minute)
				if got := strings.Join(s.phone.actions("typing_on"), " "); got != tt.want {
					t.Errorf("typing at %q, want %q", got, tt.want)
				}
			})
		})
	}
	t.Run("ends though nothing is said", func(t *testing.T) {
		onStage(t, func(s *stage) {
			s.bot.parts = func(in turn.Input) []reply.Part {
				if in.Event.Text == "x" {
					return nil
				}
				return parse(in.Event.Text)
			}
			h := s.host()
			s.say(h, ann, "a|100:b")
			s.pass(5 * time.Second)
			s.say(h, ann, "x")
			s.pass(2 * time.Minute)
			if got := strings.Join(s.phone.actions("typing_on"), " "); got != "2001" {
				t.Errorf("typing at %q", got)
			}
		})
	})
	t.Run("ends with the delay", func(t *testing.T) {
		onStage(t, func(s *stage) {
			h := s.host()
			s.say(h, ann, "a|100:b")
			s.pass(20 * time.Second)
			s.say(h, ann, "x")
			s.pass(2 * time.Minute)
			if got := strings.Join(s.phone.actions("typing_on"), " "); got != "2001 2001@15" {
				t.Errorf("typing at %q", got)
			}
		})
	})
}
