package delivery

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
)

// refusal is an answer of the platform with the numbers that decide (messenger.md section 5.3).
func refusal(code, subcode int) error {
	return &messenger.APIError{Op: "send", Status: 400, Code: code, Subcode: subcode}
}

// What each class of refusals does to the message, to those behind it, and to what is
// said later (messenger.md sections 5.2 and 5.4). Pauses are the longest of the schedule.
func TestRefusals(t *testing.T) {
	tests := []struct {
		name  string
		err   error
		times int // how often the first message is refused
		want  []string
		out   []Outcome
	}{
		{"transient", refusal(1200, 0), 2, []string{"a@10", "b@10", "x@10"}, []Outcome{Again, Again, Delivered, Delivered, Delivered}},
		{"not sent", &messenger.TransportError{NotSent: true, Err: errors.New("refused")}, 3, []string{"a@20", "b@20", "x@20"}, []Outcome{Again, Again, Again, Delivered, Delivered, Delivered}},
		{"ambiguous", &messenger.TransportError{Err: errors.New("timeout")}, 1, []string{"a@6", "b@6", "x@6"}, []Outcome{Again, Delivered, Delivered, Delivered}},
		{"server error", &messenger.APIError{Status: 502}, 2, []string{"a@15", "b@15", "x@15"}, []Outcome{Again, Again, Delivered, Delivered, Delivered}},
		{"person's rate", refusal(9, 2018352), 2, []string{"a@5", "b@5", "x@5"}, []Outcome{Again, Again, Delivered, Delivered, Delivered}},
		{"page's rate", refusal(613, 0), 2, []string{"a@10", "b@10", "x@10"}, []Outcome{Blocked, Blocked, Delivered, Delivered, Delivered}},
		{"window", refusal(10, 2018278), 1, []string{"x@2"}, []Outcome{Dropped, Delivered}},
		{"person", refusal(100, 2018001), 1, []string{"x@2"}, []Outcome{Dropped, Delivered}},
		{"person, retried once", refusal(200, 1545041), 1, []string{"a@5", "b@5", "x@5"}, []Outcome{Again, Delivered, Delivered, Delivered}},
		{"person, for good", refusal(200, 1545041), 2, nil, []Outcome{Again, Dropped}},
		{"message", refusal(100, 0), 1, []string{"b", "x@2"}, []Outcome{Dropped, Delivered, Delivered}},
		{"message, retried once", refusal(100, 2018008), 1, []string{"a@1", "b@1", "x@2"}, []Outcome{Again, Delivered, Delivered, Delivered}},
		{"configuration", refusal(100, 2018164), 1, []string{"b", "x@2"}, []Outcome{Dropped, Delivered, Delivered}},
		{"page", refusal(190, 460), 1, []string{"a@3600", "b@3600", "x@3600"}, []Outcome{Blocked, Delivered, Delivered, Delivered}},
		{"another app has the thread", refusal(10, 2018300), 2, []string{"a@600", "b@600", "x@600"}, []Outcome{Again, Again, Delivered, Delivered, Delivered}},
		{"never gets better", &messenger.TransportError{Err: errors.New("timeout")}, 9, []string{"b@1325", "x@1325"}, []Outcome{Again, Again, Again, Again, Again, Again, Again, Again, Again, Dropped, Delivered, Delivered}},
		{"an error of the client's own", errors.New("send: the message is empty"), 1, []string{"b", "x@2"}, []Outcome{Dropped, Delivered, Delivered}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				refused := 0
				s.phone.refuse = func(_ int, m outgoing) error {
					if m.text == "a" && refused < tt.times {
						refused++
						return tt.err
					}
					return nil
				}
				h := s.host(rarely)
				s.say(h, ann, "a|b")
				s.pass(2 * time.Second)
				s.say(h, ann, "x")
				s.pass(2 * time.Hour)
				s.saw(ann, tt.want...)
				s.heard(ann, "a|b", "x") // whatever becomes of the answers
				if got := s.book.outcomes(); !slices.Equal(got, tt.out) {
					t.Errorf("outcomes %v, want %v", got, tt.out)
				}
				s.empty(ann)
			})
		})
	}
}

// A send that arrived although the answer was lost is settled by its echo, and not sent again.
func TestEchoSettlesWhatIsInDoubt(t *testing.T) {
	onStage(t, func(s *stage) {
		s.phone.swallow = func(try int, _ outgoing) error {
			if try == 1 {
				return &messenger.TransportError{Op: "send", Err: errors.New("timeout")}
			}
			return nil
		}
		h := s.host()
		s.say(h, ann, "a|3:b")
		s.pass(2 * time.Second)
		s.accept(h, s.echo(s.phone.out[0]))
		s.pass(time.Minute)
		s.saw(ann, "a", "b@5") // the delay is counted from the echo
		s.empty(ann)
		if got := s.book.outcomes(); !slices.Equal(got, []Outcome{Again, Delivered, Delivered}) {
			t.Errorf("outcomes %v", got)
		}
	})
}

// Echoes of messages that are settled already change nothing, and are not even stored.
func TestLateEchoesAreNotStored(t *testing.T) {
	onStage(t, func(s *stage) {
		accepts := 0
		f := &faulty{Store: s.store, before: func(op string, _ store.Change) error {
			if op == "accept" {
				accepts++
			}
			return nil
		}}
		h := s.host(func(c *Config) { c.Store = f })
		s.say(h, ann, "a")
		s.accept(h, s.echo(s.phone.out[0]))
		s.pass(time.Minute)
		s.saw(ann, "a")
		s.heard(ann, "a")
		if accepts != 1 {
			t.Errorf("%d batches were stored, want 1", accepts)
		}
	})
}

// Law 6 of section 5: a dead token pauses the Page, keeps the queue, and resumes
// without loss; state goes on meanwhile.
func TestDeadTokenPausesAndResumes(t *testing.T) {
	onStage(t, func(s *stage) {
		var mended atomic.Bool
		s.phone.refuse = func(int, outgoing) error {
			if !mended.Load() {
				return refusal(190, 463)
			}
			return nil
		}
		h := s.host()
		s.say(h, ann, "a|10:b")
		s.say(h, bea, "c")
		s.pass(time.Minute)
		s.say(h, ann, "d|e")
		s.heard(ann, "a|10:b", "d|e")
		if s.phone.tries != 1 {
			t.Errorf("%d sends were tried, want 1", s.phone.tries)
		}
		if len(s.book.pauses) == 0 || !strings.Contains(s.book.pauses[0].Reason, "190/463") {
			t.Errorf("pauses %v", s.book.pauses)
		}
		mended.Store(true)
		if err := s.store.Resume(s.t.Context(), page); err != nil {
			t.Fatal(err)
		}
		s.pass(time.Minute)
		s.saw(ann, "a@60.5", "d@60.5", "e@60.5") // b was waiting behind a when ann wrote d
		s.saw(bea, "c@60.5")
		s.empty(ann)
	})
}

// A pause that somebody else set is found out, and a longer pause is not cut short.
func TestPauseByTheOperator(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host(rarely)
		pause := store.Pause{Page: page, Reason: "by hand"}
		if err := s.store.Pause(s.t.Context(), pause); err != nil {
			t.Fatal(err)
		}
		s.pass(time.Second)
		s.say(h, ann, "a")
		if err := h.pauseUntil(s.t.Context(), store.Pause{Page: page, Until: time.Now().Add(time.Hour), Reason: "shorter"}); err != nil {
			t.Fatal(err)
		}
		s.pass(3 * time.Hour)
		s.saw(ann)
		s.heard(ann, "a")
		list, err := s.store.Pauses(s.t.Context())
		if err != nil || len(list) != 1 || list[0].Reason != "by hand" {
			t.Errorf("pauses %v, %v", list, err)
		}
	})
}

// blocked is a store in which the platform's block comes in the moment between the look for a pause and another one.
type blocked struct{ store.Store }

func (b blocked) block(ctx context.Context) error {
	return b.Pause(ctx, store.Pause{Page: page, Reason: "blocked"})
}

func (b blocked) Pauses(ctx context.Context) ([]store.Pause, error) {
	list, err := b.Store.Pauses(ctx)
	return list, errors.Join(err, b.block(ctx))
}

func (b blocked) Prolong(ctx context.Context, p store.Pause) (bool, error) {
	if err := b.block(ctx); err != nil {
		return false, err
	}
	return b.Store.Prolong(ctx, p)
}

// A block that comes while the host pauses the Page for a while stands.
func TestABlockIsNotCutShort(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host(func(c *Config) { c.Store = blocked{c.Store} })
		if err := h.pauseUntil(s.t.Context(), store.Pause{Page: page, Until: time.Now().Add(time.Hour), Reason: "quota"}); err != nil {
			s.t.Fatal(err)
		}
		if list, err := s.store.Pauses(s.t.Context()); err != nil || len(list) != 1 || list[0].Reason != "blocked" {
			s.t.Errorf("pauses %v, %v", list, err)
		}
	})
}

// Messenger.md section 9, rule 19.
func TestPolicyNotices(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host(rarely)
		notice := func(action string) messenger.Event {
			return messenger.Event{
				Kind: messenger.KindPolicy, Page: page, ID: "policy|" + action, At: time.Now(),
				Policy: &messenger.Policy{Action: action, Reason: "spam"},
			}
		}
		s.accept(h, notice("warning"))
		s.say(h, ann, "a")
		s.accept(h, notice("block"))
		s.say(h, ann, "b")
		s.pass(time.Hour)
		s.saw(ann, "a")
		s.accept(h, notice("unblock"))
		s.saw(ann, "a", "b@3600")
	})
}

// A notice that cannot be obeyed just now is not acknowledged, so that it comes again.
func TestPolicyNoticeComesAgain(t *testing.T) {
	onStage(t, func(s *stage) {
		away := true
		f := &faulty{Store: s.store, before: func(op string, _ store.Change) error {
			if away && op == "prolong" {
				return errCut
			}
			return nil
		}}
		h := s.host(rarely, func(c *Config) { c.Store = f })
		notice := messenger.Event{
			Kind: messenger.KindPolicy, Page: page, ID: "policy|block", At: time.Now(), Policy: &messenger.Policy{Action: "block", Reason: "spam"},
		}
		if err := h.Accept(s.t.Context(), []messenger.Event{notice}); !errors.Is(err, errCut) {
			t.Errorf("accept: %v", err)
		}
		f.mu.Lock()
		away = false
		f.mu.Unlock()
		s.accept(h, notice)
		s.say(h, ann, "a")
		s.pass(time.Hour)
		s.saw(ann)
		s.heard(ann, "a")
	})
}

// Messenger.md section 9, rule 12: what would come after the window is not tried.
func TestWindowGuard(t *testing.T) {
	tests := []struct {
		name   string
		after  time.Duration
		speaks bool // in between
		want   []string
	}{
		{"open", 23*time.Hour + 59*time.Minute + 59*time.Second, false, []string{"a@86399"}},
		{"closed", 24*time.Hour + time.Second, false, nil},
		{"renewed", 24*time.Hour + time.Second, true, []string{"a@86401", "x@86401"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				if err := s.store.Pause(s.t.Context(), store.Pause{Page: page, Until: s.start.Add(tt.after)}); err != nil {
					t.Fatal(err)
				}
				h := s.host(rarely)
				s.say(h, ann, "a")
				if tt.speaks {
					s.pass(time.Hour)
					s.say(h, ann, "x")
				}
				s.pass(tt.after + time.Second)
				s.saw(ann, tt.want...)
				s.empty(ann)
				if tt.want == nil && s.phone.tries > 0 {
					t.Error("the platform was asked")
				}
			})
		})
	}
}

// The schedule of messenger.md section 5.4: 1, 4, 15, 60, 240 s, each drawn in full.
func TestPause(t *testing.T) {
	for tries, want := range []time.Duration{1, 4, 15, 60, 240, 240, 240} {
		want *= time.Second
		if got := pause(tries, 1); got != want {
			t.Errorf("longest pause after %d failures is %s, want %s", tries, got, want)
		}
		if got := pause(tries, 0); got != 0 {
			t.Errorf("shortest pause after %d failures is %s, want 0", tries, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		tries := rapid.IntRange(-1, 1000).Draw(t, "tries")
		low, high := rapid.Float64Range(0, 1).Draw(t, "chance"), rapid.Float64Range(0, 1).Draw(t, "chance")
		if low > high {
			low, high = high, low
		}
		if a, b := pause(tries, low), pause(tries, high); a > b || a < 0 || b > longest(tries) {
			t.Fatalf("pauses %s and %s for chances %g and %g", a, b, low, high)
		}
	})
}

// Nothing is tried without end but what ends by itself: rates, pauses, other apps' control and
// the platform's absence, which the window bounds. What counts is how often the same class was met.
func TestJudgeEnds(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for _, class := range []messenger.Class{
		messenger.ClassTransient, messenger.ClassAmbiguous, messenger.ClassWindow, messenger.ClassPerson,
		messenger.ClassMessage, messenger.ClassConfig, "?",
	} {
		for _, retries := range []int{-1, 0, 1, 3} {
			v := messenger.Verdict{Class: class, Retries: retries}
			n := 0
			for ; n < 100; n++ {
				if j := judge(v, 50, met{n, now.Add(-time.Hour)}, now, 1); j.remedy != again {
					break
				} else if !j.met {
					t.Fatalf("class %s: a try does not count", class)
				}
			}
			if most := max(MaxSendTries, retries); n > most {
				t.Errorf("class %s with %d retries: tried again %d times", class, retries, n)
			}
		}
	}
	for _, tt := range []struct {
		name   string
		v      messenger.Verdict
		before met
		want   remedy
	}{
		{"before its time", messenger.Verdict{Class: messenger.ClassTransient, Retries: -1}, met{20, now.Add(time.Second - GiveUpAfter)}, again},
		{"the platform is away", messenger.Verdict{Class: messenger.ClassTransient, Retries: -1, Away: true}, met{20, now.Add(-time.Hour)}, again},
		{"ambiguous, too often", messenger.Verdict{Class: messenger.ClassAmbiguous, Retries: 3}, met{3, now}, look},
	} {
		if j := judge(tt.v, 50, tt.before, now, 1); j.remedy != tt.want {
			t.Errorf("%s: remedy %d, want %d", tt.name, j.remedy, tt.want)
		}
	}
}

func TestLogsNameNoPerson(t *testing.T) {
	var log strings.Builder
	onStage(t, func(s *stage) {
		s.phone.refuse = func(try int, _ outgoing) error { return refusal([]int{1200, 190, 100}[try%3], 0) }
		s.bot.act = nil
		h := s.host(func(c *Config) { c.Logger = textLogger(&log); c.Poll = time.Minute })
		for i := range 5 {
			s.say(h, ann, fmt.Sprint("private", i))
			s.pass(2 * time.Hour)
		}
	})
	if log.Len() == 0 {
		t.Fatal("nothing was logged")
	}
	for _, secret := range []string{ann, "private"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, log.String())
		}
	}
}
