package redis_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/redis"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

var (
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ann  = store.Key{Page: "1", Person: "2"}
)

// heldUp is the longest that a server with appendfsync everysec keeps writes to itself, while a slow sync goes on.
const heldUp = 2 * time.Second

// TestKill kills the server while somebody talks, starts it again on the same data, and looks, through the
// same store, what of all it acknowledged is there: with appendfsync always everything, with everysec all but the last
// moments, if the disk was slow. Whatever is there is whole: a message and its answer, or neither.
func TestKill(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		lose time.Duration // how old may be what is lost
	}{
		{"always", []string{"--appendfsync", "always"}, 0},
		{"every second", []string{"--appendfsync", "everysec"}, heldUp + time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := redistest.New(t, redistest.Options{Args: append(c.args, "--appendonly", "yes")})
			s := open(t, redis.Options{URL: server.URL() + "?max_retries=-1"})
			acks, killed := talkUntilKilled(t, s, server, 150)
			server.Restart()
			for _, lost := range missing(t, s, acks) {
				if age := killed.Sub(lost.at); c.lose == 0 || age > c.lose {
					t.Errorf("%s, acknowledged %s before the crash, is lost", lost.id, age)
				}
			}
			// The scripts are gone from the server's memory; that must not matter, alone or in a pipeline.
			if err := say(t.Context(), s, "again"); err != nil {
				t.Error(err)
			}
			if err := s.Pause(t.Context(), store.Pause{Page: ann.Page}); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestPowerCut cuts the append-only file off at many places, as a power cut does with appendfsync everysec. What is lost is
// the last that came, and what is there is whole.
func TestPowerCut(t *testing.T) {
	server := redistest.New(t, redistest.Options{Args: []string{"--appendonly", "yes", "--appendfsync", "everysec"}})
	s := open(t, redis.Options{URL: server.URL() + "?max_retries=-1"})
	acks, _ := talkUntilKilled(t, s, server, 150)
	for range 8 {
		server.Kill()
		if !server.Cut(1 + rand.Int64N(1500)) {
			break
		}
		server.Restart()
		missing(t, s, acks)
	}
	if len(missing(t, s, acks)) == 0 {
		t.Error("nothing is lost: the file was not cut")
	}
}

// TestHostsOutliveAPowerCut: a host that goes on after the store has lost what it told the host cannot write, for what it
// would write rests on what is gone; and no fence is given twice. Whoever connects first to the new run tells it, and
// a host that joins a run that goes on takes nothing from anybody.
func TestHostsOutliveAPowerCut(t *testing.T) {
	server := redistest.New(t, redistest.Options{Args: []string{"--appendonly", "yes", "--appendfsync", "no"}})
	s := open(t, redis.Options{URL: server.URL()})
	ctx := t.Context()
	accept := func(id string) {
		t.Helper()
		if _, _, err := s.Accept(ctx, noon, []store.Event{{ID: id, Key: ann, At: noon}}, 0, 0); err != nil {
			t.Fatal(err)
		}
	}
	claim := func(now time.Time) store.Lease {
		t.Helper()
		claimed, err := s.Claim(ctx, now, time.Minute, 1)
		if err != nil || len(claimed) != 1 {
			t.Fatal(claimed, err)
		}
		return claimed[0].Lease
	}
	accept("a")
	before := server.Written()
	first := claim(noon)
	leased := server.Written()
	open(t, redis.Options{URL: server.URL()})
	if err := s.Commit(ctx, first, store.Change{Session: []byte("a "), Consumed: []string{"a"}}, false); err != nil {
		t.Fatal(err)
	}
	again := func(mark int64) {
		t.Helper()
		server.Kill()
		if !server.Cut(server.Written() - mark) {
			t.Fatal("nothing to cut")
		}
		server.Restart()
	}
	again(leased) // the turn is lost, the lease is there
	if c := read(t, s); len(c.Events) != 1 || c.Session != nil {
		t.Fatalf("the cut has left %+v", c)
	}
	if err := s.Commit(ctx, first, store.Change{Session: []byte("a b ")}, false); !errors.Is(err, store.ErrFenced) {
		t.Errorf("a commit that rests on what is lost: %v", err)
	}
	if _, err := s.Extend(ctx, first, noon.Add(time.Hour), store.Counted); !errors.Is(err, store.ErrFenced) {
		t.Errorf("extend: %v", err)
	}
	again(before) // the lease is lost, too
	if second := claim(noon); second.Fence <= first.Fence {
		t.Errorf("fence %d was given after %d", second.Fence, first.Fence)
	}
}

// ack is a message that was acknowledged.
type ack struct {
	id string
	at time.Time
}

// talkUntilKilled lets somebody talk and kills the server after so many acknowledgements. It returns all there were.
func talkUntilKilled(t *testing.T, s *redis.Store, server *redistest.Server, after int) (acks []ack, killed time.Time) {
	accepted := make(chan ack)
	go func() {
		defer close(accepted)
		for n := 0; ; n++ {
			id := fmt.Sprintf("m%d", n)
			if say(t.Context(), s, id) != nil {
				return
			}
			accepted <- ack{id, time.Now()}
		}
	}()
	for a := range accepted {
		if acks = append(acks, a); len(acks) == after {
			killed = time.Now()
			server.Kill()
		}
	}
	return acks, killed
}

// missing lists what was acknowledged and is not there. It checks that it is the last that came, that nothing is there
// twice, and that session and sends agree.
func missing(t *testing.T, s *redis.Store, acks []ack) (lost []ack) {
	t.Helper()
	c := read(t, s)
	heard := strings.Fields(string(c.Session))
	sent := make([]string, len(c.Sends))
	for i, send := range c.Sends {
		sent[i] = send.ID
	}
	slices.Sort(sent)
	if want := slices.Sorted(slices.Values(heard)); !slices.Equal(sent, want) {
		t.Errorf("session has %q, sends are %q", want, sent)
	}
	for _, a := range acks {
		waits := slices.ContainsFunc(c.Events, func(e store.Event) bool { return e.ID == a.id })
		times := strings.Count(" "+string(c.Session), " "+a.id+" ")
		switch {
		case times > 1 || times == 1 && waits:
			t.Errorf("%s was heard %d times, waits: %v", a.id, times, waits)
		case times == 0 && !waits:
			lost = append(lost, a)
		case len(lost) > 0:
			t.Errorf("%s is there, but %s, which came before it, is lost", a.id, lost[0].id)
		}
	}
	return lost
}

// TestAServerThatStandsStill: operations that time out meanwhile are carried out late, or not; to repeat them does no harm.
func TestAServerThatStandsStill(t *testing.T) {
	server := redistest.New(t, redistest.Options{})
	s := open(t, redis.Options{URL: server.URL()})
	other := open(t, redis.Options{URL: server.URL()})
	if _, _, err := s.Accept(t.Context(), noon, []store.Event{{ID: "a", Key: ann, At: noon}}, 0, 0); err != nil {
		t.Fatal(err)
	}
	claimed, err := s.Claim(t.Context(), noon, time.Minute, 1)
	if err != nil || len(claimed) != 1 {
		t.Fatal(claimed, err)
	}
	b := []store.Event{{ID: "b", Key: ann, At: noon}}
	heard := store.Change{Session: []byte("a "), Consumed: []string{"a"}}

	server.Stop()
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, _, err = s.Accept(short, noon, b, 0, 0)
	for name, err := range map[string]error{"accept": err, "commit": s.Commit(short, claimed[0].Lease, heard, true), "check": s.Check(short)} {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: error is %v, want %v", name, err, context.DeadlineExceeded)
		}
	}
	server.Continue()

	if _, _, err := other.Accept(t.Context(), noon, b, 0, 0); err != nil {
		t.Error(err)
	}
	// The lease has run out by now: another host takes over, or finds the first one's change.
	again, err := other.Claim(t.Context(), noon.Add(time.Minute), time.Minute, 1)
	if err != nil || len(again) != 1 {
		t.Fatal(again, err)
	}
	if err := s.Commit(t.Context(), claimed[0].Lease, heard, true); !errors.Is(err, store.ErrFenced) {
		t.Errorf("the first host commits after the other has taken over: %v", err)
	}
	change := store.Change{Session: again[0].Conversation.Session}
	for _, e := range again[0].Conversation.Events {
		change.Session = append(change.Session, e.ID+" "...)
		change.Consumed = append(change.Consumed, e.ID)
	}
	if err := other.Commit(t.Context(), again[0].Lease, change, true); err != nil {
		t.Error(err)
	}
	if c := read(t, s); string(c.Session) != "a b " || len(c.Events) != 0 {
		t.Errorf("session is %q, %d events are left", c.Session, len(c.Events))
	}
}

// say accepts an event and commits every other one.
func say(ctx context.Context, s *redis.Store, id string) error {
	if _, _, err := s.Accept(ctx, noon, []store.Event{{ID: id, Key: ann, At: noon}}, 0, 0); err != nil {
		return err
	}
	if len(id)%2 == 0 {
		return nil
	}
	leases, err := s.Claim(ctx, noon, time.Millisecond, 1)
	if err != nil || len(leases) == 0 {
		return err
	}
	c, err := s.Load(ctx, leases[0].Lease)
	if err != nil {
		return err
	}
	change := store.Change{Session: c.Session}
	for _, e := range c.Events {
		change.Session = append(change.Session, e.ID+" "...)
		change.Consumed = append(change.Consumed, e.ID)
		change.Sends = append(change.Sends, store.Send{ID: e.ID, Due: noon.Add(time.Hour)})
	}
	return s.Commit(ctx, leases[0].Lease, change, true)
}

func read(t *testing.T, s *redis.Store) store.Conversation {
	t.Helper()
	c, err := s.Read(t.Context(), ann)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAFullServerRefusesLoudly(t *testing.T) {
	url := redistest.Start(t)
	s := open(t, redis.Options{URL: url})
	o, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	admin := goredis.NewClient(o)
	defer func() { _ = admin.Close() }()
	if err := admin.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	_, _, err = s.Accept(t.Context(), noon, []store.Event{{ID: "a", Key: ann}}, 0, 0)
	for name, err := range map[string]error{"accept": err, "check": s.Check(t.Context())} {
		if err == nil || !strings.Contains(err.Error(), "maxmemory") {
			t.Errorf("%s: error is %v, want one about maxmemory", name, err)
		}
	}
}

// TestAClockThatWasSetBack: leases are good although the server's clock stands before the time at which its run was noted, and
// none has the fence of another.
func TestAClockThatWasSetBack(t *testing.T) {
	s, admin := withAdmin(t)
	if err := s.Check(t.Context()); err != nil { // and greet the server
		t.Fatal(err)
	}
	ahead := time.Now().Add(time.Hour).UnixMicro()
	if err := admin.HSet(t.Context(), "{fl:0}boot", "since", ahead).Err(); err != nil {
		t.Fatal(err)
	}
	last := uint64(0)
	for i, lease := range []func() (store.Lease, error){
		func() (store.Lease, error) {
			_, claimed, err := s.Accept(t.Context(), noon, []store.Event{{ID: "a", Key: ann, At: noon}}, time.Minute, 1)
			return claimed[0].Lease, err
		},
		func() (store.Lease, error) {
			claimed, err := s.Claim(t.Context(), noon.Add(time.Hour), time.Minute, 1)
			return claimed[0].Lease, err
		},
		func() (store.Lease, error) {
			l, _, err := s.Lease(t.Context(), noon.Add(2*time.Hour), ann, time.Minute)
			return l, err
		},
	} {
		l, err := lease()
		if err != nil || l.Fence <= last {
			t.Fatalf("lease %d is %+v after fence %d: %v", i, l, last, err)
		}
		last = l.Fence
		if err := s.Commit(t.Context(), l, store.Change{Session: []byte("s")}, false); err != nil {
			t.Errorf("lease %d: %v", i, err)
		}
	}
	if _, err := s.Extend(t.Context(), store.Lease{Key: ann, Fence: last}, noon.Add(3*time.Hour), store.Counted); err != nil {
		t.Error(err)
	}
}

// withAdmin opens a store on a server of its own, with a client that looks and changes beside it.
func withAdmin(t *testing.T) (*redis.Store, *goredis.Client) {
	t.Helper()
	url := redistest.Start(t)
	o, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	admin := goredis.NewClient(o)
	t.Cleanup(func() { _ = admin.Close() })
	return open(t, redis.Options{URL: url}), admin
}
