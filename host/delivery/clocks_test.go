package delivery

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/compile/reply"
	"github.com/footlight-bots/footlight/host/mask"
	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// drowsy is the store of a process that is stopped (SIGSTOP) right after the commit of a turn.
type drowsy struct {
	store.Store

	stops  time.Duration
	slept  atomic.Bool
	asleep atomic.Bool
}

func (d *drowsy) Commit(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	err := d.Store.Commit(ctx, l, c, release)
	if isTurn("commit", c) && !d.slept.Swap(true) {
		d.asleep.Store(true)
		time.Sleep(d.stops) // of the bubble's clock
		d.asleep.Store(false)
	}
	return err
}

func (d *drowsy) Extend(ctx context.Context, l store.Lease, until time.Time, claims int) (store.Lease, error) {
	if d.asleep.Load() {
		return l, errCut // a stopped process asks for nothing
	}
	return d.Store.Extend(ctx, l, until, claims)
}

// A process that was stopped for longer than its lease sends nothing of what it had in hand:
// whoever has taken over has sent it.
func TestStoppedHostSendsNoMore(t *testing.T) {
	onStage(t, func(s *stage) {
		first := s.host(func(c *Config) { c.Store = &drowsy{Store: s.store, stops: 43 * time.Second} })
		s.say(first, ann, "a|b")
		s.host()
		s.pass(time.Minute)
		s.saw(ann, "a@15", "b@15")
		s.heard(ann, "a|b")
		s.empty(ann)
	})
}

// tardy is the store of a process that is stopped while its lease is renewed: it hears of that when the lease has run out.
type tardy struct {
	store.Store

	stops time.Duration
	slept atomic.Bool
}

func (d *tardy) Extend(ctx context.Context, l store.Lease, until time.Time, claims int) (store.Lease, error) {
	lease, err := d.Store.Extend(ctx, l, until, claims)
	if err == nil && !d.slept.Swap(true) {
		time.Sleep(d.stops) // of the bubble's clock
	}
	return lease, err
}

// A process that was stopped while its lease was renewed, until long after that has run out, sends nothing of what it
// had in hand either.
func TestStoppedHostHearsLateOfItsLease(t *testing.T) {
	onStage(t, func(s *stage) {
		s.bot.parts = func(turn.Input) []reply.Part { // what goes out by itself
			return []reply.Part{{Shortcodes: []reply.Call{{Name: "image", Args: []reply.Arg{{Text: cat}}}}}}
		}
		process := &sleepy{Store: &tardy{Store: s.store, stops: 43 * time.Second}}
		var slept atomic.Bool
		first := s.host(func(c *Config) {
			c.Store = process
			c.Clients = func(string) (Client, bool) { // it is stopped on its way to the platform as well
				if !slept.Swap(true) {
					process.asleep.Store(true)
					time.Sleep(43 * time.Second) // of the bubble's clock
					process.asleep.Store(false)
				}
				return s.phone, true
			}
		})
		s.say(first, ann, "a")
		s.pass(50 * time.Second)
		s.host()
		s.pass(2 * time.Minute)
		if got := s.phone.out; len(got) != 1 || got[0].at != 58*time.Second {
			t.Errorf("ann saw %+v, want one picture at 58 s", got)
		}
		s.heard(ann, "a")
		s.empty(ann)
	})
}

// wardrobe is a platform on the way to which a process is stopped when it makes a persona.
type wardrobe struct {
	Client

	stop func()
}

func (w wardrobe) MakePersona(context.Context, messenger.Persona) (string, error) {
	w.stop()
	return "7", nil
}

// A process that was stopped while it made a persona sends nothing of what it had in hand.
func TestStoppedHostMadeAPersona(t *testing.T) {
	onStage(t, func(s *stage) {
		s.bot.parts = func(turn.Input) []reply.Part { // what goes out by itself
			call := func(name, arg string) reply.Call {
				return reply.Call{Name: name, Args: []reply.Arg{{Text: arg}}}
			}
			return []reply.Part{{Shortcodes: []reply.Call{call("persona", "Cat"), call("image", cat)}}}
		}
		process := &sleepy{Store: s.store}
		first := s.host(func(c *Config) {
			c.Store = process
			c.Masks = mask.New(s.store, c.Clock)
			c.Clients = func(string) (Client, bool) {
				return wardrobe{s.phone, func() {
					process.asleep.Store(true)
					time.Sleep(43 * time.Second) // of the bubble's clock
					process.asleep.Store(false)
				}}, true
			}
		})
		s.say(first, ann, "a")
		s.pass(time.Second)
		s.host()
		s.pass(2 * time.Minute)
		if got := s.phone.out; len(got) != 1 {
			t.Errorf("ann saw %+v, want one picture", got)
		}
		s.heard(ann, "a")
		s.empty(ann)
	})
}

// wrong is a clock that is not right, and can be set.
type wrong struct {
	clock.Real
	by atomic.Int64 // ahead, in ns
}

func ahead(by time.Duration) *wrong {
	w := &wrong{}
	w.set(by)
	return w
}

func (w *wrong) set(by time.Duration) { w.by.Store(int64(by)) }

func (w *wrong) Now() time.Time { return time.Now().Add(time.Duration(w.by.Load())) }

func (w *wrong) At(t time.Time) (<-chan struct{}, func()) {
	return w.Real.At(t.Add(-time.Duration(w.by.Load())))
}

// How long a lease lasts is not for the clock alone to say: set back while the process was stopped, it hides that another
// host has taken over; set forward, or right again, it hides nothing.
func TestClockIsSetWhileHostIsStopped(t *testing.T) {
	for _, row := range []struct {
		name     string
		from, to time.Duration // ahead
	}{
		{"back by the whole stop", 0, -43 * time.Second},
		{"back by more", 0, -time.Hour},
		{"right again", 14 * time.Second, 0},
		{"forward", 0, time.Hour},
	} {
		t.Run(row.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				w, process := ahead(row.from), &sleepy{Store: s.store}
				var slept atomic.Bool
				first := s.host(func(c *Config) {
					c.Clock, c.Store = w, process
					c.Clients = func(string) (Client, bool) { // it is stopped on its way to the platform
						if !slept.Swap(true) {
							process.asleep.Store(true)
							time.Sleep(43 * time.Second) // of the bubble's clock
							process.asleep.Store(false)
							w.set(row.to)
						}
						return s.phone, true
					}
				})
				s.say(first, ann, "a|b")
				s.host()
				s.pass(2 * time.Hour)
				if got := s.phone.out; len(got) != 2 || got[0].text != "a" || got[1].text != "b" {
					t.Errorf("ann saw %+v", got)
				}
				s.heard(ann, "a|b")
				s.empty(ann)
			})
		})
	}
}

// A host whose clock is set back goes on looking for what others took in: how often it looks is no matter of the clock.
func TestClockIsSetBack(t *testing.T) {
	onStage(t, func(s *stage) {
		w := ahead(time.Hour)
		s.host(func(c *Config) { c.Clock = w })
		door, err := New(Config{Store: s.store, Bots: s.bot, Clients: func(string) (Client, bool) { return s.phone, true }})
		if err != nil {
			t.Fatal(err)
		}
		s.pass(10*time.Second + DefaultPoll/2)
		w.set(0)
		s.say(&host{Delivery: door}, ann, "a")
		s.pass(DefaultPoll)
		s.saw(ann, "a@10.5")
		s.empty(ann)
	})
}

// A host whose clock is behind lets no answer overtake one that waits since the time of a host
// whose clock is ahead.
func TestClocksApart(t *testing.T) {
	onStage(t, func(s *stage) {
		var back atomic.Bool
		s.phone.refuse = func(int, outgoing) error {
			if !back.Load() {
				return &messenger.APIError{Op: "send", Status: 400, Code: 1200}
			}
			return nil
		}
		first := s.host(func(c *Config) { c.Clock = ahead(30 * time.Second) })
		s.say(first, ann, "a")
		first.stop()
		second := s.host()
		s.say(second, ann, "b")
		back.Store(true)
		s.pass(2 * time.Minute)
		s.heard(ann, "a", "b")
		if got := s.phone.out; len(got) != 2 || got[0].text != "a" || got[1].text != "b" {
			t.Errorf("ann saw %+v", got)
		}
		s.empty(ann)
	})
}

// A delay that ends while what the person wrote waits for earlier messages is cut off all the
// same: it was running when they wrote (L-DELAY-5).
func TestDelayEndsInReorderWindow(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host(func(c *Config) { c.Reorder = 100 * time.Millisecond })
		s.say(h, ann, "a|2:b")
		s.pass(2050 * time.Millisecond)
		s.say(h, ann, "c")
		s.pass(time.Minute)
		s.saw(ann, "a@0.1", "c@2.15")
		s.heard(ann, "a|2:b", "c")
		s.empty(ann)
	})
}

// sleepy is the client and the store of a process that is stopped while it reads a conversation back.
type sleepy struct {
	Client
	store.Store

	stops  time.Duration
	asleep atomic.Bool
}

func (y *sleepy) Said(context.Context, string) ([]messenger.Said, error) {
	y.asleep.Store(true)
	time.Sleep(y.stops) // of the bubble's clock
	y.asleep.Store(false)
	return nil, errCut
}

func (y *sleepy) Extend(ctx context.Context, l store.Lease, until time.Time, claims int) (store.Lease, error) {
	if y.asleep.Load() {
		return l, errCut // a stopped process asks for nothing
	}
	return y.Store.Extend(ctx, l, until, claims)
}

func (y *sleepy) Claim(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]store.Claimed, error) {
	if y.asleep.Load() {
		return nil, errCut // nor does it take anything over
	}
	return y.Store.Claim(ctx, now, lease, limit)
}

// The lease is looked at last before a send: reading a conversation back can take longer than it lasts.
func TestStoppedWhileReadingBack(t *testing.T) {
	onStage(t, func(s *stage) {
		s.phone.refuse = func(try int, _ outgoing) error {
			if try == 1 {
				return &messenger.TransportError{Op: "send", Err: errCut}
			}
			return nil
		}
		y := &sleepy{Client: s.phone, Store: s.store, stops: 43 * time.Second}
		first := s.host(func(c *Config) {
			c.Store, c.Clients = y, func(string) (Client, bool) { return y, true }
		})
		s.say(first, ann, "a")
		s.pass(10 * time.Second)
		if !y.asleep.Load() {
			t.Fatal("the conversation is not being read back")
		}
		s.host()
		s.pass(2 * time.Minute)
		if got := s.phone.seen(ann); len(got) != 1 {
			t.Errorf("ann saw %q, want one message", got)
		}
		s.empty(ann)
	})
}

// ending is the store of a host that is told to stop just as it gets work.
type ending struct {
	store.Store

	stop func()
}

func (e *ending) Claim(ctx context.Context, now time.Time, d time.Duration, n int) ([]store.Claimed, error) {
	claimed, err := e.Store.Claim(ctx, now, d, n)
	if len(claimed) > 0 && e.stop != nil {
		go e.stop()
		time.Sleep(time.Millisecond) // of the bubble's clock
	}
	return claimed, err
}

// A host that gives a conversation back untouched passes on that another one had died over it: the
// conversation is read back, and the message is not sent again.
func TestStoppedAfterOneThatDied(t *testing.T) {
	onStage(t, func(s *stage) {
		f := s.dying()
		first := s.host(func(c *Config) { c.Store = f })
		e := &ending{Store: s.store}
		second := s.host(func(c *Config) { c.Store = e })
		e.stop = second.stop
		s.say(first, ann, "a|b")
		s.pass(20 * time.Second)
		s.host()
		s.pass(time.Minute)
		if got := s.phone.out; len(got) != 2 || got[0].text != "a" || got[1].text != "b" {
			t.Errorf("ann saw %+v, want a and b once each", got)
		}
		s.empty(ann)
	})
}
