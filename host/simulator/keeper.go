package simulator

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/footlight-bots/footlight/host/store"
	"github.com/footlight-bots/footlight/host/store/bolt"
	"github.com/footlight-bots/footlight/host/store/redis"
	"github.com/footlight-bots/footlight/host/store/redis/redistest"
)

func newKeeper(t testing.TB, kind string) (keeper, error) {
	switch kind {
	case "bolt":
		dir, err := os.MkdirTemp(fast(), "simulator")
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		return &boltKeeper{path: filepath.Join(dir, "state.db")}, nil
	case "redis":
		durable := redistest.New(t, redistest.Options{Args: []string{"--appendonly", "yes", "--appendfsync", "no", "--auto-aof-rewrite-percentage", "0"}})
		return &redisKeeper{server: redistest.New(t, redistest.Options{}), durable: durable}, nil
	default:
		return nil, errKind
	}
}

// fast is a folder in memory where there is one: a run waits for the disk at every step.
func fast() string {
	const memory = "/dev/shm"
	if info, err := os.Stat(memory); err == nil && info.IsDir() {
		return memory
	}
	return ""
}

type boltKeeper struct{ path string }

func (k *boltKeeper) open(context.Context, bool) (store.Store, error) {
	return bolt.Open(bolt.Options{Path: k.path})
}

func (k *boltKeeper) clean() error { return os.Remove(k.path) }

// redisKeeper has a Redis that writes nothing, and one that appends to a file for runs in which its power is cut.
type redisKeeper struct {
	server, durable *redistest.Server
	runs            int
}

// restartEvery is after how many runs a Redis starts anew, which empties it; the durable one when its file is longer
// than wipeAbove bytes.
const (
	restartEvery = 200
	wipeAbove    = 4 << 20
)

func (k *redisKeeper) open(ctx context.Context, durable bool) (store.Store, error) {
	k.runs++
	server := k.server
	switch {
	case durable:
		if server = k.durable; server.Written() > wipeAbove {
			server.Wipe()
		}
	case k.runs%restartEvery == 0:
		server.Restart()
	}
	return redis.Open(ctx, redis.Options{URL: server.URL(), Prefix: fmt.Sprintf("run%d", k.runs)})
}

func (*redisKeeper) clean() error { return nil }
