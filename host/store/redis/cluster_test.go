package redis_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/redis"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

// crowd is enough people for every node of a cluster to have some.
const crowd = 60

// hear accepts one event of each of the crowd and returns who was not heard.
func hear(ctx context.Context, s *redis.Store, id string) (deaf map[store.Key]bool) {
	deaf = map[store.Key]bool{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range crowd {
		all.Go(func() {
			k := store.Key{Page: "1", Person: fmt.Sprint(i)}
			if _, _, err := s.Accept(ctx, noon, []store.Event{{ID: id, Key: k, At: noon}}, 0, 0); err != nil {
				mu.Lock()
				defer mu.Unlock()
				deaf[k] = true
			}
		})
	}
	all.Wait()
	return deaf
}

// TestANodeAwayConcernsItsPeopleOnly kills one of three nodes: those whose conversations it has are refused, loudly, the
// others go on; when it is back all is as it was.
func TestANodeAwayConcernsItsPeopleOnly(t *testing.T) {
	t.Parallel()
	cluster := redistest.NewCluster(t, 3, redistest.Options{AppendOnly: true, Args: []string{"--cluster-require-full-coverage", "no"}})
	s := open(t, redis.Options{URL: cluster.URL() + "?max_retries=1"})
	if deaf := hear(t.Context(), s, "before"); len(deaf) > 0 {
		t.Fatalf("%d are not heard", len(deaf))
	}
	cluster.Nodes[2].Kill()
	deaf := hear(t.Context(), s, "meanwhile")
	if len(deaf) == 0 || len(deaf) == crowd {
		t.Fatalf("%d of %d are not heard while one node of three is away", len(deaf), crowd)
	}
	claimed, err := s.Claim(t.Context(), noon, time.Minute, 2*crowd)
	if err != nil || len(claimed) != crowd-len(deaf) {
		t.Errorf("claimed %d, %v; want the %d whose node is there", len(claimed), err, crowd-len(deaf))
	}
	for _, c := range claimed {
		if deaf[c.Key] {
			t.Errorf("%v is claimed from a node that is away", c.Key)
		}
	}
	if _, err := s.Claim(t.Context(), noon, time.Minute, crowd); err == nil {
		t.Error("a claim that finds nothing does not say that a node is away")
	}
	at, ok, err := s.Next(t.Context())
	if want := cluster.Nodes[2].Addr(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error of the next work is %v and does not name %s, which is away", err, want)
	}
	if want := noon.Add(time.Minute); !ok || !at.Equal(want) {
		t.Errorf("the next work of those who are there is at %v, %v; want the end of their leases, %v", at, ok, want)
	}
	cluster.Nodes[2].Restart()
	cluster.Await()
	claimed, err = s.Claim(t.Context(), noon, time.Minute, 2*crowd)
	if err != nil || len(claimed) != len(deaf) {
		t.Errorf("claimed %d, %v; want %d whose node is back", len(claimed), err, len(deaf))
	}
	for _, c := range claimed {
		if !deaf[c.Key] || c.Conversation == nil || len(c.Conversation.Events) != 1 || c.Conversation.Events[0].ID != "before" {
			t.Errorf("claimed %+v", c)
		}
	}
}

// TestFurtherNodesAreNamedInTheURL opens a cluster whose first node is away.
func TestFurtherNodesAreNamedInTheURL(t *testing.T) {
	t.Parallel()
	cluster := redistest.NewCluster(t, 3, redistest.Options{AppendOnly: true, Args: []string{"--cluster-require-full-coverage", "no"}})
	// The mark of the format may not lie on the node that is away.
	url, mark := cluster.URL(), "t"
	away := cluster.Nodes[0]
	for n := 0; cluster.Owner(mark+":format") == away; n++ {
		mark = fmt.Sprint("t", n)
	}
	away.Kill()
	if _, err := redis.Open(t.Context(), redis.Options{URL: url + "?max_retries=-1", Prefix: mark}); err == nil {
		t.Error("opened by a node that is away")
	}
	for _, node := range cluster.Nodes[1:] {
		url += map[bool]string{true: "?", false: "&"}[url == cluster.URL()] + "addr=" + node.Addr()
	}
	s := open(t, redis.Options{URL: url, Prefix: mark})
	if deaf := hear(t.Context(), s, "m"); len(deaf) == crowd {
		t.Error("nobody is heard")
	}
}

// lines counts what go-redis would print.
type lines struct{ n atomic.Int64 }

func (l *lines) Printf(context.Context, string, ...any) { l.n.Add(1) }

// TestTheClientPrintsNothing: a server that is away is told of by errors, not by lines on standard error.
func TestTheClientPrintsNothing(t *testing.T) {
	server := redistest.New(t, redistest.Options{})
	var before lines
	goredis.SetLogger(&before)
	s := open(t, redis.Options{URL: server.URL() + "?max_retries=-1&dial_timeout=50ms"})
	server.Kill()
	for range 3 {
		if err := s.Check(t.Context()); err == nil {
			t.Error("a server that is away passes the check")
		}
	}
	if n := before.n.Load(); n != 0 {
		t.Errorf("%d lines are printed", n)
	}
	// Whether there was anything to print at all.
	var after lines
	goredis.SetLogger(&after)
	for range 3 {
		_ = s.Check(t.Context())
	}
	if after.n.Load() == 0 {
		t.Error("go-redis prints nothing while a server is away: there is nothing to turn off")
	}
}

// TestAReplicaThatTakesOver is a run of a server of its own, also to who is connected to it since it was none: it may lack what
// its master acknowledged, so leases that were given before are worth nothing.
func TestAReplicaThatTakesOver(t *testing.T) {
	t.Parallel()
	cluster := redistest.NewCluster(t, 1, redistest.Options{})
	master := cluster.Nodes[0]
	replica := cluster.Replica(master)
	s := open(t, redis.Options{URL: replica.URL() + "?addr=" + replica.Addr()})
	_, claimed, err := s.Accept(t.Context(), noon, []store.Event{{ID: "a", Key: ann, At: noon}}, time.Minute, 1)
	if err != nil || len(claimed) != 1 {
		t.Fatal(claimed, err)
	}
	replica.Succeed(master)
	for {
		err := s.Commit(t.Context(), claimed[0].Lease, store.Change{Session: []byte("s")}, false)
		switch {
		case errors.Is(err, store.ErrFenced):
			return
		case err == nil:
			t.Fatal("a lease that the old master has given is good for the new one")
		case t.Context().Err() != nil:
			t.Fatal(err)
		} // else it is not found yet
	}
}
