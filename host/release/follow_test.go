package release

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/footlight-bots/footlight/host/clock"
	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
)

// stage is a Player that notes what it plays.
type stage struct {
	played  string
	canary  string
	fails   error
	only    string // what fails; empty: everything
	loads   int
	entered []string // in their order
}

// load makes a version ready, or fails.
func (s *stage) load(dir fs.FS) (string, error) {
	s.loads++
	name := s.hello(dir)
	if s.fails != nil && (s.only == "" || s.only == name) {
		return "", s.fails
	}
	s.entered = append(s.entered, name)
	return name, nil
}

func (s *stage) hello(dir fs.FS) string {
	text, _ := fs.ReadFile(dir, "default.topic")
	return strings.TrimSpace(strings.TrimPrefix(string(text), "+ hello\n- "))
}

func (s *stage) Stage(_ context.Context, _ string, dir fs.FS) error {
	name, err := s.load(dir)
	if err == nil {
		s.played = name
	}
	return err
}

func (s *stage) Canary(_ context.Context, _ string, dir fs.FS, percent float64) error {
	name, err := s.load(dir)
	if err == nil {
		s.canary = fmt.Sprintf("%s %g%%", name, percent)
	}
	return err
}

func (s *stage) Dismiss(context.Context) error { s.canary = ""; return nil }

type followed struct {
	*Follower
	stage *stage
	clock *clock.Virtual
}

func follow(t *testing.T, s *bolt.Store, bot string, trusted ...Public) followed {
	t.Helper()
	f := followed{stage: &stage{}, clock: clock.NewVirtual(noon)}
	var err error
	f.Follower, err = NewFollower(FollowerConfig{
		Papers: s, Bot: bot, Publishers: trusted, Player: f.stage, Clock: f.clock, Log: slog.New(slog.DiscardHandler), Host: "a", Release: "v1",
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// look looks once and says what is played, for whom, and what is wrong.
func (f followed) look(t *testing.T) string {
	t.Helper()
	f.clock.Advance(LookEvery)
	f.Look(t.Context())
	return strings.Trim(fmt.Sprintf("%s|%s|%s", f.stage.played, f.stage.canary, f.State().Fault), "|")
}

// startsWithCanary: on a host that starts whom the canary takes hears nothing else before, and if it cannot be
// played there, what is on stage.
func startsWithCanary(t *testing.T) {
	t.Helper()
	l, s := ledger(t)
	k := newKey(t)
	one, two := put(t, l, k, "one"), put(t, l, k, "two")
	play(t, l, k, Order{Stage: one.ID, Canary: two.ID, Percent: 5, Why: Tried})
	f := follow(t, s, "tea", k.Public())
	if got := f.look(t); got != "one|two 5%" || strings.Join(f.stage.entered, " ") != "two one" {
		t.Errorf("a host that starts plays %q, in the order %v", got, f.stage.entered)
	}
	f = follow(t, s, "tea", k.Public())
	f.stage.fails, f.stage.only = errors.New("no memory"), "two"
	if got := f.look(t); got != "one||version "+short(two.ID)+", for 5 % of the people: no memory" {
		t.Errorf("without the canary it plays %q", got)
	}
}

// A host plays what the newest order says, from publication to rollback.
func TestFollow(t *testing.T) {
	l, s := ledger(t)
	k := newKey(t)
	f := follow(t, s, "", k.Public())
	expect := func(want string) {
		t.Helper()
		if got := f.look(t); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	expect("no bot is published in this store yet: footlight publish DIR does it; messages wait")
	one, two := put(t, l, k, "one"), put(t, l, k, "two")
	expect("no version of tea is published yet; messages wait")
	play(t, l, k, Order{Stage: one.ID, Why: Published})
	expect("one")
	play(t, l, k, Order{Stage: one.ID, Canary: two.ID, Percent: 5, Why: Tried})
	expect("one|two 5%")
	play(t, l, k, Order{Stage: one.ID, Canary: two.ID, Percent: 50, Why: Tried})
	expect("one|two 50%")
	play(t, l, k, Order{Stage: two.ID, Why: Promoted})
	expect("two")
	play(t, l, k, Order{Stage: one.ID, Why: RolledBack})
	expect("one")
	loads := f.stage.loads
	for range 10 {
		expect("one")
	}
	if f.stage.loads != loads {
		t.Error("what is played was loaded again")
	}
	if again := follow(t, s, "tea", k.Public()); again.look(t) != "one" {
		t.Error("a host that starts plays something else")
	}
	startsWithCanary(t)
	reports, err := l.Reports(t.Context())
	if err != nil || len(reports) != 1 || reports[0].Order != 5 || reports[0].Stage != one.ID || reports[0].Release != "v1" || !reports[0].Fresh(f.clock.Now()) {
		t.Errorf("reports %+v, %v", reports, err)
	}
	before := reports[0].At
	f.clock.Advance(ReportEvery)
	expect("one")
	if reports, _ = l.Reports(t.Context()); !reports[0].At.After(before) {
		t.Error("a host in peace does not report")
	}
	if reports[0].Fresh(reports[0].At.Add(Stale)) {
		t.Error("a silent host counts as there")
	}
}

// What cannot be played leaves what is on stage there, is reported, and is tried again.
func TestFollowFault(t *testing.T) {
	l, s := ledger(t)
	k := newKey(t)
	f := follow(t, s, "tea", k.Public())
	one, two := put(t, l, k, "one"), put(t, l, k, "two")
	play(t, l, k, Order{Stage: one.ID, Why: Published})
	f.look(t)
	f.stage.fails = errors.New("it does not build here")
	play(t, l, k, Order{Stage: two.ID, Why: Published})
	want := "one||version " + two.Short() + ": it does not build here"
	for range 3 {
		if got := f.look(t); got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	}
	if f.stage.loads != 2 {
		t.Errorf("it was tried %d times within a moment", f.stage.loads-1)
	}
	reports, err := l.Reports(t.Context())
	if err != nil || reports[0].Fault == "" || reports[0].Stage != one.ID || reports[0].Order != 2 {
		t.Errorf("%+v, %v", reports, err)
	}
	// Who takes the order back has the player told, which may tell of what it could not play.
	play(t, l, k, Order{Stage: one.ID, Why: RolledBack})
	f.stage.only, f.stage.entered = "two", nil
	for range 2 {
		if got := f.look(t); got != "one" || strings.Join(f.stage.entered, " ") != "one" {
			t.Errorf("%q after the order was taken back, entered: %v", got, f.stage.entered)
		}
	}
	play(t, l, k, Order{Stage: two.ID, Why: Published})
	if got := f.look(t); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	f.stage.fails = nil
	f.clock.Advance(RetryEvery)
	if got := f.look(t); got != "two" {
		t.Errorf("%q after the cure", got)
	}
	if reports, _ = l.Reports(t.Context()); reports[0].Fault != "" {
		t.Errorf("the fault is still reported: %+v", reports)
	}
}

// Nobody but the publishers gives orders, and no order is given twice.
func TestFollowForged(t *testing.T) {
	l, s := ledger(t)
	k, stranger := newKey(t), newKey(t)
	one, two := put(t, l, k, "one"), put(t, l, k, "two")
	f := follow(t, s, "tea", k.Public())
	play(t, l, k, Order{Stage: one.ID, Why: Published})
	old, err := s.Paper(t.Context(), l.paper("orders"))
	if err != nil {
		t.Fatal(err)
	}
	play(t, l, k, Order{Stage: two.ID, Why: Published})
	f.look(t)
	play(t, l, stranger, Order{Stage: one.ID, Why: Published})
	if got := f.look(t); !strings.HasPrefix(got, "two||") || !strings.Contains(got, "none of the publishers") {
		t.Errorf("a stranger's order: %q", got)
	}
	told, err := s.Paper(t.Context(), l.paper(hostsPaper))
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		f.look(t)
	}
	if again, _ := s.Paper(t.Context(), told.Name); again.Revision != told.Revision {
		t.Errorf("a fault that stands was reported %d times more", again.Revision-told.Revision)
	}
	now, _ := s.Paper(t.Context(), l.paper("orders"))
	now.Body = old.Body
	if _, done, err := s.SetPaper(t.Context(), now); err != nil || !done {
		t.Fatal(err)
	}
	if got := f.look(t); !strings.HasPrefix(got, "two||order 1 is older than order 2") {
		t.Errorf("an old order: %q", got)
	}
	// An order for one bot is none for another.
	sealed, err := k.order(Order{Bot: "coffee", Number: 9, Stage: one.ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sealed.verify("tea", Publishers{k.Public()}); err == nil || !strings.Contains(err.Error(), "is for the bot coffee") {
		t.Errorf("an order for another bot: %v", err)
	}
}

// TestFollowLost: a store that has lost the newest order and was given another in its place is followed, though
// the list of orders has the revision that it had.
func TestFollowLost(t *testing.T) {
	l, s := ledger(t)
	k := newKey(t)
	f := follow(t, s, "tea", k.Public())
	one, two := put(t, l, k, "one"), put(t, l, k, "two")
	p := &forgetful{Papers: s}
	f.ledger.papers = p
	play(t, l, k, Order{Stage: one.ID, Why: Published})
	p.keep(t, l.paper("orders"))
	play(t, l, k, Order{Stage: two.ID, Why: Published})
	if got := f.look(t); got != "two" {
		t.Fatal(got)
	}
	p.lost = true
	if got := f.look(t); !strings.HasPrefix(got, "two") || !strings.Contains(got, "order 1 is older than order 2") {
		t.Errorf("an order is lost: %q", got)
	}
	// The order that is given in its place has its number, and the list its revision.
	p.lost = false
	p.replace(t, k, Order{Bot: "tea", Number: 2, Stage: one.ID, Why: RolledBack, At: noon})
	if got := f.look(t); got != "one" {
		t.Errorf("another order in its place: %q", got)
	}
}

// forgetful is papers of which one can be lost, and replaced by another of the same revision.
type forgetful struct {
	Papers
	kept, other store.Paper
	lost        bool
}

func (f *forgetful) keep(t *testing.T, name string) {
	t.Helper()
	var err error
	if f.kept, err = f.Papers.Paper(t.Context(), name); err != nil {
		t.Fatal(err)
	}
}

// replace puts an order in the place of the newest.
func (f *forgetful) replace(t *testing.T, k Key, o Order) {
	t.Helper()
	now, err := f.Papers.Paper(t.Context(), f.kept.Name)
	if err != nil {
		t.Fatal(err)
	}
	var list []sealedOrder
	if err := json.Unmarshal(now.Body, &list); err != nil {
		t.Fatal(err)
	}
	if list[len(list)-1], err = k.order(o); err != nil {
		t.Fatal(err)
	}
	f.other = now
	if f.other.Body, err = json.Marshal(list); err != nil {
		t.Fatal(err)
	}
}

func (f *forgetful) Paper(ctx context.Context, name string) (store.Paper, error) {
	switch {
	case name == f.kept.Name && f.lost:
		return f.kept, nil
	case name == f.other.Name && name != "":
		return f.other, nil
	}
	return f.Papers.Paper(ctx, name)
}

// Run looks by the clock and ends with its context.
func TestRun(t *testing.T) {
	l, s := ledger(t)
	k := newKey(t)
	f := follow(t, s, "", k.Public())
	v := put(t, l, k, "one")
	play(t, l, k, Order{Stage: v.ID, Why: Published})
	other, err := OpenLedger(s, "coffee")
	if err != nil {
		t.Fatal(err)
	}
	m, data := pack(t, folder("x"), k)
	m.Bot = "coffee"
	if _, _, err := other.Put(t.Context(), m, data, k.Public()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	for f.State().Fault == "" {
		f.clock.Advance(time.Second)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if fault := f.State().Fault; !strings.Contains(fault, "several bots are published") {
		t.Errorf("%q", fault)
	}
}
