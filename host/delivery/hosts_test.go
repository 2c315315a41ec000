package delivery

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/footlight-bots/footlight/host/messenger"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/turn"
)

// faulty is a store as one host sees it, over a connection that can break. The
// hooks are called one at a time.
type faulty struct {
	store.Store

	mu     sync.Mutex
	before func(op string, c store.Change) error // of it: not carried out
	after  func(op string, c store.Change) error // of it: carried out, but the answer is lost
	bare   bool                                  // what is claimed must be loaded
}

func (f *faulty) around(op string, c store.Change, do func() error) error {
	if err := f.call(f.before, op, c); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return f.call(f.after, op, c)
}

func (f *faulty) call(hook func(string, store.Change) error, op string, c store.Change) error {
	if hook == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return hook(op, c)
}

func (f *faulty) Commit(ctx context.Context, l store.Lease, c store.Change, release bool) error {
	return f.around("commit", c, func() error { return f.Store.Commit(ctx, l, c, release) })
}

func (f *faulty) Claim(ctx context.Context, now time.Time, d time.Duration, n int) (claimed []store.Claimed, err error) {
	return claimed, f.around("claim", store.Change{}, func() error {
		claimed, err = f.Store.Claim(ctx, now, d, n)
		f.strip(claimed)
		return err
	})
}

func (f *faulty) strip(claimed []store.Claimed) {
	for i := range claimed {
		if f.bare {
			claimed[i].Conversation = nil
		}
	}
}

func (f *faulty) Load(ctx context.Context, l store.Lease) (c store.Conversation, err error) {
	return c, f.around("load", store.Change{}, func() error {
		c, err = f.Store.Load(ctx, l)
		return err
	})
}

func (f *faulty) Extend(ctx context.Context, l store.Lease, until time.Time, claims int) (out store.Lease, err error) {
	return out, f.around("extend", store.Change{}, func() error {
		out, err = f.Store.Extend(ctx, l, until, claims)
		return err
	})
}

func (f *faulty) Release(ctx context.Context, l store.Lease) error {
	return f.around("release", store.Change{}, func() error { return f.Store.Release(ctx, l) })
}

func (f *faulty) Accept(
	ctx context.Context, now time.Time, e []store.Event, d time.Duration, n int,
) (fresh []store.Event, claimed []store.Claimed, err error) {
	err = f.around("accept", store.Change{}, func() error {
		fresh, claimed, err = f.Store.Accept(ctx, now, e, d, n)
		f.strip(claimed)
		return err
	})
	return fresh, claimed, err
}

func (f *faulty) Value(ctx context.Context, at store.Shelf, key string) (value []byte, err error) {
	return value, f.around("value", store.Change{}, func() error {
		value, err = f.Store.Value(ctx, at, key)
		return err
	})
}

func (f *faulty) Pauses(ctx context.Context) (list []store.Pause, err error) {
	return list, f.around("pauses", store.Change{}, func() error {
		list, err = f.Store.Pauses(ctx)
		return err
	})
}

func (f *faulty) Prolong(ctx context.Context, p store.Pause) (done bool, err error) {
	return done, f.around("prolong", store.Change{}, func() error {
		done, err = f.Store.Prolong(ctx, p)
		return err
	})
}

var errCut = errors.New("connection is cut")

// kind of a commit.
func isTurn(op string, c store.Change) bool { return op == "commit" && len(c.Consumed) > 0 }

func isSettle(op string, c store.Change) bool {
	return op == "commit" && len(c.Settled) > 0 && len(c.Consumed) == 0
}

// Whatever a host dies at, the next one goes on: the state changes once, the person
// sees the answer once, but for a message whose send was not settled and whose echo does not come.
func TestHostDies(t *testing.T) {
	die := func(f *faulty, when func(string, store.Change) bool, carriedOut bool) {
		dead := false
		hit := func(op string, c store.Change) error {
			if dead = dead || when(op, c); dead {
				return errCut
			}
			return nil
		}
		if carriedOut {
			f.after = hit
			f.before = func(string, store.Change) error {
				if dead {
					return errCut
				}
				return nil
			}
			return
		}
		f.before = hit
	}
	tests := []struct {
		name       string
		when       func(string, store.Change) bool
		carriedOut bool
		echo       bool
		blind      bool
		want       []string
	}{
		{"before the turn's commit", isTurn, false, false, false, []string{"a@15", "b@15"}},
		{"after the turn's commit", isTurn, true, false, false, []string{"a@15", "b@15"}},
		{"before the settling, echo comes", isSettle, false, true, true, []string{"a", "b@15"}},
		{"before the settling, no echo", isSettle, false, false, true, []string{"a", "a@15", "b@15"}},
		{"before the settling, no echo, the conversation is read", isSettle, false, false, false, []string{"a", "b@15"}},
		{"after the settling", isSettle, true, false, false, []string{"a", "b@15"}},
		{"at the loading", func(op string, _ store.Change) bool { return op == "load" }, false, false, false, []string{"a@15", "b@15"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onStage(t, func(s *stage) {
				f := &faulty{Store: s.store, bare: true}
				s.phone.blind = tt.blind
				die(f, tt.when, tt.carriedOut)
				first := s.host(func(c *Config) { c.Store = f })
				s.say(first, ann, "a|b")
				second := s.host()
				s.pass(time.Second)
				if tt.echo {
					s.accept(second, s.echo(s.phone.out[0]))
				}
				s.pass(time.Minute)
				s.saw(ann, tt.want...)
				s.heard(ann, "a|b")
				s.empty(ann)
			})
		})
	}
}

// dying is the store as a host sees it that dies between a send and its settling.
func (s *stage) dying() *faulty { return s.dyingAt(isSettle) }

// dyingAt is the store as a host sees it that dies at a step.
func (s *stage) dyingAt(when func(string, store.Change) bool) *faulty {
	f := &faulty{Store: s.store}
	dead := false // hooks are called one at a time
	f.before = func(op string, c store.Change) error {
		if dead = dead || when(op, c); dead {
			return errCut
		}
		return nil
	}
	return f
}

// When a delayed part may have gone out before its host died, the conversation is read back.
func TestHostDiesWithADelayedPart(t *testing.T) {
	onStage(t, func(s *stage) {
		f := s.dying()
		first := s.host(func(c *Config) { c.Store = f })
		s.say(first, ann, "2:a|b")
		s.pass(3 * time.Second)
		s.host()
		s.pass(time.Minute)
		s.saw(ann, "a@2", "b@17")
		s.empty(ann)
	})
}

// A message is not taken for an equal one that was seen before, though what stood between them was given up, in a later lease, and the
// host died before the message went out.
func TestHostDiesBehindWhatWasGivenUp(t *testing.T) {
	onStage(t, func(s *stage) {
		dead, tries := false, 0 // hooks are called one at a time
		s.phone.refuse = func(_ int, m outgoing) error {
			switch {
			case m.text == "b" && tries == 0:
				tries++
				return &messenger.TransportError{Op: "send", Err: errCut}
			case m.text == "b":
				return refusal(100, 0)
			case m.at > 0 && !dead:
				dead = true
				return &messenger.TransportError{Op: "send", Err: errCut}
			default:
				return nil
			}
		}
		f := s.dyingAt(func(string, store.Change) bool { return dead })
		s.accept(s.host(func(c *Config) { c.Store = f }), s.message(ann, "same"), s.message(ann, "b|same"))
		s.pass(7 * time.Second)
		s.host()
		s.pass(time.Minute)
		s.saw(ann, "same", "same@21")
		s.heard(ann, "same", "b|same")
		s.empty(ann)
	})
}

// A host that cannot reach the store for a while does not send twice what it could
// not settle.
func TestStoreAwayWhileSending(t *testing.T) {
	onStage(t, func(s *stage) {
		failures := 0
		f := &faulty{Store: s.store, before: func(op string, c store.Change) error {
			if isSettle(op, c) && failures < 20 {
				failures++
				return errCut
			}
			return nil
		}}
		s.say(s.host(func(c *Config) { c.Store = f }), ann, "a|2:b")
		s.pass(time.Minute)
		s.saw(ann, "a", "b@20") // b's delay, counted from a, is over by then
		s.empty(ann)
		if failures != 20 {
			t.Errorf("the store was away %d times, want 20", failures)
		}
	})
}

// A worker whose lease was taken over cannot commit (law 3 of section 5): its turn is
// lost, the other's counts.
func TestStaleWorkerCannotCommit(t *testing.T) {
	onStage(t, func(s *stage) {
		f := &faulty{Store: s.store, before: func(op string, _ store.Change) error {
			if op == "extend" {
				return errCut
			}
			return nil
		}}
		slow := true
		s.bot.act = func(_ context.Context, in turn.Input) error {
			if slow {
				slow = false
				time.Sleep(20 * time.Second) // of the bubble's clock; longer than the lease
			}
			return nil
		}
		first := s.host(func(c *Config) { c.Store = f })
		s.say(first, ann, "a")
		s.host()
		s.pass(time.Minute)
		s.saw(ann, "a@15")
		s.heard(ann, "a")
	})
}

// A worker learns by renewing its lease that it was taken over, and stops at once.
func TestStaleWorkerStops(t *testing.T) {
	onStage(t, func(s *stage) {
		var back atomic.Bool
		f := &faulty{Store: s.store, before: func(op string, _ store.Change) error {
			if !back.Load() && op == "extend" {
				return errCut
			}
			return nil
		}}
		var stopped time.Duration
		first := true
		s.bot.act = func(ctx context.Context, _ turn.Input) error {
			if first {
				first = false
				<-ctx.Done()
				stopped = time.Since(s.start)
				return ctx.Err()
			}
			return nil
		}
		s.say(s.host(func(c *Config) { c.Store = f }), ann, "a")
		s.host()
		s.pass(17 * time.Second)
		back.Store(true)
		s.pass(time.Minute)
		s.saw(ann, "a@15")
		s.heard(ann, "a")
		if stopped != 20*time.Second {
			t.Errorf("stopped at %s, want 20s", stopped)
		}
		if len(s.book.taken) != 1 {
			t.Errorf("observer was told of %d turns", len(s.book.taken))
		}
	})
}

// A lease is renewed for as long as the work lasts.
func TestLongTurnKeepsItsLease(t *testing.T) {
	onStage(t, func(s *stage) {
		s.bot.clash = func(person string) { t.Errorf("two turns of %s at a time", person) }
		s.bot.act = func(context.Context, turn.Input) error {
			time.Sleep(25 * time.Second) // of the bubble's clock
			return nil
		}
		h := s.host()
		s.host()
		s.say(h, ann, "a")
		s.pass(20 * time.Second)
		s.say(h, ann, "b")
		s.pass(time.Minute)
		s.saw(ann, "a@25", "b@50")
	})
}

// Laws 1 to 4 of section 5 (and with them L-EV-7), on any number of hosts: every event changes the state once,
// whatever is repeated and shuffled; each person's turns and sends come one at a time; what a
// person sees are the answers, once each, in the order of the turns; also when the
// store fails now and then, and hosts come and go.
func TestOrderLaw(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		plan := drawPlan(rt)
		var problem string
		onStage(t, func(s *stage) { problem = plan.perform(s) })
		if problem != "" {
			rt.Fatal(problem)
		}
	})
}

type plan struct {
	hosts, people int
	took, think   time.Duration
	faults        int // percent of the commits that fail, half of them after they were carried out
	seed          uint64
	posts         []post
}

// post is a webhook POST: which messages it holds, to which host, how long after the last.
type post struct {
	host, person, count int
	again               bool // come twice, the second time to the next host
	reversed            bool
	restart             bool // the host stops right after, and another takes its place
	gap                 time.Duration
}

func drawPlan(t *rapid.T) plan {
	p := plan{
		hosts: rapid.IntRange(1, 3).Draw(t, "hosts"), people: rapid.IntRange(1, 3).Draw(t, "people"),
		took:   time.Duration(rapid.IntRange(0, 300).Draw(t, "send takes")) * time.Millisecond,
		think:  time.Duration(rapid.IntRange(0, 300).Draw(t, "turn takes")) * time.Millisecond,
		faults: rapid.SampledFrom([]int{0, 10, 40}).Draw(t, "faults"), seed: rapid.Uint64().Draw(t, "seed"),
	}
	for range rapid.IntRange(1, 8).Draw(t, "posts") {
		p.posts = append(p.posts, post{
			host: rapid.IntRange(0, p.hosts-1).Draw(t, "host"), person: rapid.IntRange(1, p.people).Draw(t, "person"),
			count: rapid.IntRange(1, 3).Draw(t, "messages"), again: rapid.Bool().Draw(t, "again"),
			reversed: rapid.Bool().Draw(t, "reversed"), restart: rapid.IntRange(0, 5).Draw(t, "restart") == 5,
			gap: time.Duration(rapid.IntRange(0, 500).Draw(t, "gap")) * time.Millisecond,
		})
	}
	return p
}

func (p plan) perform(s *stage) (problem string) {
	var mu sync.Mutex
	complain := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		if problem == "" {
			problem = fmt.Sprintf(format, args...)
		}
	}
	s.phone.took = p.took
	s.bot.clash = func(person string) { complain("two turns of %s at a time", person) }
	s.bot.act = func(context.Context, turn.Input) error { time.Sleep(p.think); return nil }
	flaky := p.flaky(s.store)
	var hosts []*host
	for range p.hosts {
		hosts = append(hosts, s.host(flaky))
	}
	said := map[string]int{}
	n := 0
	for _, post := range p.posts {
		person := strconv.Itoa(post.person)
		var events []messenger.Event
		for i := range post.count {
			n++
			e := s.message(person, fmt.Sprintf("%d-1|%d-2", n, n))
			e.At = e.At.Add(time.Duration(i) * time.Millisecond)
			events = append(events, e)
		}
		said[person] += post.count
		if post.reversed {
			slices.Reverse(events)
		}
		if err := hosts[post.host].Accept(s.t.Context(), events); err != nil {
			complain("accept: %v", err)
		}
		if post.again {
			if err := hosts[(post.host+1)%p.hosts].Accept(s.t.Context(), events); err != nil {
				complain("accept: %v", err)
			}
		}
		if post.restart {
			hosts[post.host].stop()
			hosts[post.host] = s.host(flaky)
		}
		time.Sleep(post.gap)
	}
	s.pass(3 * time.Minute)
	synctest.Wait()
	for person, count := range said {
		c, state := s.conversation(person)
		if int(state.Turns) != count || len(c.Events) > 0 || len(c.Sends) > 0 {
			complain("%s: %d turns of %d messages, %d events and %d sends left", person, state.Turns, count, len(c.Events), len(c.Sends))
		}
		var got []string
		for _, m := range s.phone.out {
			if m.person == person {
				got = append(got, m.text)
			}
		}
		if !slices.Equal(got, inTurns(state.Inputs)) {
			complain("%s saw %q, want %q", person, got, inTurns(state.Inputs))
		}
	}
	if s.phone.clash {
		complain("two sends to one person at a time")
	}
	return problem
}

// flaky makes hosts' commits fail as planned.
func (p plan) flaky(kept store.Store) func(*Config) {
	var mu sync.Mutex
	chance := rand.New(rand.NewPCG(p.seed, 0))
	hit := func(op string, _ store.Change) error {
		mu.Lock()
		defer mu.Unlock()
		if op == "commit" && chance.IntN(200) < p.faults {
			return errCut
		}
		return nil
	}
	return func(c *Config) {
		c.Store = &faulty{Store: kept, before: hit, after: hit}
		c.Poll = 5 * time.Second
		c.Logger = nil
	}
}

// inTurns are the parts of the answers to messages, which come newest first.
func inTurns(inputs []string) []string {
	var out []string
	for _, text := range slices.Backward(inputs) {
		for _, part := range parse(text) {
			out = append(out, part.Text)
		}
	}
	return out
}

// L-EV-7: one POST that comes shuffled is answered in the order of the time stamps.
func TestShuffledPost(t *testing.T) {
	onStage(t, func(s *stage) {
		h := s.host()
		first := s.message(ann, "a")
		s.pass(time.Millisecond)
		second := s.message(ann, "b")
		s.accept(h, second, first, second)
		s.saw(ann, "a@0.001", "b@0.001")
		s.heard(ann, "a", "b")
		if !slices.Equal(s.book.fates, []Fate{Kept, Kept, Repeated}) {
			t.Errorf("fates %v", s.book.fates)
		}
	})
}

// Work that cannot be done now is asked for no more often than the poll.
func TestNoSpinning(t *testing.T) {
	onStage(t, func(s *stage) {
		claims := 0
		f := &faulty{Store: s.store, before: func(op string, _ store.Change) error {
			if op == "claim" {
				claims++
			}
			return nil
		}}
		if err := s.store.Pause(s.t.Context(), store.Pause{Page: page}); err != nil {
			t.Fatal(err)
		}
		s.say(s.host(func(c *Config) { c.Store = f }), ann, "a")
		s.pass(time.Minute)
		if most := int(time.Minute/DefaultPoll) + 5; claims > most {
			t.Errorf("%d claims in a minute, want at most %d", claims, most)
		}
	})
}

// The other host's Accept cannot wake this one: it finds the work by its poll.
func TestWorkOfAnotherHostIsFound(t *testing.T) {
	onStage(t, func(s *stage) {
		inbox, err := New(Config{Store: s.store, Bots: s.bot, Clients: func(string) (Client, bool) { return nil, false }})
		if err != nil {
			t.Fatal(err)
		}
		s.host()
		s.pass(time.Millisecond)
		s.accept(&host{Delivery: inbox}, s.message(ann, "a"))
		s.pass(time.Second)
		s.saw(ann, "a@0.5")
	})
}
