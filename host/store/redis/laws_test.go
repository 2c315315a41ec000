package redis_test

import (
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/alicebob/miniredis/v2"
	goredis "github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/redis"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
	"github.com/footlight-bots/footlight/host/store/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		// The pool of a server that died looks for it once a second, and ends at its next look after Close.
		goleak.IgnoreAnyFunction("github.com/redis/go-redis/v9/internal/pool.(*ConnPool).tryDial"))
}

func open(t testing.TB, o redis.Options) *redis.Store {
	t.Helper()
	s, err := redis.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestLaws runs the laws on everything the store may meet. Each store of the suite has a prefix of its own.
func TestLaws(t *testing.T) {
	for _, c := range []struct {
		name  string
		start func(t *testing.T) string
		pool  bool
		brief bool
	}{
		{"server", func(t *testing.T) string { return redistest.Start(t) }, false, false},
		{"server by pool", func(t *testing.T) string { return redistest.Start(t) }, true, true},
		{"cluster", func(t *testing.T) string { return redistest.NewCluster(t, 3, redistest.Options{}).URL() }, false, true},
		{"miniredis", func(t *testing.T) string { return "redis://" + miniredis.RunT(t).Addr() }, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := c.start(t)
			var opened atomic.Int64
			options := map[store.Store]redis.Options{}
			storetest.Run(t, storetest.Options{
				Brief: c.brief,
				Open: func(t testing.TB) store.Store {
					o := redis.Options{URL: url, Pool: c.pool, Prefix: fmt.Sprintf("t%d", opened.Add(1))}
					s := open(t, o)
					options[s] = o
					return s
				},
				Again: func(t testing.TB, s store.Store) store.Store { return open(t, options[s]) },
				Dump:  func(t testing.TB, s store.Store) []string { return dump(t, url, options[s].Prefix) },
			})
		})
	}
}

// dump returns every key that begins with {prefix: and its value, from all nodes of a cluster.
func dump(t testing.TB, url, prefix string) (all []string) {
	t.Helper()
	o, err := goredis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	client := goredis.NewClient(o)
	defer func() { _ = client.Close() }()
	// Only a cluster knows the command.
	nodes := []*goredis.Client{client}
	if list, err := client.ClusterShards(t.Context()).Result(); err == nil {
		nodes = nil
		for _, shard := range list {
			at := shard.Nodes[0]
			node := goredis.NewClient(&goredis.Options{Addr: net.JoinHostPort(at.IP, strconv.FormatInt(at.Port, 10))})
			defer func() { _ = node.Close() }()
			nodes = append(nodes, node)
		}
	}
	for _, node := range nodes {
		keys, err := node.Keys(t.Context(), "{"+prefix+":*").Result()
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			all = append(all, key+"="+value(t, node, key))
		}
	}
	return all
}

func value(t testing.TB, client *goredis.Client, key string) string {
	t.Helper()
	kind, err := client.Type(t.Context(), key).Result()
	var v any
	switch {
	case err != nil:
	case kind == "hash":
		v, err = client.HGetAll(t.Context(), key).Result()
	case kind == "zset":
		v, err = client.ZRangeWithScores(t.Context(), key, 0, -1).Result()
	default:
		v, err = client.Get(t.Context(), key).Result()
	}
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(v)
}
