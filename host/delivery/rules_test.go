package delivery

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/session"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// Rules of messenger.md section 9, each by the proof that it asks for.

// Rule 3: whatever comes three times, in one webhook and in several, to one host and to others, before and after a restart, and
// also in standby, leads to one turn.
func TestRule3EachEventCountsOnce(t *testing.T) {
	for _, standby := range []string{"none", "first", "last"} {
		t.Run("in standby "+standby, func(t *testing.T) {
			onStage(t, func(s *stage) {
				hosts := []*host{s.host(withApp), s.host(withApp)}
				tap := s.message(ann, "")
				tap.Kind, tap.Message, tap.ID = messenger.KindPostback, nil, "postback|p"
				tap.Postback = &messenger.Postback{ID: "p", Title: "b", Payload: "b"}
				events := []messenger.Event{s.message(ann, "a"), tap, s.message(bea, "c")}
				overheard := func() {
					for _, e := range events {
						e.Standby = true
						s.accept(hosts[1], e, e)
					}
				}
				if standby == "first" {
					overheard()
				}
				for i := range events {
					s.accept(hosts[i%2], append(slices.Clone(events), events...)...)
				}
				hosts[0].stop()
				s.accept(s.host(withApp), events...)
				if standby == "last" {
					overheard()
				}
				s.pass(time.Minute)
				for person, want := range map[string]int{ann: 2, bea: 1} {
					if _, state := s.conversation(person); int(state.Turns) != want || len(s.phone.seen(person)) != want {
						t.Errorf("%s: %d turns, saw %q, want %d of both", person, state.Turns, s.phone.seen(person), want)
					}
					s.empty(person)
				}
			})
		})
	}
}

// life is what came of a talk in which a host died at one of the calls of its store.
type life struct {
	state session.State
	saw   []string
	died  bool
}

// live lets a host die at the call of that number, before or after it is carried out; 0: it lives on. Another one takes over.
func live(t *testing.T, at int, carriedOut bool) (l life) {
	onStage(t, func(s *stage) {
		calls := 0
		own := []string{"claim", "pauses", "value"} // of the host, and not of a conversation
		f := &faulty{Store: s.store}
		f.before = func(op string, _ store.Change) error {
			if !l.died && !slices.Contains(own, op) {
				calls++
				l.died = calls == at && !carriedOut
			}
			return broken(l.died)
		}
		f.after = func(op string, _ store.Change) error {
			l.died = l.died || calls == at && carriedOut && !slices.Contains(own, op)
			return broken(l.died)
		}
		hosts := []*host{s.host(func(c *Config) { c.Store = f }), nil}
		say := func(text string) {
			e := []messenger.Event{s.message(ann, text)}
			if hosts[0].Accept(s.t.Context(), e) != nil { // it comes again then, to whoever is there
				s.accept(hosts[1], e...)
			}
			s.pass(5 * time.Second)
		}
		hosts[1] = s.host()
		say("a|b")
		say("c|d")
		s.pass(time.Minute)
		s.empty(ann)
		_, l.state = s.conversation(ann)
		l.state.Since, l.state.Heard = time.Time{}, time.Time{} // later, when a lease has to run out
		l.saw = s.phone.texts(ann)
	})
	return l
}

func broken(yes bool) error {
	if yes {
		return errCut
	}
	return nil
}

// Rule 5: a host may die at any call of its store, carried out or not: state and messages are those of a single run.
func TestRule5CrashAtEveryPoint(t *testing.T) {
	want := live(t, 0, false)
	if len(want.saw) != 4 || want.state.Turns != 2 {
		t.Fatalf("nobody died, and %d turns were taken: %q", want.state.Turns, want.saw)
	}
	for _, carriedOut := range []bool{false, true} {
		points := 0
		for at := 1; ; at++ {
			got := live(t, at, carriedOut)
			if !got.died {
				break
			}
			points++
			if !slices.Equal(got.saw, want.saw) || !reflect.DeepEqual(got.state, want.state) {
				t.Errorf("died at call %d, carried out: %t: saw %q, state %+v", at, carriedOut, got.saw, got.state)
			}
		}
		if points < 6 {
			t.Errorf("only %d points at which a host can die", points)
		}
	}
}

// Rule 6: to one person one message is under way at a time, each with an intent of its own in its metadata; one that arrived
// although the platform says or shows that it did not is seen once.
func TestRule6SerialOutbox(t *testing.T) {
	t.Run("one at a time", func(t *testing.T) {
		onStage(t, func(s *stage) {
			s.phone.took = 300 * time.Millisecond
			hosts := []*host{s.host(), s.host()}
			for i := range 6 {
				s.say(hosts[i%2], ann, fmt.Sprintf("%d|%d!", i, i))
				s.say(hosts[i%2], bea, fmt.Sprint(i))
			}
			s.pass(time.Minute)
			if s.phone.clash {
				t.Error("two messages to one person were under way at a time")
			}
			intents := map[string]bool{}
			for _, m := range s.phone.out {
				if !IsIntent(m.intent) || intents[m.intent] {
					t.Errorf("%q went out under the intent %q", m.text, m.intent)
				}
				intents[m.intent] = true
			}
			if got := len(s.phone.seen(ann)); got != 12 {
				t.Errorf("%d messages were seen", got)
			}
		})
	})
	for _, fault := range []emulator.Fault{
		{Code: 2, Status: 500, Deliver: true},
		{Kind: "html", Status: 502, Deliver: true},
		{Kind: "garbage", Deliver: true},
	} {
		t.Run(fmt.Sprintf("delivered, then %s %d", fault.Kind, fault.Status), func(t *testing.T) {
			onStage(t, func(s *stage) {
				e := s.emulated()
				fault.Endpoint = "messages"
				if _, err := e.Arm(fault); err != nil {
					t.Fatal(err)
				}
				h := s.host(func(c *Config) { c.Clients = func(string) (Client, bool) { return onlySends{s.client}, true } })
				s.say(h, eve, "a|b")
				s.pass(time.Hour)
				if got := s.bubbles(e); got != "[a b]" {
					t.Errorf("eve saw %s", got)
				}
			})
		})
	}
}

// Rule 9: a delay is a time in the store. It outlives the host, also when clocks jump meanwhile; it ends with the window; and
// when the person speaks first, it is kept or cut by rule.
func TestRule9DelaysAreTimesInTheStore(t *testing.T) {
	const day = 24 * 60 * 60
	for _, row := range []struct {
		name   string
		reply  string
		jump   time.Duration // of the clock of the next host
		speaks bool          // the person, while the host is away
		want   []string
	}{
		{"a restart", "a|30:b", 0, false, []string{"a", "b@30"}},
		{"over when the host is back", "a|15:b", 0, false, []string{"a", "b@20"}},
		{"a clock that jumps ahead", "a|30:b", time.Hour, false, []string{"a", "b@20"}},
		{"a clock that jumps back", "a|30:b", -5 * time.Second, false, []string{"a", "b@35"}},
		{"beyond the window", fmt.Sprintf("a|%d:b", day+1), 0, false, []string{"a"}},
		{"cut", "a|30:b", 0, true, []string{"a", "x@20"}},
		{"kept", "a|!30:b", 0, true, []string{"a", "x@20", "b@30"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				h := s.host(rarely)
				s.say(h, ann, row.reply)
				s.pass(10 * time.Second)
				if c, _ := s.conversation(ann); len(c.Sends) != 1 || c.Sends[0].Wait == 0 {
					t.Fatalf("in the store wait %+v", c.Sends)
				}
				h.stop()
				s.pass(10 * time.Second)
				h = s.host(rarely, func(c *Config) { c.Clock = ahead(row.jump) })
				if row.speaks {
					s.say(h, ann, "x")
				}
				s.pass(2 * day * time.Second)
				s.saw(ann, row.want...)
				s.empty(ann)
			})
		})
	}
}

// Rule 10: what is heard is marked as seen at once; while a turn or a delay lasts somebody types, renewed in less than 20 s; no
// bubble is left behind that nothing follows; and what becomes of all that matters to nobody.
func TestRule10Courtesies(t *testing.T) {
	slow := func(d time.Duration) func(context.Context, turn.Input) error {
		return func(context.Context, turn.Input) error {
			time.Sleep(d) // of the bubble's clock
			return nil
		}
	}
	for _, row := range []struct {
		name, text   string
		takes        time.Duration
		silent       bool
		seen, typed  string
		off          string
		withoutMarks bool
	}{
		{name: "a quick turn", text: "a", seen: "2001@0.02"},
		{name: "a long turn", text: "a", takes: 24 * time.Second, seen: "2001@0.02", typed: "2001@2 2001@17"},
		{name: "a long turn that ends in silence", text: "a", takes: 5 * time.Second, silent: true, seen: "2001@0.02", typed: "2001@2", off: "2001@5"},
		{name: "a long delay", text: "a|40:b", seen: "2001@0.02", typed: "2001 2001@15 2001@30"},
		{name: "marks that are refused", text: "a|40:b", takes: 5 * time.Second, withoutMarks: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				s.bot.act = slow(row.takes)
				if row.silent {
					s.bot.alter = func(_ turn.Input, r turn.Result) turn.Result {
						r.Reply.Parts = nil
						return r
					}
				}
				h := s.host(func(c *Config) {
					if row.withoutMarks {
						c.Clients = func(string) (Client, bool) { return refusing{s.phone}, true }
					}
				})
				s.say(h, ann, row.text)
				s.pass(2 * time.Minute)
				for action, want := range map[messenger.Action]string{messenger.MarkSeen: row.seen, messenger.TypingOn: row.typed, messenger.TypingOff: row.off} {
					if got := strings.Join(s.phone.actions(action), " "); got != want {
						t.Errorf("%s at %q, want %q", action, got, want)
					}
				}
				if got, want := len(s.phone.seen(ann)), strings.Count(row.text, "|")+1; !row.silent && got != want {
					t.Errorf("%d messages were seen, want %d", got, want)
				}
				s.empty(ann)
			})
		})
	}
}

// refusing is a platform that takes no marks.
type refusing struct{ Client }

func (refusing) SenderAction(context.Context, string, messenger.Action) error {
	return &messenger.APIError{Op: "mark", Status: 400, Code: 100}
}

func (refusing) Type(context.Context, string, string) error {
	return &messenger.APIError{Op: "mark", Status: 400, Code: 100}
}

func (refusing) MarkSeen(context.Context, []string) error {
	return &messenger.APIError{Op: "mark", Status: 400, Code: 100}
}
