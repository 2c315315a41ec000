package app

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/footlight-bots/footlight/host/release"
	"github.com/footlight-bots/footlight/host/store"
)

// press publishes bots into a store, one script each.
type press struct {
	t   *testing.T
	key release.Key
}

// publish puts a version of a bot into a store, and orders it; percent is the share of people that
// get it, 100: all.
func (p press) publish(s store.Store, bot, script string, percent float64) (version string) {
	p.t.Helper()
	ok := func(err error) {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
	}
	dir := fstest.MapFS{"default.topic": {Data: []byte(script)}}
	m, err := release.Pack(bot, dir, time.Now(), "")
	ok(err)
	m.Module, m.Release = strings.Repeat("0", 64), "test"
	bundle, err := release.Encode(m, dir, p.key)
	ok(err)
	ledger, err := release.OpenLedger(s, bot)
	ok(err)
	v, _, err := ledger.Put(p.t.Context(), m, bundle, p.key.Public())
	ok(err)
	_, err = ledger.Give(p.t.Context(), p.key, time.Now(), func(o release.Order) (release.Order, error) {
		if percent < 100 {
			o.Canary, o.Percent = v.ID, percent
		} else {
			o.Stage, o.Canary, o.Percent = v.ID, "", 0
		}
		o.Why = "publish"
		return o, nil
	})
	ok(err)
	return v.ID
}

// TestSeveralPublished: two published bots on one host each follow their own orders. One that rests is loaded for the next
// message with what was ordered last: the same version as before, or another that was ordered meanwhile, with its canary.
func TestSeveralPublished(t *testing.T) {
	s := onStages(t, nil)
	key, err := release.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	p := press{t, key}
	before, _, err := openStore(t.Context(), s.config.Store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p.publish(before, "tea", "+ *\n- Tea.\n", 100)
	p.publish(before, "cafe", "+ *\n- Coffee.\n", 100)
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	s.config.Publishers, s.config.MaxLoaded = string(key.Public()), "1"
	for i, bot := range []string{"tea", "cafe", "tea"} {
		s.config.Bookings[i].Dir, s.config.Bookings[i].Bot = "", bot
	}
	s.open()
	expect := func(when, page, want string) {
		t.Helper()
		if got := s.ask(page, "hello"); got != want {
			t.Errorf("%s: Page %s says %q, want %q", when, page, got, want)
		}
	}
	tea := s.host.plays[0]
	rest := func() {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		for !tea.resting() {
			if ctx.Err() != nil {
				t.Fatal("tea does not rest")
			}
			expect("beside", "1002", "Coffee.")
		}
	}
	expect("at first", "1001", "Tea.")
	expect("at first", "1003", "Tea.")
	rest()
	expect("after a rest", "1001", "Tea.")

	rest()
	p.publish(s.host.store, "tea", "+ *\n- Green tea.\n", 100)
	expect("ordered at rest", "1001", "Green tea.")
	expect("ordered at rest", "1003", "Green tea.")

	rest()
	canary := p.publish(s.host.store, "tea", "+ *\n- White tea.\n", 50)
	among := func(when string, taken bool, want string) {
		t.Helper()
		person := s.meet("1001")
		for release.Takes(canary, 50, "1001", person) != taken {
			person = s.meet("1001")
		}
		if got := s.first("1001", person, "hello"); got != want {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	among("a canary ordered at rest", true, "White tea.")
	rest()
	among("a canary after a rest", true, "White tea.")
	among("beside a canary after a rest", false, "Green tea.")
	if state := tea.follower.State(); state.Canary != canary || state.Order != 3 || state.Fault != "" {
		t.Errorf("tea follows %+v", state)
	}
	if state := s.host.plays[1].follower.State(); state.Order != 1 || state.Fault != "" {
		t.Errorf("cafe follows %+v", state)
	}
}
