package delivery

import (
	"context"
	"encoding/json"
	"fmt"
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

// The people of a Page share its rate; nobody's order suffers, and texts do not wait for videos.
func TestRateIsShared(t *testing.T) {
	onStage(t, func(s *stage) {
		s.bot.parts = func(in turn.Input) []reply.Part {
			if in.Event.Text == "video" {
				video := reply.Call{Name: "video", Args: []reply.Arg{{Text: "https://example.com/a.mp4"}}}
				return []reply.Part{{Shortcodes: []reply.Call{video}}}
			}
			return parse(in.Event.Text)
		}
		h := s.host(func(c *Config) { c.SendsPerSecond = 10 })
		var batch []messenger.Event
		for i := range 40 {
			batch = append(batch, s.message(fmt.Sprint(3000+i), "video"))
		}
		s.accept(h, append(batch, s.message(ann, "a|b|c"))...)
		s.pass(time.Minute)
		s.empty(ann)
		var videos, texts time.Duration
		for _, m := range s.phone.out {
			if m.person == ann {
				texts = m.at
			} else {
				videos = m.at
			}
		}
		if texts > time.Second || videos < 4*time.Second || videos > 8*time.Second {
			t.Errorf("texts were out after %s, videos after %s", texts, videos)
		}
	})
}

// TestSentAway: a conversation that nobody may stand and wait for is given back in the step that holds it: to look at it once
// more costs as much as all that waits in it is long.
func TestSentAway(t *testing.T) {
	onStage(t, func(s *stage) {
		f := &holding{Store: s.store}
		h := s.host(func(c *Config) { c.Store, c.SendsPerSecond = f, 1 })
		people := crowd(8)
		var events []messenger.Event
		for _, one := range people {
			events = append(events, s.message(one, "a"))
		}
		s.accept(h, events...)
		s.pass(5 * time.Minute)
		for _, one := range people {
			if got := s.phone.texts(one); !slices.Equal(got, []string{"a"}) {
				t.Errorf("%s saw %q", one, got)
			}
			s.empty(one)
		}
		if held, kept := f.held.Load(), f.kept.Load(); held == 0 || kept > 0 {
			t.Errorf("%d were held and given back, %d held and kept", held, kept)
		}
	})
}

// holding counts conversations that are held, and nothing else of them changed.
type holding struct {
	store.Store
	held, kept atomic.Int64
}

func (f *holding) Commit(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	if !c.Hold.IsZero() && len(c.Settled)+len(c.Consumed)+len(c.Sends) == 0 {
		if release {
			f.held.Add(1)
		} else {
			f.kept.Add(1)
		}
	}
	return f.Store.Commit(ctx, l, c, release)
}

// A gentle gap for one person who gets very many messages.
func TestGapOfAPerson(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host(func(c *Config) { c.SendsPerSecond = 10_000 })
		twenty := "a" + strings.Repeat("|a", 19)
		s.say(h, ann, twenty)
		s.say(h, ann, twenty)
		s.say(h, bea, "b")
		s.pass(time.Minute)
		got := s.phone.seen(ann)
		if len(got) != 40 || got[19] != "a" || got[20] != "a@1" {
			t.Errorf("saw %q", got)
		}
		s.saw(bea, "b")
		s.empty(ann)
	})
}

// The usage headers are obeyed before the platform refuses, each in its scope.
func TestUsage(t *testing.T) {
	for _, tt := range []struct {
		name string
		used messenger.Usage
		want []string
	}{
		{"below", messenger.Usage{App: 94, Page: 94}, nil},
		{"page", messenger.Usage{Page: 95}, []string{"100 1m0s"}},
		{"page, with a time", messenger.Usage{Page: 100, Regain: 19 * time.Minute}, []string{"100 19m0s"}},
		{"app", messenger.Usage{App: 95, Page: 10}, []string{"100 1m0s", "101 1m0s"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.phone.used = tt.used
				h := s.host(rarely, func(c *Config) { c.Siblings = func(string) []string { return []string{page, "101"} } })
				s.say(h, ann, "a")
				s.saw(ann, "a")
				var got []string
				for _, p := range s.pauses() {
					got = append(got, p.Page+" "+p.Until.Sub(s.start).String())
				}
				if !slices.Equal(got, tt.want) {
					t.Errorf("paused %q, want %q", got, tt.want)
				}
			})
		})
	}
}

func (s *stage) pauses() []store.Pause {
	s.t.Helper()
	list, err := s.store.Pauses(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// Bursts of one person leave the others their share, even with one worker.
func TestBurstOfOnePerson(t *testing.T) {
	onStage(t, func(s *stage) {
		s.phone.took = 10 * time.Millisecond
		s.bot.act = func(context.Context, turn.Input) error {
			time.Sleep(s.phone.took) // of the bubble's clock
			return nil
		}
		h := s.host(func(c *Config) { c.Workers = 1 })
		var burst []messenger.Event
		for i := range 1000 {
			burst = append(burst, s.message(ann, fmt.Sprint(i)))
		}
		s.accept(h, burst...)
		s.pass(time.Second)
		s.say(h, bea, "b")
		s.pass(10 * time.Minute)
		for _, m := range s.phone.out {
			if late := m.at - time.Second; m.person == bea && late > MaxLeaseTurns*3*s.phone.took {
				t.Errorf("the other person waited %s", late)
			}
		}
		_, state := s.conversation(ann)
		if state.Turns != 1000 || len(s.phone.seen(bea)) != 1 {
			t.Errorf("%d turns of the burst, the other person saw %q", state.Turns, s.phone.seen(bea))
		}
		s.empty(ann)
	})
}

// A message that looks like another is not taken for it when a conversation is read back.
func TestArrived(t *testing.T) {
	t0 := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	text := func(s string) messenger.Outgoing { return messenger.Outgoing{Text: s} }
	picture := messenger.Outgoing{Attachment: json.RawMessage(`{"type":"image"}`)}
	list := []messenger.Said{ // newest first
		{Text: "ok", Page: true, At: t0.Add(10 * time.Second)},
		{Attachments: 1, Page: true, At: t0.Add(9 * time.Second)},
		{Text: "ok", At: t0.Add(8 * time.Second)},
		{Text: "old", Page: true, At: t0.Add(-time.Minute)},
	}
	for _, tt := range []struct {
		name  string
		m     messenger.Outgoing
		same  int
		since time.Duration
		want  bool
	}{
		{"there", text(" ok "), 0, 10 * time.Second, true},
		{"the second of two alike", text("ok"), 1, 10 * time.Second, false},
		{"only an earlier one", text("ok"), 0, 13 * time.Second, false},
		{"before the person spoke", text("old"), 0, -time.Minute, false},
		{"picture", picture, 0, 9 * time.Second, true},
		{"nothing like it", text("no"), 0, 0, false},
	} {
		c := cargo{Heard: t0, Message: &tt.m, Same: tt.same}
		if _, got := arrived(list, c, t0.Add(tt.since)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// What stands before the message that is looked for is not it, however much it looks like it: the message that it
// answers, the one before it in its reply, or the one that went out before it.
func TestArrivedLooksBehindWhatCameBefore(t *testing.T) {
	t0 := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	page := func(id, text string) messenger.Said { return messenger.Said{ID: id, Text: text, Page: true, At: t0} }
	person := func(id, text string) messenger.Said { return messenger.Said{ID: id, Text: text, At: t0} }
	shown := func(id string) messenger.Said { return messenger.Said{ID: id, Attachments: 1, Page: true, At: t0} }
	picture := messenger.Outgoing{Attachment: json.RawMessage(`{"type":"image"}`)}
	hello := messenger.Outgoing{Text: "hello"}
	for _, tt := range []struct {
		name string
		list []messenger.Said // oldest first
		c    cargo
		want bool
	}{
		{"of the reply before", []messenger.Said{person("q1", "x"), shown("a"), person("q2", "x")}, cargo{Message: &picture, To: glance("q2")}, false},
		{"of this reply", []messenger.Said{person("q1", "x"), shown("a"), person("q2", "x"), shown("b")}, cargo{Message: &picture, To: glance("q2")}, true},
		{"the first of two in this reply", []messenger.Said{person("q", "x"), shown("a")}, cargo{Message: &picture, To: glance("q"), Same: 1}, false},
		{"before its neighbour", []messenger.Said{person("q2", "x"), shown("a"), page("b", "look")}, cargo{Message: &picture, To: glance("q2"), After: glance("look")}, false},
		{"behind its neighbour", []messenger.Said{shown("a"), page("b", "look"), shown("c")}, cargo{Message: &picture, After: glance("look"), Same: 1}, true},
		{"a person's word is no neighbour", []messenger.Said{shown("a"), person("q", "look")}, cargo{Message: &picture, After: glance("look")}, true},
		{"sent before", []messenger.Said{person("q1", "x"), person("q2", "x"), page("a", "hello")}, cargo{Message: &hello, To: glance("q2"), Behind: "a"}, false},
		{"before its neighbour was shown again", []messenger.Said{person("q", "x"), page("a", "look"), shown("b"), page("c", "look")}, cargo{Message: &picture, To: glance("q"), After: glance("look"), Behind: "a"}, true},
		{"behind one that is too far back", []messenger.Said{shown("b"), page("c", "look")}, cargo{Message: &picture, After: glance("look"), Behind: "a"}, false},
		{"sent after that", []messenger.Said{person("q2", "x"), page("a", "hello"), page("b", "hello")}, cargo{Message: &hello, To: glance("q2"), Behind: "a"}, true},
	} {
		tt.c.Heard = t0
		slices.Reverse(tt.list)
		if _, got := arrived(tt.list, tt.c, t0); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A message whose answer was lost, and whose echo does not come, is read back and not sent twice.
func TestReadBackSettlesWhatIsInDoubt(t *testing.T) {
	for _, tt := range []struct {
		name  string
		blind bool
		want  []string
	}{{"read back", false, []string{"a", "b@6"}}, {"not to be read", true, []string{"a", "a@6", "b@9"}}} {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.phone.blind = tt.blind
				s.phone.swallow = func(try int, _ outgoing) error {
					if try == 1 {
						return &messenger.TransportError{Op: "send", Err: errCut}
					}
					return nil
				}
				s.say(s.host(), ann, "a|3:b")
				s.pass(time.Minute)
				s.saw(ann, tt.want...)
				s.empty(ann)
				if s.phone.reads != 1 {
					t.Errorf("read back %d times, want 1", s.phone.reads)
				}
			})
		})
	}
}

// TestTurnsWaitForMessages: a Page whose turns say more than its rate keeps few messages waiting, and loses none; to be put off
// for that puts nobody on trial.
func TestTurnsWaitForMessages(t *testing.T) {
	onStage(t, func(s *stage) {
		const rate, workers, words, said, turns = 50, 2, "a|b|c|d|e|f|g|h|i|j", 10, 2
		h := s.host(func(c *Config) { c.SendsPerSecond, c.Workers = rate, workers })
		aside := s.message(bea, "x")
		aside.Page = "200" // there are several
		s.accept(h, aside)
		people := crowd(8)
		var events []messenger.Event
		for range turns {
			for _, one := range people {
				events = append(events, s.message(one, words))
			}
		}
		s.accept(h, events...)
		for range 8 {
			waiting := 0
			for _, one := range people {
				c, state := s.conversation(one)
				if waiting += len(c.Sends); len(state.Trials) > 0 || c.Claims > 1 {
					t.Errorf("%s is on trial: leased %d times, %v", one, c.Claims, state.Trials)
				}
			}
			if most := rate + (workers+1)*said; waiting > most {
				t.Errorf("%d messages wait at a time, want at most %d", waiting, most)
			}
			s.pass(500 * time.Millisecond)
		}
		s.pass(time.Minute)
		for _, one := range people {
			if got, want := s.phone.texts(one), strings.Split(words+"|"+words, "|"); !slices.Equal(got, want) {
				t.Errorf("%s saw %q, want %q", one, got, want)
			}
			s.empty(one)
		}
	})
}
