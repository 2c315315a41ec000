package redis_test

import (
	"context"
	"fmt"
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

// TestKillLosesNothingAcknowledged kills the server while somebody talks, starts it again on the same data, and
// looks, through the same store, whether all it acknowledged is there, once.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	server := redistest.New(t, redistest.Options{AppendOnly: true})
	s := open(t, redis.Options{URL: server.URL() + "?max_retries=-1"})
	accepted := make(chan string)
	go func() {
		defer close(accepted)
		for n := 0; ; n++ {
			id := fmt.Sprintf("m%d", n)
			if say(t.Context(), s, id) != nil {
				return
			}
			accepted <- id
		}
	}()
	var acknowledged []string
	for id := range accepted {
		if acknowledged = append(acknowledged, id); len(acknowledged) == 150 {
			server.Kill()
		}
	}
	server.Restart()
	c := read(t, s)
	if heard := strings.Fields(string(c.Session)); len(heard) != len(c.Sends) {
		t.Errorf("session has %d messages, %d are sent", len(heard), len(c.Sends))
	}
	for _, id := range acknowledged {
		waits := slices.ContainsFunc(c.Events, func(e store.Event) bool { return e.ID == id })
		if heard := strings.Count(string(c.Session), id+" "); heard > 1 || (heard == 1) == waits {
			t.Errorf("%s was heard %d times, waits: %v", id, heard, waits)
		}
	}
	// The scripts are gone from the server's memory; that must not matter, alone or in a pipeline.
	if err := say(t.Context(), s, "again"); err != nil {
		t.Error(err)
	}
	if err := s.Pause(t.Context(), store.Pause{Page: ann.Page}); err != nil {
		t.Error(err)
	}
}

// say accepts an event and commits every other one.
func say(ctx context.Context, s *redis.Store, id string) error {
	if _, err := s.Accept(ctx, noon, []store.Event{{ID: id, Key: ann, At: noon}}); err != nil {
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
	_, err = s.Accept(t.Context(), noon, []store.Event{{ID: "a", Key: ann}})
	for name, err := range map[string]error{"accept": err, "check": s.Check(t.Context())} {
		if err == nil || !strings.Contains(err.Error(), "maxmemory") {
			t.Errorf("%s: error is %v, want one about maxmemory", name, err)
		}
	}
}
