package delivery

import (
	"slices"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/compile/ir"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/turn"
)

// inbox is the app of people who answer in the Page's inbox.
const inbox = "263902037430900"

// written is the echo of what somebody else wrote to a person.
func (s *stage) written(person, text string) messenger.Event {
	s.mids++
	e := s.echo(outgoing{person: person, text: text, mid: "m_human_" + string(rune('a'+s.mids))})
	e.Message.AppID = inbox
	return e
}

// control is the platform's word on who controls a thread; to is the new owner.
func (s *stage) control(action, to string) messenger.Event {
	s.mids++
	return messenger.Event{
		Kind: messenger.KindThreadControl, Page: page, Person: ann, ID: "control|" + string(rune('a'+s.mids)), At: time.Now(),
		Control: &messenger.ThreadControl{Action: action, New: to},
	}
}

// quiet makes the bot say nothing in the topic of the host's, like a script without triggers that answer even then.
func (s *stage) quiet() {
	s.bot.alter = func(in turn.Input, r turn.Result) turn.Result {
		if in.Session.Topic == ir.Bypass && in.Event.Text != "stop" {
			r.Reply.Parts = nil
		}
		return r
	}
}

func withApp(c *Config) { c.App, c.HumanFor, c.HumanWord = "7", 10*time.Minute, "#bot" }

// Messenger.md section 9, rule 13: the bot stands back when somebody else has the word, and
// returns by the rule that takeover.go states. Each step is done at its second.
func TestTakeover(t *testing.T) {
	type step struct {
		at time.Duration
		do func(s *stage, h *host)
	}
	says := func(at time.Duration, text string) step {
		return step{at * time.Second, func(s *stage, h *host) { s.say(h, ann, text) }}
	}
	human := func(at time.Duration, text string) step {
		return step{at * time.Second, func(s *stage, h *host) { s.accept(h, s.written(ann, text)) }}
	}
	moves := func(at time.Duration, action, to string) step {
		return step{at * time.Second, func(s *stage, h *host) { s.accept(h, s.control(action, to)) }}
	}
	standby := func(at time.Duration, text string) step {
		return step{at * time.Second, func(s *stage, h *host) {
			e := s.message(ann, text)
			e.Standby = true
			s.accept(h, e)
		}}
	}
	tests := []struct {
		name  string
		steps []step
		want  []string
		heard []string
	}{
		{"a human answers", []step{says(0, "a"), human(5, "I am Eve"), says(10, "b")}, []string{"a"}, []string{"a", "b"}},
		{"what waits is dropped", []step{says(0, "a|10:b|!5:c"), human(5, "I am Eve")}, []string{"a"}, []string{"a|10:b|!5:c"}},
		{"time runs out", []step{says(0, "a"), human(5, "x"), says(604, "b"), says(605, "c")}, []string{"a", "c@605"}, []string{"a", "b", "c"}},
		{"each word counts anew", []step{human(0, "x"), human(300, "y"), says(700, "a"), says(901, "b")}, []string{"b@901"}, []string{"a", "b"}},
		{"the human gives the word back", []step{human(0, "x"), says(1, "a"), human(2, " #BOT "), says(3, "b")}, []string{"b@3"}, []string{"a", "b"}},
		{"some triggers answer even then", []step{human(0, "x"), says(1, "stop"), says(2, "b")}, []string{"stop@1"}, []string{"stop", "b"}},
		{"thread taken", []step{says(0, "a|9:z"), moves(1, "take", inbox), standby(2, "b"), moves(3, "pass", "7"), says(4, "c")}, []string{"a", "c@4"}, []string{"a|9:z", "c"}},
		{"standby alone", []step{says(0, "a|9:z"), standby(2, "b"), moves(3, "pass", "7"), says(14, "c")}, []string{"a", "c@14"}, []string{"a|9:z", "c"}},
		{"thread passed on and released", []step{says(0, "a"), moves(1, "pass", inbox), moves(3, "pass", ""), says(4, "c")}, []string{"a", "c@4"}, []string{"a", "c"}},
		{"sent to us again", []step{moves(0, "take", inbox), says(9, "a")}, []string{"a@9"}, []string{"a"}},
		{"control lapses", []step{moves(0, "take", inbox), standby(10, "b"), says(24*3600+11, "a")}, []string{"a@86411"}, []string{"a"}},
		{"asking changes nothing", []step{moves(0, "request", inbox), says(1, "a")}, []string{"a@1"}, []string{"a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.quiet()
				h := s.host(rarely, withApp)
				for _, one := range tt.steps {
					s.pass(one.at - time.Since(s.start))
					one.do(s, h)
				}
				s.pass(time.Minute)
				s.saw(ann, tt.want...)
				s.heard(ann, tt.heard...)
				s.empty(ann)
			})
		})
	}
}

// The platform's word that comes late, after the bot has the word back, silences nobody; and what a person wrote before
// another app got the thread is left to that one, also when our clock is behind the platform's.
func TestLateWordOnTheThread(t *testing.T) {
	t.Run("after it came back", func(t *testing.T) {
		onStage(t, func(s *stage) {
			s.quiet()
			h := s.host(rarely, withApp)
			late, standby := s.control("pass", inbox), s.message(ann, "x")
			standby.Standby = true
			human := s.written(ann, "I am Eve")
			s.pass(time.Second)
			s.accept(h, s.control("pass", "7"))
			s.pass(time.Second)
			s.say(h, ann, "a|60:b")
			s.accept(h, late, standby, human)
			s.pass(time.Minute)
			s.saw(ann, "a@2", "b@62")
			if _, state := s.conversation(ann); state.Absence != nil || len(s.book.handed) > 0 {
				t.Errorf("absence %+v, observer was told %+v", state.Absence, s.book.handed)
			}
		})
	})
	t.Run("by a clock that is behind", func(t *testing.T) {
		onStage(t, func(s *stage) {
			s.quiet()
			h := s.host(rarely, withApp)
			before, given := s.message(ann, "a"), s.control("pass", inbox)
			before.At, given.At = before.At.Add(3*time.Second), given.At.Add(4*time.Second)
			s.accept(h, given)
			s.accept(h, before)
			s.pass(time.Minute)
			s.saw(ann)
		})
	})
}

// The race of human and bot is decided by the platform's time stamps: what the person wrote
// before the human did is answered by the human, whichever webhook comes first and on whichever host.
func TestRaceOfHumanAndBot(t *testing.T) {
	for name, order := range map[string][]int{"message first": {0, 1}, "echo first": {1, 0}} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.quiet()
				window := func(c *Config) { c.Reorder = 100 * time.Millisecond }
				hosts := []*host{s.host(withApp, window), s.host(withApp, window)}
				events := []messenger.Event{s.message(ann, "a"), s.written(ann, "I am Eve")}
				events[1].At = events[1].At.Add(10 * time.Millisecond)
				for i, n := range order {
					s.pass(20 * time.Millisecond)
					s.accept(hosts[i], events[n])
				}
				s.pass(time.Minute)
				s.saw(ann)
				s.heard(ann, "a")
				s.empty(ann)
			})
		})
	}
}

// Our own echoes never pause the bot: by the app's id where it is known, else by metadata.
func TestOwnEchoesDoNotPause(t *testing.T) {
	for name, app := range map[string]string{"by id": "7", "by metadata": ""} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				h := s.host(func(c *Config) { c.App = app })
				s.say(h, ann, "a")
				s.accept(h, s.echo(s.phone.out[0]))
				s.say(h, ann, "b")
				s.saw(ann, "a", "b")
				if len(s.book.handed) > 0 {
					t.Errorf("observer was told %+v", s.book.handed)
				}
			})
		})
	}
}

// A takeover is told once, and outlives the host.
func TestTakeoverIsDurable(t *testing.T) {
	onStage(t, func(s *stage) {
		s.quiet()
		first := s.host(withApp)
		s.accept(first, s.written(ann, "x"), s.written(ann, "y"))
		first.stop()
		h := s.host(withApp)
		s.say(h, ann, "a")
		_, state := s.conversation(ann)
		if state.Topic != ir.Bypass || state.Absence == nil || state.Absence.By != inbox {
			t.Errorf("session in topic %q, absence %+v", state.Topic, state.Absence)
		}
		s.accept(h, s.written(ann, "#bot"))
		s.say(h, ann, "b")
		s.saw(ann, "b")
		var told []bool
		for _, one := range s.book.handed {
			told = append(told, one.Away)
		}
		if !slices.Equal(told, []bool{true, false}) {
			t.Errorf("observer was told %v", told)
		}
		s.pass(SeenGap)
		if marks := s.phone.actions(messenger.MarkSeen); len(marks) != 1 {
			t.Errorf("seen marks %q: what the human is to read stays unread", marks)
		}
	})
}
