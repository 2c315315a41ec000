package delivery

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/trace"
	"github.com/footlight-bots/footlight/host/turn"
)

// reminding makes the bot of a stage keep reminders: "remind x 30 ding" sets x in 30
// seconds, "cancel x" cancels it. A reminder is answered with its content.
func (s *stage) reminding() {
	s.bot.parts = func(in turn.Input) []reply.Part {
		if due, ok := in.Session.Reminders[in.Event.Text]; ok && in.Event.Kind == turn.Reminder {
			return parse(due.Content.String())
		}
		return parse(in.Event.Text)
	}
	s.bot.alter = func(in turn.Input, r turn.Result) turn.Result {
		set := maps.Clone(in.Session.Reminders)
		if set == nil {
			set = map[string]session.Reminder{}
		}
		words := strings.Fields(in.Event.Text)
		switch {
		case in.Event.Kind == turn.Reminder:
			delete(set, in.Event.Text)
			r.Session.Inputs, r.Session.Turns, r.Session.Heard = in.Session.Inputs, in.Session.Turns, in.Session.Heard
			r.Cancel = false
			if in.Closed {
				r.Ran, r.Reply, r.Trace = false, reply.Reply{}, []trace.Event{{Kind: trace.Problem, Text: "[PLATFORM_ERROR: closed]"}}
			}
		case words[0] == "remind":
			n, _ := strconv.Atoi(words[2])
			set[words[1]] = session.Reminder{Due: in.Now.Add(time.Duration(n) * time.Second), Content: reply.Content{{Text: words[3]}}}
		case words[0] == "cancel":
			delete(set, words[1])
		}
		r.Session.Reminders = set
		return r
	}
}

// L-REM-1, L-REM-4, L-REM-5.
func TestReminders(t *testing.T) {
	for name, row := range map[string]struct {
		said []string // one second apart
		want []string
	}{
		"one":         {[]string{"remind x 30 ding"}, []string{"remind x 30 ding", "ding@30"}},
		"several":     {[]string{"remind x 30 ding", "remind y 10 dong"}, []string{"remind x 30 ding", "remind y 10 dong@1", "dong@11", "ding@30"}},
		"replaced":    {[]string{"remind x 30 ding", "remind x 40 dong"}, []string{"remind x 30 ding", "remind x 40 dong@1", "dong@41"}},
		"cancelled":   {[]string{"remind x 30 ding", "cancel x"}, []string{"remind x 30 ding", "cancel x@1"}},
		"set for now": {[]string{"remind x 0 ding"}, []string{"remind x 0 ding", "ding"}},
		"a message":   {[]string{"remind x 30 ding", "hi"}, []string{"remind x 30 ding", "hi@1", "ding@30"}},
		// The answer itself had the pause too, and the next message cancelled it.
		"with a delay":   {[]string{"remind x 3 a|5:b", "hi|10:c"}, []string{"remind x 3 a", "hi@1", "a@3", "b@8", "c@11"}},
		"beside a delay": {[]string{"remind x 3 ding", "a|5:b"}, []string{"remind x 3 ding", "a@1", "ding@3", "b@6"}},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.reminding()
				h := s.host()
				for i, text := range row.said {
					if i > 0 {
						s.pass(time.Second)
					}
					s.say(h, ann, text)
				}
				s.pass(time.Minute)
				s.saw(ann, row.want...)
				s.heard(ann, row.said...)
				s.empty(ann)
			})
		})
	}
}

// A reminder waits in the store: it comes on whatever host is there then, late if none was.
func TestReminderOutlivesItsHost(t *testing.T) {
	onStage(t, func(s *stage) {
		s.reminding()
		first := s.host()
		s.say(first, ann, "remind x 3600 ding")
		s.say(first, ann, "remind y 7200 dong")
		first.stop()
		s.pass(90 * time.Minute)
		s.host(rarely)
		s.pass(time.Hour)
		s.saw(ann, "remind x 3600 ding", "remind y 7200 dong", "ding@5400", "dong@7200")
		s.empty(ann)
	})
}

// L-REM-5: outside the window nothing is sent, and the log tells.
func TestReminderOutsideTheWindow(t *testing.T) {
	onStage(t, func(s *stage) {
		s.reminding()
		var log bytes.Buffer
		h := s.host(rarely, func(c *Config) { c.Logger = textLogger(&log) })
		s.say(h, ann, "remind x 86400 ding")
		s.pass(25 * time.Hour)
		s.saw(ann, "remind x 86400 ding")
		s.empty(ann)
		h.stop()
		if !strings.Contains(log.String(), "PLATFORM_ERROR") || !strings.Contains(log.String(), "reminder=x") {
			t.Errorf("log: %s", log.String())
		}
	})
}

// A reminder whose turn cannot be taken is tried again, then dropped, and does not
// stand in the way.
func TestReminderThatFails(t *testing.T) {
	for name, row := range map[string]struct {
		failures int
		want     []string
	}{
		"at first": {2, []string{"remind x 3 ding", "ding@8"}}, // after 1 and 4 s
		"always":   {MaxTurnTries, []string{"remind x 3 ding", "hi@23"}},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.reminding()
				left := row.failures
				s.bot.act = func(_ context.Context, in turn.Input) error {
					if in.Event.Kind == turn.Reminder && left > 0 {
						left--
						return errors.New("no such table")
					}
					return nil
				}
				h := s.host()
				s.say(h, ann, "remind x 3 ding")
				if name == "always" {
					s.pass(4 * time.Second)
					s.say(h, ann, "hi")
				}
				s.pass(time.Minute)
				s.saw(ann, row.want...)
				if _, state := s.conversation(ann); len(state.Reminders) > 0 {
					t.Errorf("left are %v", state.Reminders)
				}
				s.empty(ann)
			})
		})
	}
}

// Like an event, a reminder waits for a bot that is not there yet.
func TestReminderWaitsForTheBot(t *testing.T) {
	onStage(t, func(s *stage) {
		s.reminding()
		var ready atomic.Bool
		ready.Store(true)
		s.bot.ready = ready.Load
		h := s.host()
		s.say(h, ann, "remind x 3 ding")
		ready.Store(false)
		s.pass(10 * time.Second)
		ready.Store(true)
		s.pass(10 * time.Second)
		s.saw(ann, "remind x 3 ding", "ding@11")
	})
}

// When a person cannot be reached, messages are given up; a reminder sees for
// itself when its time comes.
func TestRefusalLeavesReminders(t *testing.T) {
	onStage(t, func(s *stage) {
		s.reminding()
		s.phone.refuse = func(try int, _ outgoing) error {
			if try == 1 {
				return &messenger.APIError{Status: 400, Code: 551}
			}
			return nil
		}
		h := s.host()
		s.say(h, ann, "remind x 30 ding")
		s.saw(ann)
		s.pass(time.Minute)
		s.saw(ann, "ding@30")
	})
}

// The typing indicator is that of the message that waits, not of a reminder before it.
func TestReminderIsNoDelay(t *testing.T) {
	onStage(t, func(s *stage) {
		s.reminding()
		h := s.host()
		s.say(h, ann, "remind x 5 ding")
		s.pass(time.Second)
		if got := s.phone.actions(messenger.TypingOn); len(got) > 0 {
			t.Errorf("typing before a reminder: %q", got)
		}
		s.say(h, ann, "a|10:b")
		s.pass(time.Second)
		if got := s.phone.actions(messenger.TypingOn); len(got) == 0 {
			t.Error("no typing before the delayed message")
		}
	})
}

func TestReminderOf(t *testing.T) {
	if name, ok := ReminderOf(store.Send{ID: reminderMark + "tea_time"}); !ok || name != "tea_time" {
		t.Errorf("%q, %v", name, ok)
	}
	if _, ok := ReminderOf(store.Send{ID: intent(strings.Repeat("a", turnIDLen), 1)}); ok || IsIntent(reminderMark+"x") {
		t.Error("a message was taken for a reminder, or the other way round")
	}
}

// A reminder that came due while somebody else had the word comes when that is over, however it ends, and
// whatever clock says so.
func TestReminderAfterAnAbsence(t *testing.T) {
	for _, row := range []struct {
		name string
		back func(s *stage) messenger.Event
		skew time.Duration
		want []string
	}{
		{"the platform gives the thread back", func(s *stage) messenger.Event { return s.control("pass", "7") }, 0, []string{"remind x 5 ding", "ding@20"}},
		{"to a host whose clock is behind", func(s *stage) messenger.Event { return s.control("pass", "7") }, -16 * time.Second, []string{"remind x 5 ding", "ding@21"}},
		{"the person is heard again", func(s *stage) messenger.Event { return s.message(ann, "b") }, 0, []string{"remind x 5 ding", "b@20", "ding@20"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.reminding()
				h := s.host(rarely, withApp)
				s.say(h, ann, "remind x 5 ding")
				s.accept(h, s.control("pass", inbox))
				s.pass(20 * time.Second)
				h.stop()
				h = s.host(rarely, withApp, func(c *Config) { c.Clock = ahead(row.skew) })
				s.accept(h, row.back(s))
				s.pass(time.Minute)
				s.saw(ann, row.want...)
				s.empty(ann)
			})
		})
	}
}
