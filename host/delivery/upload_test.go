package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/media"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/messenger/emulator"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

const cat = "https://cats.example/cat.png"

// counting counts the uploads of a client, and the messages that name a medium by its address.
type counting struct {
	onlySends
	mu             sync.Mutex
	uploads, plain int
	after          func() // an upload
}

func (c *counting) Upload(ctx context.Context, m messenger.Medium) (string, error) {
	id, err := c.onlySends.Upload(ctx, m)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.uploads++
	if c.after != nil {
		c.after()
	}
	return id, err
}

func (c *counting) Send(ctx context.Context, psid string, m messenger.Outgoing) (messenger.Receipt, error) {
	c.mu.Lock()
	if _, ok := m.Medium(); ok {
		c.plain++
	}
	c.mu.Unlock()
	return c.onlySends.Send(ctx, psid, m)
}

// gallery is a stage whose bot answers "cat" with a text, a picture and a text; hosts are made by the
// returned function, each with a library of its own.
func (s *stage) gallery(others ...string) (*emulator.Emulator, *counting, func(change ...func(*Config)) *host) {
	e := s.emulated(others...)
	c := &counting{onlySends: onlySends{s.client}}
	s.bot.parts = func(in turn.Input) []reply.Part {
		if in.Event.Text != "cat" {
			return parse(in.Event.Text)
		}
		picture := []reply.Call{{Name: "image", Args: []reply.Arg{{Text: cat}}}}
		return []reply.Part{{Text: "look", Shortcodes: picture}, {Text: "nice?"}}
	}
	return e, c, func(change ...func(*Config)) *host {
		client := func(cfg *Config) {
			cfg.Clients = func(string) (Client, bool) { return c, true }
			for _, f := range change {
				f(cfg)
			}
			library, err := media.New(media.Config{Store: cfg.Store, Clock: clock.Real{}, Life: 24 * time.Hour})
			if err != nil {
				s.t.Fatal(err)
			}
			cfg.Media = library
		}
		return s.host(rarely, client)
	}
}

// shown is what the Page sent to somebody, pictures by their addresses.
func (s *stage) shown(e *emulator.Emulator, person string) string {
	s.t.Helper()
	thread, err := e.Thread(page, person)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, b := range thread.Bubbles {
		var a struct{ Payload struct{ URL string } }
		switch {
		case b.From != "page":
		case b.Text != "":
			out = append(out, b.Text)
		case json.Unmarshal(b.Attachment, &a) == nil:
			out = append(out, a.Payload.URL)
		}
	}
	return strings.Join(out, " ")
}

const album = "look " + cat + " nice?"

// crowd are the ids of n people.
func crowd(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprint(300000000000000+i))
	}
	return out
}

// A picture that many ask for at once is uploaded once, in its place among the texts, however slow
// that is; it is sent by its id from then on, by other hosts too (messenger.md section 3.4).
func TestMediaAreUploadedOnce(t *testing.T) {
	for _, slow := range []time.Duration{0, 9 * time.Second} {
		t.Run(slow.String(), func(t *testing.T) {
			onStage(t, func(s *stage) {
				people := crowd(30)
				e, c, host := s.gallery(people...)
				if _, err := e.Arm(emulator.Fault{Endpoint: "message_attachments", Kind: "slow", Delay: int(slow.Milliseconds())}); slow > 0 && err != nil {
					t.Fatal(err)
				}
				first := host()
				for _, p := range people {
					s.say(first, p, "cat")
				}
				s.pass(slow + time.Minute)
				second := host()
				s.say(second, eve, "cat")
				s.pass(time.Minute)
				for _, p := range append(people, eve) {
					if got := s.shown(e, p); got != album {
						t.Errorf("%s saw %q", p, got)
					}
				}
				if c.uploads != 1 || c.plain != 0 {
					t.Errorf("%d uploads, %d messages by address", c.uploads, c.plain)
				}
				s.pass(24 * time.Hour)
				if err := e.Act(s.t.Context(), emulator.Action{Page: page, Person: eve, Kind: "say", Text: "cat"}); err != nil {
					t.Fatal(err)
				}
				s.say(first, eve, "cat")
				s.pass(time.Minute)
				if c.uploads != 2 {
					t.Errorf("%d uploads after a day, want 2", c.uploads)
				}
			})
		})
	}
}

// What goes wrong with an upload loses nothing, and doubles nothing.
func TestUploadGoesWrong(t *testing.T) {
	tests := []struct {
		name           string
		fault          emulator.Fault // befalls the first call
		uploads, plain int            // after two people asked for it
	}{
		{"refused", emulator.Fault{Code: 100, Subcode: 2018008}, 1, 2},
		{"away for a moment", emulator.Fault{Code: 2, Status: 500}, 2, 1},
		{"gateway", emulator.Fault{Kind: "html", Status: 502}, 2, 1},
		{"the token has died, so to speak", emulator.Fault{Code: 190, Subcode: 460}, 2, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				people := crowd(1)
				e, c, host := s.gallery(people...)
				tt.fault.Endpoint = "message_attachments"
				if _, err := e.Arm(tt.fault); err != nil {
					t.Fatal(err)
				}
				h := host()
				s.say(h, eve, "cat")
				s.pass(time.Minute)
				s.say(h, people[0], "cat")
				s.pass(time.Minute)
				if one, two := s.shown(e, eve), s.shown(e, people[0]); one != album || two != album {
					t.Errorf("saw %q and %q", one, two)
				}
				if c.uploads != tt.uploads || c.plain != tt.plain {
					t.Errorf("%d uploads and %d by address, want %d and %d", c.uploads, c.plain, tt.uploads, tt.plain)
				}
			})
		})
	}
}

// An id that the platform does not know any more (100/2018074) is got anew, once, and the message sent once.
func TestForgottenMediaAreUploadedAnew(t *testing.T) {
	onStage(t, func(s *stage) {
		people := crowd(2)
		e, c, host := s.gallery(people...)
		h := host()
		s.say(h, eve, "cat")
		s.pass(time.Minute)
		if _, err := e.Arm(emulator.Fault{Endpoint: "messages", Recipient: people[0], Nth: 2, Code: 100, Subcode: 2018074}); err != nil {
			t.Fatal(err)
		}
		for _, p := range people {
			s.say(h, p, "cat")
			s.pass(time.Minute)
			if got := s.shown(e, p); got != album {
				t.Errorf("saw %q", got)
			}
		}
		if c.uploads != 2 || c.plain != 0 {
			t.Errorf("%d uploads and %d by address, want 2 and 0", c.uploads, c.plain)
		}
	})
}

// A host that dies between an upload and the message loses nothing: who takes over sends by the id if that
// was written down, and by address if not.
func TestHostDiesAfterUpload(t *testing.T) {
	for _, tt := range []struct {
		name           string
		noted          bool // the id stands in the store
		uploads, plain int
	}{{"before the id is noted", false, 1, 1}, {"after the id is noted", true, 1, 0}} {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				e, c, host := s.gallery()
				f := &faulty{Store: s.store}
				var mu sync.Mutex
				dead := false
				kill := func() {
					mu.Lock()
					dead = true
					mu.Unlock()
				}
				f.before = func(op string, _ store.Change) error {
					mu.Lock()
					defer mu.Unlock()
					if dead && (op != "value" || !tt.noted) {
						return errCut
					}
					return nil
				}
				c.after = kill
				first := host(func(cfg *Config) {
					cfg.Store = f
					cfg.Clients = func(string) (Client, bool) { return mute{c, &mu, &dead}, true }
				})
				s.say(first, eve, "cat")
				c.after = nil
				second := host()
				s.pass(time.Minute)
				if got := s.shown(e, eve); got != album {
					t.Errorf("saw %q", got)
				}
				if c.uploads != tt.uploads || c.plain != tt.plain {
					t.Errorf("%d uploads and %d by address, want %d and %d", c.uploads, c.plain, tt.uploads, tt.plain)
				}
				second.stop()
			})
		})
	}
}

// mute is the client of a host that dies: nothing goes out any more.
type mute struct {
	*counting
	mu   *sync.Mutex
	dead *bool
}

func (m mute) Send(ctx context.Context, psid string, out messenger.Outgoing) (messenger.Receipt, error) {
	if err := m.silence(); err != nil {
		return messenger.Receipt{}, err
	}
	return m.counting.Send(ctx, psid, out)
}

func (m mute) SendAll(ctx context.Context, parcels []messenger.Parcel) ([]messenger.Outcome, error) {
	if err := m.silence(); err != nil {
		return nil, err
	}
	return m.counting.SendAll(ctx, parcels)
}

func (m mute) silence() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if *m.dead {
		return &messenger.TransportError{Op: "send", NotSent: true, Err: errCut}
	}
	return nil
}
