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
		return &redisKeeper{server: redistest.New(t, redistest.Options{})}, nil
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

func (k *boltKeeper) open(context.Context) (store.Store, error) {
	return bolt.Open(bolt.Options{Path: k.path})
}

func (k *boltKeeper) clean() error { return os.Remove(k.path) }

// restartEvery is after how many runs a Redis starts anew, which empties it.
const restartEvery = 200

type redisKeeper struct {
	server *redistest.Server
	runs   int
}

func (k *redisKeeper) open(ctx context.Context) (store.Store, error) {
	k.runs++
	if k.runs%restartEvery == 0 {
		k.server.Restart()
	}
	return redis.Open(ctx, redis.Options{URL: k.server.URL(), Prefix: fmt.Sprintf("run%d", k.runs)})
}

func (*redisKeeper) clean() error { return nil }
