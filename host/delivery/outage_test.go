package delivery

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/store"
)

// While the platform is away nothing is lost, however long it takes, and no try of that time counts
// when it answers again, even with a refusal that few tries are given to (messenger.md section 5.4).
func TestOutageLosesNothing(t *testing.T) {
	away := map[string]error{
		"no connection": &messenger.TransportError{Op: "send", NotSent: true, Err: errors.New("refused")},
		"no answer":     &messenger.TransportError{Op: "send", Err: errors.New("timeout")},
		"gateway":       &messenger.APIError{Op: "send", Status: 503},
	}
	for name, err := range away {
		for _, length := range []time.Duration{67 * time.Second, 10 * time.Minute, 5 * time.Hour} {
			t.Run(fmt.Sprint(name, ", ", length), func(t *testing.T) {
				onStage(t, func(s *stage) {
					out := func() bool { return time.Since(s.start) < length }
					once := true
					s.phone.refuse = func(_ int, m outgoing) error {
						switch {
						case out():
							return err
						case once && m.text == "a":
							once = false
							return refusal(1, 0)
						}
						return nil
					}
					s.phone.unread = func() error {
						if out() {
							return err
						}
						return nil
					}
					h := s.host(rarely)
					s.say(h, ann, "a|b")
					s.say(h, bea, "c")
					s.pass(30 * time.Second)
					s.say(h, ann, "d")
					s.pass(length + time.Hour)
					for person, want := range map[string]string{ann: "[a b d]", bea: "[c]"} {
						if got := fmt.Sprint(s.phone.texts(person)); got != want {
							t.Errorf("%s saw %s, want %s", person, got, want)
						}
					}
					s.empty(ann)
					if n := len(s.book.letters); n > 0 {
						t.Errorf("%d letters", n)
					}
				})
			})
		}
	}
}

// stubborn is a store that says of what settles a send that it can never keep it.
type stubborn struct {
	store.Store
	mended atomic.Bool
	asked  atomic.Int64
}

func (s *stubborn) Commit(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	if len(c.Settled) > 0 && !s.mended.Load() {
		s.asked.Add(1)
		return fmt.Errorf("commit turn: %w", store.ErrForGood)
	}
	return s.Store.Commit(ctx, l, c, release)
}

// What the store can never keep is not tried on and on: the conversation rests, nothing of it is lost, and nothing is sent
// twice, neither meanwhile nor once somebody has mended it.
func TestAStoreThatRefusesForGood(t *testing.T) {
	onStage(t, func(s *stage) {
		kept := &stubborn{Store: s.store}
		h := s.host(rarely, func(c *Config) { c.Store = kept })
		s.say(h, ann, "a")
		s.say(h, bea, "b")
		s.pass(time.Hour)
		if n, most := kept.asked.Load(), int64(2*time.Hour/ParkFor); n > most {
			t.Errorf("asked %d times in an hour for two people, want at most %d", n, most)
		}
		s.say(h, ann, "c")
		kept.mended.Store(true)
		s.pass(2 * ParkFor)
		for person, want := range map[string]string{ann: "[a c]", bea: "[b]"} {
			if got := fmt.Sprint(s.phone.texts(person)); got != want {
				t.Errorf("%s saw %s, want %s", person, got, want)
			}
		}
		s.empty(ann)
		s.empty(bea)
	})
}

// What the platform never comes back for is given up when the window closes, with a letter.
func TestOutageBeyondTheWindow(t *testing.T) {
	onStage(t, func(s *stage) {
		err := &messenger.TransportError{Op: "send", NotSent: true, Err: errors.New("refused")}
		s.phone.refuse = func(int, outgoing) error { return err }
		s.say(s.host(rarely), ann, "a")
		s.pass(messenger.Window + time.Hour)
		s.saw(ann)
		s.empty(ann)
		if len(s.book.letters) != 1 || !strings.Contains(s.book.letters[0].Reason, "window") {
			t.Errorf("letters %+v", s.book.letters)
		}
	})
}

// Refusals of one class use up no tries of another: a file that was not fetched is tried once more
// (2018008), whatever came before.
func TestTriesOfOneClass(t *testing.T) {
	onStage(t, func(s *stage) {
		answers := []error{refusal(1200, 0), refusal(1200, 0), refusal(1, 0), refusal(100, 2018008)}
		s.phone.refuse = func(try int, _ outgoing) error {
			if try <= len(answers) {
				return answers[try-1]
			}
			return nil
		}
		s.say(s.host(rarely), ann, "a")
		s.pass(time.Hour)
		if got := s.phone.texts(ann); fmt.Sprint(got) != "[a]" {
			t.Errorf("saw %v", got)
		}
	})
}

// An answer that says "not sent" although the message was is read back, and the message is never sent again
// without having looked (1/1357046); after the last try of any ambiguous kind, too, comes a last look.
func TestLookBeforeGivingUp(t *testing.T) {
	for _, tt := range []struct {
		name    string
		err     error
		arrives int // from which try on it arrives
		blind   bool
		want    string
		letters string // part of the reason
		tries   int
	}{
		{"arrived", refusal(1, 1357046), 1, false, "[a b]", "", 1},
		{"not arrived", refusal(1, 1357046), 2, false, "[a b]", "", 2},
		{"arrived, cannot be read", refusal(1, 1357046), 1, true, "[a b]", "it may have arrived", 1},
		{"not arrived, cannot be read", refusal(1, 1357046), 99, true, "[b]", "it may have arrived", 1},
		{"never arrives", refusal(1, 1357046), 99, false, "[b]", "tried too often", 4},
		{"arrives at the last try", refusal(1, 0), 4, false, "[a b]", "", 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				tries := 0
				s.phone.blind = tt.blind
				s.phone.refuse = func(_ int, m outgoing) error {
					if m.text != "a" {
						return nil
					}
					if tries++; tries < tt.arrives {
						return tt.err
					}
					return nil
				}
				s.phone.swallow = func(_ int, m outgoing) error {
					if m.text == "a" {
						return tt.err
					}
					return nil
				}
				s.say(s.host(rarely), ann, "a|b")
				s.pass(time.Hour)
				if got := fmt.Sprint(s.phone.texts(ann)); got != tt.want {
					t.Errorf("saw %s, want %s", got, tt.want)
				}
				if tries != tt.tries {
					t.Errorf("tried %d times, want %d", tries, tt.tries)
				}
				s.empty(ann)
				switch {
				case tt.letters == "" && len(s.book.letters) > 0,
					tt.letters != "" && (len(s.book.letters) != 1 || !strings.Contains(s.book.letters[0].Reason, tt.letters)):
					t.Errorf("letters %+v, want %q", s.book.letters, tt.letters)
				}
			})
		})
	}
}

// The same against the emulator, which delivers and then answers 1/1357046.
func TestInvalidReplyAlthoughSent(t *testing.T) {
	onStage(t, func(s *stage) {
		e := s.emulated()
		if _, err := e.Arm(emulator.Fault{Endpoint: "messages", Recipient: eve, Nth: 1, Code: 1, Subcode: 1357046, Deliver: true}); err != nil {
			t.Fatal(err)
		}
		h := s.host(rarely, func(c *Config) { c.Clients = func(string) (Client, bool) { return onlySends{s.client}, true } })
		s.say(h, eve, "a|b")
		s.pass(time.Hour)
		if got := s.bubbles(e); got != "[a b]" {
			t.Errorf("saw %s", got)
		}
		if n := len(s.book.letters); n > 0 {
			t.Errorf("%d letters", n)
		}
	})
}
